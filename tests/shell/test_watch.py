"""Rows of the watch list: told to those who look, and the same as read anew."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from analytics.models import PairSpec, Snapshot
from analytics.pipeline import LiveShard
from analytics.publish import listened
from analytics.watch import MOST, spark_bars, stored_rows, stored_watch, thinned, watch_topic
from market.core.types import Timeframe
from tests.shell.pipeline_support import Recorder, feed, make_spec, published, ticks_of_both

pytestmark = pytest.mark.django_db


def read(spec: PairSpec) -> dict[str, object]:
    frame: dict[str, object] = msgspec.json.decode(stored_watch(PairSpec.objects.get(pk=spec.pk)))
    return frame


def test_each_frame_is_the_row_as_read_anew(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 5)
    # Ticks that come late change bars within the small line
    held = slice(300, 330)
    feed(np.concatenate([np.delete(ticks, np.r_[held]), ticks[held]]), [100, 200, 300, 400, 500])
    shard = LiveShard(0)
    expected: list[dict[str, object]] = []
    with published(spec, watch_topic(spec.pk)) as frames:
        expected += [read(spec) for step in recorder.steps if shard.advance(step)]
    assert len(frames) >= 3
    assert frames == expected
    assert frames[-1]["data"]["z"] is not None


def test_nothing_is_told_when_nobody_looks(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 6), [200, 400])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    assert shard.watched.rows == {}


def test_topics_with_a_listener_are_known(spec: PairSpec) -> None:
    topics = [watch_topic(spec.pk), watch_topic(spec.pk + 1)]
    with published(spec, topics[0]):
        assert listened(topics) == {topics[0]}
    assert listened([]) == set()


def test_a_young_spec_has_an_empty_row_with_its_reason(spec: PairSpec) -> None:
    data = read(spec)["data"]
    assert data == {
        "z": None,
        "corr": None,
        "at": None,
        "unknown": {"z": "no bar yet"},
        "spark": [],
        "pvalue": None,
        "half_life": None,
        "verdict": None,
    }


def test_the_row_has_the_numbers_of_the_newest_bar_and_report(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 7), [300])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    newest = Snapshot.objects.filter(spec=spec).latest("opened_at")
    frame = read(spec)
    data = frame["data"]
    assert isinstance(data, dict)
    assert (data["z"], data["corr"]) == (newest.zscore, newest.correlation)
    assert frame["at"] == data["at"] == round(newest.opened_at.timestamp() * 1_000) + 1_000


@pytest.mark.parametrize(("timeframe", "bars"), [(Timeframe.S1, 120), (Timeframe.S5, 60), (Timeframe.H1, 60)])
def test_the_small_line_looks_back_two_minutes_or_sixty_bars(timeframe: Timeframe, bars: int) -> None:
    assert spark_bars(timeframe) == bars


@given(st.sets(st.integers(0, 400), max_size=120), st.sampled_from(list(Timeframe)))
def test_a_thinned_line_is_short_ends_with_the_newest_and_keeps_its_shape(bars: set[int], timeframe: Timeframe) -> None:
    values = {bar * timeframe.ms: float(bar) for bar in sorted(bars)}
    line = thinned(values, timeframe)
    assert len(line) <= MOST
    assert line[-1:] == list(values.values())[-1:]
    # One bar later, all but the end is as it was
    later = thinned(values | {401 * timeframe.ms: 401.0}, timeframe)
    assert later[-2:-1] in ([], line[-1:], line[-2:-1])
    assert set(later[:-1]) <= set(line)


def test_many_rows_are_read_by_two_queries(
    spec: PairSpec, recorder: Recorder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    feed(ticks_of_both(spec, 7), [300])
    LiveShard(0).advance(recorder.steps[-1])
    other = make_spec(spec.x, spec.y)
    with django_assert_num_queries(2):
        rows = stored_rows([spec, other])
    assert len(rows[spec.pk].scores) > 60
    assert rows[spec.pk].report["verdict"]
    assert rows[other.pk].scores == {}
