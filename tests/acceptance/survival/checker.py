"""The truth of the exchange against what an installation holds: Jepsen's set checker, in small.

Each `*_faults` returns what is wrong as a list of sentences; empty is the only pass. They look at what was traded up to
a `Horizon`, the newest trades at the moment a fault cleared, so that a running market does not disturb them.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

from analytics.core.align import align
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.track import score
from analytics.core.windows import Windows
from analytics.points import points_of
from market.core.bars import resample
from market.core.types import BAR_DTYPE, TICK_DTYPE, BarFlag, Timeframe
from tests.stack import Exchange, Stack

Records = npt.NDArray[np.void]
SHOWN = 8
_FACTS = [name for name in BAR_DTYPE.names or () if name not in ("revision", "flags")]


@dataclass(frozen=True)
class Horizon:
    """The newest trade of each symbol at one moment: its id and, over all symbols, the least event time."""

    ids: dict[str, int]
    ms: int


class Checker:
    """Compares the symbols it was given from their first stored tick on."""

    def __init__(self, stack: Stack, exchange: Exchange, symbols: tuple[str, ...]) -> None:
        self.stack, self.exchange, self.symbols = stack, exchange, symbols
        self._first_ids: dict[str, int] = {}
        self._truth: dict[str, list[dict[str, Any]]] = {symbol: [] for symbol in symbols}

    def begin(self) -> bool:
        """Fix the first id of each symbol; False while one has no tick yet."""
        found = dict(
            self.stack.rows(
                "SELECT symbol, min(trade_id) FROM market_tick JOIN market_instrument i ON i.id = instrument_id"
                " GROUP BY symbol"
            )
        )
        self._first_ids = {symbol: found[symbol] for symbol in self.symbols if symbol in found}
        return len(self._first_ids) == len(self.symbols)

    def horizon(self) -> Horizon:
        """Now, as the exchange's ledger has it."""
        newest = {}
        for symbol in self.symbols:
            self._learn(symbol)
            newest[symbol] = self._truth[symbol][-1]
        return Horizon({symbol: row["a"] for symbol, row in newest.items()}, min(row["T"] for row in newest.values()))

    def _learn(self, symbol: str) -> None:
        known = self._truth[symbol]
        start = known[-1]["a"] + 1 if known else self._first_ids[symbol]
        known += self.exchange.control("ledger", symbol=symbol, fromId=start, limit=10_000_000)

    def behind(self, horizon: Horizon) -> list[str]:
        """Symbols of which no tick as new as the horizon is stored."""
        newest = dict(
            self.stack.rows(
                "SELECT symbol, max(trade_id) FROM market_tick JOIN market_instrument i ON i.id = instrument_id"
                " GROUP BY symbol"
            )
        )
        return [
            f"{symbol}: {newest[symbol]} of {last}" for symbol, last in horizon.ids.items() if newest[symbol] < last
        ]

    def tick_faults(self, horizon: Horizon) -> list[str]:
        """Lost, doubled, altered and unexpected ticks; prints without a price must not be there."""
        found = []
        for symbol in self.symbols:
            last = horizon.ids[symbol]
            truth = {row["a"]: _tick(row) for row in self._truth[symbol] if row["a"] <= last and float(row["p"]) > 0}
            rows = self.stack.rows(
                "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, is_buyer_maker"
                " FROM market_tick JOIN market_instrument i ON i.id = instrument_id"
                " WHERE symbol = %s AND trade_id <= %s",
                symbol,
                last,
            )
            stored = {row[0]: row for row in rows}
            kinds = {
                "lost": sorted(truth.keys() - stored.keys()),
                "unexpected": sorted(stored.keys() - truth.keys()),
                "doubled": sorted(i for i, n in Counter(row[0] for row in rows).items() if n > 1),
                "altered": sorted(i for i in truth.keys() & stored.keys() if truth[i] != stored[i]),
            }
            found += [f"{symbol}: {len(i)} {kind}, {i[:SHOWN]}" for kind, i in kinds.items() if i]
        return found

    def gap_faults(self) -> list[str]:
        """Gaps that are not filled. With every trade reachable by REST none may remain."""
        rows = self.stack.rows(
            "SELECT symbol, first_id, last_id, state, last_error FROM market_gap g"
            " JOIN market_instrument i ON i.id = g.instrument_id WHERE g.state <> 'filled' AND symbol = ANY(%s)",
            list(self.symbols),
        )
        return [f"gap {row}" for row in rows]

    def bar_faults(self, horizon: Horizon) -> list[str]:
        """Bars of all timeframes that ended before the horizon: final, and bit for bit those of the stored ticks."""
        with psycopg.connect(self.stack.database_url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            found = []
            for symbol in self.symbols:
                ticks = _ticks(connection, symbol)
                for timeframe in Timeframe:
                    expected = resample(ticks, timeframe)
                    expected = expected[expected["opened_ms"] + timeframe.ms <= horizon.ms]
                    stored = _bars(connection, symbol, timeframe)
                    stored = stored[stored["opened_ms"] + timeframe.ms <= horizon.ms]
                    found += [f"{symbol} {timeframe.label}: {text}" for text in _compare(expected, stored)]
            return found

    def spec_faults(self, spec: int, horizon: Horizon) -> list[str]:
        """Stored statistics of a spec that differ from one whole computation over the stored bars."""
        with psycopg.connect(self.stack.database_url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            expected = _whole(connection, spec, horizon)
            rows = connection.execute(
                "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, price_y, price_x, hedge_ratio, intercept,"
                " spread, zscore, correlation, unknown FROM analytics_snapshot WHERE spec_id = %s",
                [spec],
            ).fetchall()
        stored = {row[0]: row for row in rows if row[0] in expected or row[0] + 1000 <= horizon.ms}
        wrong = sorted(t for t in expected.keys() | stored.keys() if expected.get(t) != stored.get(t))
        shown = [(expected.get(t), stored.get(t)) for t in wrong[:2]]
        return [f"spec {spec}: {len(wrong)} of {len(expected)} slots differ, {wrong[:SHOWN]} {shown}"] if wrong else []


def _tick(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["a"], row["T"], float(row["p"]), float(row["q"]), row["m"]


def _ticks(connection: psycopg.Connection[Any], symbol: str) -> Records:
    rows = connection.execute(
        "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, instrument_id, is_buyer_maker"
        " FROM market_tick JOIN market_instrument i ON i.id = instrument_id WHERE symbol = %s ORDER BY trade_id",
        [symbol],
    )
    return np.array(rows.fetchall(), TICK_DTYPE)


def _bars(connection: psycopg.Connection[Any], symbol: str, timeframe: Timeframe) -> Records:
    columns = ", ".join(name for name in BAR_DTYPE.names or () if name != "opened_ms")
    rows = connection.execute(
        f"SELECT (extract(epoch FROM opened_at) * 1000)::bigint, {columns}"
        " FROM market_bar b JOIN market_instrument i ON i.id = b.instrument_id"
        " WHERE symbol = %s AND timeframe = %s ORDER BY opened_at".encode(),
        [symbol, int(timeframe)],
    )
    return np.array(rows.fetchall(), BAR_DTYPE)


def _compare(expected: Records, stored: Records) -> list[str]:
    if expected["opened_ms"].tolist() != stored["opened_ms"].tolist():
        differing = np.setxor1d(expected["opened_ms"], stored["opened_ms"])
        return [f"{len(stored)} bars instead of {len(expected)}, differing opens {differing[:SHOWN].tolist()}"]
    wrong = np.flatnonzero(expected[_FACTS] != stored[_FACTS])
    found = [f"bar {stored[i]} instead of {expected[i]}" for i in wrong[:SHOWN]]
    open_ones = stored["opened_ms"][stored["flags"] != int(BarFlag.FINAL)]
    return [*found, f"not final or with a gap: {open_ones[:SHOWN].tolist()}"] if len(open_ones) else found


def _whole(connection: psycopg.Connection[Any], spec: int, horizon: Horizon) -> dict[int, tuple[Any, ...]]:
    found = connection.execute(
        "SELECT y.symbol, x.symbol, timeframe, hedge_window, z_window, correlation_window"
        " FROM analytics_pairspec s JOIN market_instrument y ON y.id = y_id JOIN market_instrument x ON x.id = x_id"
        " WHERE s.id = %s",
        [spec],
    ).fetchone()
    assert found is not None
    timeframe = Timeframe(found[2])
    y, x = (_bars(connection, symbol, timeframe) for symbol in found[:2])
    watermark = horizon.ms // timeframe.ms * timeframe.ms + 2_000
    grid = align(
        y,
        x,
        timeframe=timeframe,
        start_ms=max(int(y["opened_ms"][0]), int(x["opened_ms"][0])),
        stop_ms=watermark,
        watermark_ms=watermark,
        symbols=(found[0], found[1]),
    )
    points = points_of(score(grid, ScoreParams(Windows(*found[3:]))))
    return {
        p.opened_ms: (
            *(p.opened_ms, p.price_y, p.price_x, p.hedge_ratio, p.intercept),
            *(p.spread, p.zscore, p.correlation, dict(p.unknown)),
        )
        for p in points
    }
