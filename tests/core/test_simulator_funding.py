"""Funding of the simulated exchange: told before, paid as told, each contract at its own hours."""

from dataclasses import replace

import pytest

from market.simulator.funding import HOUR_MS, interval_rows, next_funding_ms, premium_row, settled_rows
from market.simulator.symbols import CONTRACTS
from tests.core.simulator_rows import NEW_YEAR_MS

EIGHT = replace(CONTRACTS[0], symbol="AAAUSDT")
HOURLY = replace(EIGHT, symbol="BBBUSDT", funding_hours=1)
QUARTER = replace(EIGHT, symbol="AAAUSDT_261225", contract_type="CURRENT_QUARTER")


def mark(_: object) -> str:
    return "1.00000000"


def rate(contract: object, now_ms: int) -> str:
    return str(premium_row(contract, now_ms, "1")["lastFundingRate"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("contract", "hours"), [(EIGHT, 8), (HOURLY, 1)])
def test_the_next_funding_is_at_a_multiple_of_the_hours(contract: object, hours: int) -> None:
    assert next_funding_ms(contract, NEW_YEAR_MS) == NEW_YEAR_MS + hours * HOUR_MS  # type: ignore[arg-type]
    assert next_funding_ms(contract, NEW_YEAR_MS + hours * HOUR_MS - 1) == NEW_YEAR_MS + hours * HOUR_MS  # type: ignore[arg-type]


def test_the_rate_moves_from_minute_to_minute_and_ends_near_what_is_paid() -> None:
    minutes = [float(rate(EIGHT, NEW_YEAR_MS + minute * 60_000)) for minute in range(480)]
    assert len(set(minutes)) > 400
    paid = float(settled_rows([EIGHT], NEW_YEAR_MS + 8 * HOUR_MS, NEW_YEAR_MS + 8 * HOUR_MS, mark)[0]["fundingRate"])
    assert abs(minutes[-1] - paid) < 1e-6
    assert rate(EIGHT, NEW_YEAR_MS + 59_999) == rate(EIGHT, NEW_YEAR_MS)


def test_what_was_paid_rises_in_time_over_all_contracts() -> None:
    rows = settled_rows([EIGHT, HOURLY, QUARTER], NEW_YEAR_MS, NEW_YEAR_MS + 8 * HOUR_MS, mark)
    times = [row["fundingTime"] for row in rows]
    assert times == sorted(times)
    assert [row["symbol"] for row in rows].count("AAAUSDT") == 2
    assert [row["symbol"] for row in rows].count("BBBUSDT") == 9


def test_a_contract_with_an_end_has_no_funding() -> None:
    row = premium_row(QUARTER, NEW_YEAR_MS, "1")
    assert (row["lastFundingRate"], row["nextFundingTime"]) == ("", 0)


def test_only_unusual_hours_are_told() -> None:
    assert [(row["symbol"], row["fundingIntervalHours"]) for row in interval_rows([EIGHT, HOURLY, QUARTER])] == [
        ("BBBUSDT", 1)
    ]
