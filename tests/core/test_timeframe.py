import pytest

from market.core.types import BAR_DTYPE, TICK_DTYPE, Timeframe


def test_label_and_back() -> None:
    assert [Timeframe.from_label(t.label) for t in Timeframe] == list(Timeframe)


def test_unknown_label_names_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match="1s, 5s, 15s, 1m, 5m, 15m, 1h"):
        Timeframe.from_label("2m")


def test_a_tick_is_37_bytes_and_a_bar_112() -> None:
    assert (TICK_DTYPE.itemsize, BAR_DTYPE.itemsize) == (37, 112)
