"""Times as people and programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.moments import LATEST_MS, as_iso, read_ms

NOON_MS = 1_772_366_400_000


@pytest.mark.parametrize(
    "text",
    [
        str(NOON_MS),
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00",
        "2026-03-01T13:00:00+01:00",
        "2026-03-01T13:00:00 01:00",
        "2026-03-01T12:00:00.000Z",
        "2026-03-01 12:00:00",
        "2026-03-01 12:00:00+00:00",
        "20260301T120000Z",
    ],
)
def test_each_way_of_writing_noon_is_noon(text: str) -> None:
    assert read_ms(text) == NOON_MS


def test_a_day_begins_in_utc() -> None:
    assert read_ms("2026-03-01") == NOON_MS - 12 * 3_600_000


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "1e3", "1.5", "١", "1969-12-31", "2100-01-02", "9" * 400, "T", "\0"]
)
def test_what_is_no_time_says_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601, like 2026-03-01T12:00:00Z, or epoch ms"):
        read_ms(text)


@given(st.integers(0, LATEST_MS))
def test_what_is_given_can_be_taken(ms: int) -> None:
    assert read_ms(as_iso(ms)) == ms == read_ms(ms)
