"""Small ledgers for tests of the simulated exchange."""

from market.simulator.ledger import Ledger, Row, Rows, rows_of
from market.simulator.symbols import Contract

HOUR_MS = 3_600_000
#: 2026-01-01 00:00:00 UTC
NEW_YEAR_MS = 1_767_225_600_000
CONTRACTS = (Contract("AAAUSDT", 1.0, "0.01", "0.001"), Contract("龙虾USDT", 1.0, "0.1", "1"))


def row(a: int, traded_ms: int, *, price: int = 10_000, size: int = 1_500, is_buyer_maker: bool = False) -> Row:
    """A trade at price / 100 and size / 1000, with two raw fills of its own."""
    return (a, traded_ms, traded_ms + 150, 3 * a, 3 * a + 1, price, size, size, 2, 3, 3, is_buyer_maker)


def minutely(count: int, *, first_id: int = 1_000, start_ms: int = NEW_YEAR_MS) -> Rows:
    """One trade a minute."""
    return rows_of([row(first_id + place, start_ms + 60_000 * place) for place in range(count)])


def ledger_of(rows: Rows, symbol: str = "AAAUSDT") -> Ledger:
    ledger = Ledger()
    ledger.append(symbol, rows)
    return ledger
