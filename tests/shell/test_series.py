"""Stored series over REST: all rows, or as few as a drawing shows, with the gaps open and the limits said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client

from accounts.models import User
from analytics.models import Pair, PairSpec, Snapshot
from market.models import Instrument
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


def test_single_trades_of_a_range_and_the_newest(client: Client, spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 3)
    commit(ticks)
    own = ticks[ticks["instrument"] == spec.y_id]
    query = {"from": START, "to": START + 300_000, "pixels": 4_000}
    column = client.get(f"/api/v1/ticks/{spec.y}", query).json()["columns"]["price"]
    assert set(zip(column["t"], column["v"], strict=True)) <= set(
        zip(own["traded_ms"].tolist(), own["price"].tolist(), strict=True)
    )
    assert (min(column["v"]), max(column["v"])) == (own["price"].min(), own["price"].max())
    rows = client.get(f"/api/v1/ticks/{spec.y}?last=3").json()["rows"]
    # Only of the last day, which these old trades are not
    assert rows == []


def test_too_long_a_range_of_trades_is_refused(client: Client, spec: PairSpec) -> None:
    response = client.get(f"/api/v1/ticks/{spec.y}", {"from": 0, "to": 6 * 3_600_000 + 1})
    assert response.status_code == 422
    assert "six hours" in response.json()["what"]


def test_series_of_somebody_else_do_not_exist(spec: PairSpec) -> None:
    mallory = Client()
    mallory.force_login(User.objects.create(username="mallory", email="m@example.org"))
    assert get(mallory, spec.topic, 0, 1).status_code == 404
    assert Pair.objects.count() == 1
    assert Instrument.objects.count() == 2
