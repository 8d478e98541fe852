"""The ledger of the simulated exchange."""

from market.simulator.ledger import Ledger, SymbolLedger, rows_of
from tests.core.simulator_rows import NEW_YEAR_MS, minutely, row


def test_rows_of_many_appends_stand_in_order() -> None:
    ledger = SymbolLedger(max_rows=10_000)
    rows = minutely(2_000)
    for start in range(0, 2_000, 7):
        ledger.append(rows[start : start + 7])
    assert (ledger.rows == rows).all()


def test_a_repeat_is_not_kept_twice() -> None:
    ledger = SymbolLedger(max_rows=100)
    ledger.append(minutely(5))
    ledger.append(minutely(7))
    assert ledger.rows["a"].tolist() == list(range(1_000, 1_007))


def test_old_rows_go_by_age_and_by_number() -> None:
    ledger = Ledger(max_rows=50)
    ledger.append("AAAUSDT", minutely(80))
    assert ledger["AAAUSDT"].rows["a"].tolist() == list(range(1_030, 1_080))
    ledger.drop_before(NEW_YEAR_MS + 60 * 60_000)
    assert ledger["AAAUSDT"].rows["a"].tolist() == list(range(1_060, 1_080))
    ledger.append("AAAUSDT", rows_of([row(1_080, NEW_YEAR_MS + 80 * 60_000)]))
    assert len(ledger["AAAUSDT"].rows) == 21


def test_both_ends_of_a_window_belong_to_it() -> None:
    ledger = SymbolLedger(max_rows=100)
    ledger.append(minutely(10))
    found = ledger.between(NEW_YEAR_MS + 60_000, NEW_YEAR_MS + 180_000)
    assert found["a"].tolist() == [1_001, 1_002, 1_003]
    assert ledger.from_id(1_008)["a"].tolist() == [1_008, 1_009]
