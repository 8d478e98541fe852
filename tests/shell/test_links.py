"""The address holds the view: read, written, and forgiving."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.choices import Choice
from analytics.core.stationarity.lags import Lags
from analytics.core.windows import Windows
from analytics.links import PANELS, View, params_of, read_link
from market.core.types import Timeframe

BASE = Choice(Timeframe.S1, Windows(300, 120, 100), "tls", "raw", Lags("aic"))


def read(**query: str) -> View:
    link = read_link({name.removesuffix("_"): text for name, text in query.items()}, BASE, "UTC")
    assert link.notices == []
    return link.view


def notices(**query: str) -> list[str]:
    return read_link({name.removesuffix("_"): text for name, text in query.items()}, BASE, "UTC").notices


def test_nothing_in_the_address_is_what_the_list_holds() -> None:
    link = read_link({}, BASE, "Asia/Tokyo")
    assert (link.choice, link.view, link.zone, link.notices) == (BASE, View(), "Asia/Tokyo", [])


@pytest.mark.parametrize("timeframe", list(Timeframe))
def test_what_is_written_is_read_again(timeframe: Timeframe) -> None:
    choice = Choice(timeframe, Windows(777, 111, 222), "kalman", "log", Lags("fixed", 3))
    assert read_link(params_of(choice), BASE, "UTC").choice == choice


def test_another_timeframe_brings_its_own_windows_and_keeps_the_method() -> None:
    choice = read_link({"tf": "1m"}, BASE, "UTC").choice
    assert choice == Choice(Timeframe.M1, Windows(1_440, 240, 240), "tls", "raw", Lags("aic"))


def test_single_trades_stand_on_one_second_bars() -> None:
    link = read_link({"tf": "tick"}, BASE, "UTC")
    assert (link.choice, link.view.mode, link.params["tf"]) == (BASE, "tick", "tick")


def test_ranges_follow_now_or_are_fixed() -> None:
    assert read(range="6h").range == "6h"
    assert read(range="5400s").range == "5400s"
    fixed = read(from_="2026-01-02T03:04:05Z", to="2026-01-02T04:00:00+01:00".replace("04:00", "05:00"))
    assert fixed.start_ms == round(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp() * 1_000)
    assert fixed.stop_ms == round(datetime(2026, 1, 2, 4, 0, tzinfo=UTC).timestamp() * 1_000)


def test_levels_that_are_not_named_follow_the_entry() -> None:
    view = read(entry="0,8")
    assert (view.exit, view.entry, view.stop) == (0.4, 0.8, 4.0)
    view = read(entry="3")
    assert (view.exit, view.entry, view.stop) == (0.5, 3.0, 6.0)


def test_panels_are_kept_in_their_order() -> None:
    assert read(panels="zscore,prices").panels == ("zscore", "prices")
    assert read(panels="").panels == ()
    assert View().panels == PANELS


def test_an_address_of_unknown_panels_only_shows_the_usual_ones() -> None:
    assert read_link({"panels": "moon,sun"}, BASE, "UTC").view.panels == PANELS


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"win": "9"}, "win=9 in the address is not valid: 9 is outside 60 to 10,080 bars."),
        ({"tf": "7s"}, "tf=7s"),
        ({"beta": "magic"}, "beta=magic"),
        ({"lags": "many"}, "lags=many"),
        ({"entry": "-1"}, "entry=-1"),
        ({"entry": "1", "exit": "2"}, "The levels must rise"),
        ({"range": "9y"}, "range=9y"),
        ({"axes": "three"}, "axes=three"),
        ({"candles": "z"}, "candles=z"),
        ({"tz": "Mars/Olympus"}, "tz=Mars/Olympus"),
        ({"from_": "2026-01-02", "to": "2026-01-01"}, "the earlier one first"),
        ({"from_": "yesterday", "to": "2026-01-01"}, "the earlier one first"),
        ({"panels": "prices,moon"}, "There is no panel moon"),
    ],
)
def test_an_invalid_value_is_said_and_the_default_used(query: dict[str, str], said: str) -> None:
    found = notices(**query)
    assert len(found) == 1
    assert said in found[0]


def test_one_invalid_value_leaves_the_others() -> None:
    link = read_link({"win": "9", "zwin": "333", "entry": "3"}, BASE, "UTC")
    assert (link.choice.windows, link.view.entry) == (Windows(300, 333, 100), 3.0)


@given(st.dictionaries(st.sampled_from(sorted({*params_of(BASE), "range", "from", "to", "tz", "panels"})), st.text()))
def test_no_address_is_refused(query: dict[str, str]) -> None:
    link = read_link(query, BASE, "UTC")
    assert all(len(text) < 400 for text in link.notices)
