"""Stored series over REST: all rows, or as few as a drawing shows, with the gaps open and the limits said."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client

from accounts.models import User
from analytics.models import Pair, PairSpec, Snapshot
from market.models import Bar, Gap, Instrument
from market.packed import Walk
from market.ranges import MOST_ROWS
from market.resample import close_bars
from tests.shell.bars_support import START, commit
from tests.shell.pipeline_support import Recorder, ticks_of_both

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
FIRST_MS = round(FIRST.timestamp() * 1_000)


@pytest.fixture
def client(spec: PairSpec) -> Client:
    client = Client()
    client.force_login(User.objects.get())
    return client


def store(spec: PairSpec, n: int, hole: range = range(0)) -> np.ndarray:
    z = np.sin(np.arange(n) / 7.0)
    Snapshot.objects.bulk_create(
        Snapshot(spec=spec, opened_at=FIRST + timedelta(seconds=at), seq=1, zscore=float(z[at]), price_y=1.0)
        for at in range(n)
        if at not in hole
    )
    return z


def get(client: Client, topic: str, first: int, last: int, **more: Any) -> Any:
    query = {"from": FIRST_MS + first * 1_000, "to": FIRST_MS + last * 1_000, **more}
    return client.get(f"/api/v1/series/{topic}", query)


def test_every_row_of_a_range(client: Client, spec: PairSpec) -> None:
    z = store(spec, 100)
    body = get(client, spec.topic, 10, 19).json()
    assert body["columns"]["z"]["v"] == z[10:20].tolist()
    assert body["columns"]["z"]["t"] == [FIRST_MS + at * 1_000 for at in range(10, 20)]
    assert body["columns"]["beta"] == {"t": [], "v": []}
    assert (body["step"], body["earliest_ms"], body["is_sampled"]) == (1_000, FIRST_MS, False)


def test_a_drawing_gets_four_points_a_pixel_with_all_extremes(client: Client, spec: PairSpec) -> None:
    z = store(spec, 3_000)
    column = get(client, spec.topic, 0, 2_999, pixels=50).json()["columns"]["z"]
    assert len(column["t"]) <= 4 * 50
    assert (min(column["v"]), max(column["v"])) == (z.min(), z.max())
    assert (column["v"][0], column["v"][-1]) == (z[0], z[-1])


def test_blocks_of_rows_are_read_without_a_seam(
    client: Client, spec: PairSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(spec, 500)
    whole = get(client, spec.topic, 0, 499, pixels=40).json()
    monkeypatch.setattr(Walk.blocks, "__kwdefaults__", {"most": 7})
    assert get(client, spec.topic, 0, 499, pixels=40).json() == whole
    assert whole["is_sampled"] is True


def test_a_range_with_fewer_rows_than_pixels_is_whole(client: Client, spec: PairSpec) -> None:
    z = store(spec, 30)
    body = get(client, spec.topic, 0, 29, pixels=1_000).json()
    assert body["is_sampled"] is False
    assert body["columns"]["z"]["v"] == z.tolist()


def test_all_of_history_may_be_asked_for(client: Client, spec: PairSpec) -> None:
    store(spec, 30)
    query = {"from": 0, "to": 4_102_444_800_000, "pixels": 1_000}
    column = client.get(f"/api/v1/series/{spec.topic}", query).json()["columns"]["z"]
    assert 1 <= len(column["t"]) <= 4


@pytest.mark.parametrize("more", [{}, {"pixels": 100}])
def test_a_missing_stretch_is_open(client: Client, spec: PairSpec, more: dict[str, int]) -> None:
    store(spec, 100, hole=range(40, 60))
    column = get(client, spec.topic, 0, 99, **more).json()["columns"]["z"]
    at = column["v"].index(None)
    assert column["t"][at] == FIRST_MS + (39_000 + 60_000) // 2
    assert column["v"].count(None) == 1


def test_too_many_rows_are_refused_with_the_way_out(client: Client, spec: PairSpec) -> None:
    spec_id = spec.pk
    Snapshot.objects.bulk_create(
        Snapshot(spec_id=spec_id, opened_at=FIRST + timedelta(seconds=at), seq=1) for at in range(MOST_ROWS + 1)
    )
    response = get(client, spec.topic, 0, MOST_ROWS)
    assert response.status_code == 422
    assert "give `pixels`" in response.json()["mend"]
    assert get(client, spec.topic, 0, MOST_ROWS - 1).status_code == 200
    assert get(client, spec.topic, 0, MOST_ROWS, pixels=10).status_code == 200


@pytest.mark.parametrize(
    "query", ["from=5&to=5", "from=-1&to=5", "from=1&to=99999999999999", "from=1&to=2&pixels=5000"]
)
def test_what_is_no_range_is_said(client: Client, spec: PairSpec, query: str) -> None:
    response = client.get(f"/api/v1/series/{spec.topic}?{query}")
    assert response.status_code == 422
    assert {"what", "where", "mend"} <= response.json().keys()


def test_bars_come_in_the_width_that_fits(client: Client, spec: PairSpec, recorder: Recorder) -> None:
    commit(ticks_of_both(spec, 3))
    close_bars(0)
    topic = f"bars.{spec.y}@1s"
    query = {"from": START, "to": START + 200_000}
    every = client.get(f"/api/v1/series/{topic}", query).json()
    few = client.get(f"/api/v1/series/{topic}", query | {"pixels": 30}).json()
    assert (every["width_ms"], few["width_ms"]) == (1_000, 10_000)
    assert len(few["points"]["t"]) <= 30
    assert max(few["points"]["h"]) == max(every["points"]["h"])
    assert sum(few["points"]["n"]) >= sum(every["points"]["n"])


def test_whole_bars_stand_at_both_ends_of_a_drawing(client: Client, spec: PairSpec, recorder: Recorder) -> None:
    commit(ticks_of_both(spec, 3))
    close_bars(0)
    topic = f"bars.{spec.y}@1s"

    def drawn(first: int, last: int) -> dict[int, tuple[float, ...]]:
        query = {"from": START + first, "to": START + last, "pixels": 30}
        points = client.get(f"/api/v1/series/{topic}", query).json()["points"]
        return {t: tuple(values) for t, *values in zip(*points.values(), strict=True)}

    left, right = drawn(0, 103_700), drawn(3_300, 107_000)
    shared = left.keys() & right.keys()
    assert len(shared) >= 10
    assert {t: left[t] for t in shared} == {t: right[t] for t in shared}


def test_a_drawing_gets_minutes_where_shorter_bars_are_gone(client: Client, spec: PairSpec, recorder: Recorder) -> None:
    commit(ticks_of_both(spec, 3))
    close_bars(0)
    Bar.objects.filter(timeframe__lt=60).delete()
    query = {"from": START, "to": START + 200_000, "pixels": 300}
    body = client.get(f"/api/v1/series/bars.{spec.y}@1s", query).json()
    assert (body["width_ms"], body["earliest_ms"]) == (60_000, START // 60_000 * 60_000)
    assert len(body["points"]["t"]) >= 2


@pytest.fixture
def own(spec: PairSpec, recorder: Recorder) -> Any:
    """Stored trades of the pair's first leg, with their bars."""
    ticks = ticks_of_both(spec, 3)
    commit(ticks)
    close_bars(0)
    return ticks[ticks["instrument"] == spec.y_id]


def trades(client: Client, spec: PairSpec, last_ms: int, **more: Any) -> Any:
    query = {"from": START, "to": START + last_ms, **more}
    return client.get(f"/api/v1/ticks/{spec.y}", query).json()


def test_every_trade_of_a_range(client: Client, spec: PairSpec, own: Any) -> None:
    stop = int(own["traded_ms"][100])
    body = trades(client, spec, stop - START)
    inside = own[own["traded_ms"] <= stop]
    assert (body["columns"]["price"]["t"], body["columns"]["price"]["v"]) == (
        inside["traded_ms"].tolist(),
        inside["price"].tolist(),
    )
    assert body["is_sampled"] is False


def test_trades_without_bars_yet_are_there(client: Client, spec: PairSpec, own: Any) -> None:
    Bar.objects.all().delete()
    assert len(trades(client, spec, 300_000)["columns"]["price"]["t"]) == len(own)


@pytest.mark.parametrize("pixels", [10, 4_000])
def test_a_drawing_of_trades_keeps_their_extremes(client: Client, spec: PairSpec, own: Any, pixels: int) -> None:
    column = trades(client, spec, 300_000, pixels=pixels)["columns"]["price"]
    assert len(column["t"]) <= 4 * pixels
    assert (min(column["v"]), max(column["v"])) == (own["price"].min(), own["price"].max())
    assert (column["t"][0], column["v"][0]) == (own["traded_ms"][0], own["price"][0])
    assert (column["t"][-1], column["v"][-1]) == (own["traded_ms"][-1], own["price"][-1])
    assert column["t"] == sorted(column["t"])


def test_trades_that_miss_leave_the_line_open(client: Client, spec: PairSpec, own: Any) -> None:
    before, after = own[50], own[51]
    Gap.objects.create(
        instrument=spec.y,
        first_id=before["trade_id"],
        last_id=after["trade_id"],
        first_ms=before["traded_ms"],
        last_ms=after["traded_ms"],
        cause="cut",
    )
    column = trades(client, spec, 300_000)["columns"]["price"]
    at = column["v"].index(None)
    assert column["t"][at] == (before["traded_ms"] + after["traded_ms"]) // 2


def test_the_newest_trades_however_old_they_are(client: Client, spec: PairSpec, own: Any) -> None:
    rows = client.get(f"/api/v1/ticks/{spec.y}?last=3").json()["rows"]
    assert [(row["id"], row["t"], row["price"], row["size"], row["is_buyer_maker"]) for row in rows] == [
        tuple(row[name].item() for name in ("trade_id", "traded_ms", "price", "size", "is_buyer_maker"))
        for row in own[-3:]
    ]


@pytest.mark.parametrize("query", ["", "last=0", "last=501", "from=1", "from=1&to=5&pixels=1"])
def test_what_asks_for_no_trades_is_said(client: Client, spec: PairSpec, query: str) -> None:
    response = client.get(f"/api/v1/ticks/{spec.y}?{query}")
    assert response.status_code == 422
    assert {"what", "where", "mend"} <= response.json().keys()


def test_a_long_answer_is_packed_for_those_who_can_read_it(client: Client, spec: PairSpec) -> None:
    store(spec, 1_000)
    address = f"/api/v1/series/{spec.topic}?from={FIRST_MS}&to={FIRST_MS + 999_000}"
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "no-store" in packed["Cache-Control"]


def test_series_of_somebody_else_do_not_exist(spec: PairSpec) -> None:
    mallory = Client()
    mallory.force_login(User.objects.create(username="mallory", email="m@example.org"))
    assert get(mallory, spec.topic, 0, 1).status_code == 404
    assert Pair.objects.count() == 1
    assert Instrument.objects.count() == 2
