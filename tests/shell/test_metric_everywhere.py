"""One new file with a metric: it is on the pages, in the API, in stored series, in live frames and in `pairstats`."""

import importlib.util
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client

from analytics.core.metrics import forget, metrics
from analytics.models import PairReport, PairSpec, Snapshot
from analytics.pipeline import LiveShard
from analytics.topics import topic_frame
from tests.core.pairs import cointegrated
from tests.shell.pipeline_support import Recorder, feed, published, ticks_of_both

pytestmark = pytest.mark.django_db

FILE = '''
"""Two metrics that nobody needs."""

import numpy as np

from analytics.core.metrics import Value, bar_metric, report_metric

WORDS = dict(formula="always the same", definition="A number for a test of the registry.", source="nobody")


@report_metric("answer", "The answer", group="legs", unit="things", decimals=1, **WORDS)
def answer(report):
    return Value.of(report, 42.0, detail="as ever")


@bar_metric("double_z", "Twice the z-score", group="spread", unit="σ", decimals=3, **WORDS)
def double_z(scores):
    return 2.0 * scores.zscore
'''


@pytest.fixture(autouse=True)
def one_more_file(tmp_path: Path) -> Iterator[None]:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    spec = importlib.util.spec_from_file_location("analytics.core.metrics.mine", path)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    yield
    forget("answer")
    forget("double_z")


def test_it_is_on_the_method_page_and_in_the_api(client: Client) -> None:
    page = client.get("/method/").content.decode()
    for words in ('id="answer"', "The answer", 'id="double_z"', "Twice the z-score", "always the same"):
        assert words in page
    listed = {metric["name"]: metric for metric in client.get("/api/v1/metrics").json()["metrics"]}
    assert listed["answer"]["unit"] == "things"
    assert listed["double_z"]["cadence"] == "bar"


def test_it_is_in_stored_series_frames_and_reports(spec: PairSpec, recorder: Recorder, client: Client) -> None:
    feed(ticks_of_both(spec, 31), [200])
    shard = LiveShard(0)
    with published(spec) as frames:
        for step in recorder.steps:
            shard.advance(step)
    newest = Snapshot.objects.filter(spec=spec).order_by("-opened_at")[0]
    assert newest.zscore is not None
    assert newest.more == {"double_z": 2.0 * newest.zscore}
    first = Snapshot.objects.filter(spec=spec).order_by("opened_at")[0]
    assert first.more == {"double_z": None}
    assert first.unknown["double_z"].startswith("warming up")
    pushed = frames[-1]["data"]["now"]["metrics"]
    fetched = msgspec.json.decode(topic_frame(spec.topic))["data"]
    assert pushed["double_z"] == fetched["now"]["metrics"]["double_z"] == 2.0 * newest.zscore
    assert fetched["report"]["metrics"]["answer"]["value"] == 42.0
    assert PairReport.objects.get(spec=spec).data["metrics"]["answer"]["detail"] == "as ever"
    pair = spec.pairs.get()
    client.force_login(pair.owner)
    assert '"name": "answer"' in client.get("/dashboard/").content.decode()


def test_a_restart_finds_stored_values_of_it_unchanged(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 32), [200])
    LiveShard(0).start()
    seq = PairSpec.objects.get(pk=spec.pk).seq
    LiveShard(0).start()
    assert not Snapshot.objects.filter(spec=spec, seq__gt=seq).exists()


def test_it_is_in_files_of_pairstats(tmp_path: Path) -> None:
    y, x = cointegrated(200, 1)
    path = tmp_path / "pair.csv"
    path.write_text("\n".join(["y,x", *(f"{a!r},{b!r}" for a, b in zip(y.tolist(), x.tolist(), strict=True))]))
    out = StringIO()
    call_command("pairstats", str(path), "--y", "y", "--x", "x", "--json", stdout=out)
    assert json.loads(out.getvalue())["metrics"]["answer"] == {
        "value": 42.0,
        "n": 200,
        "window": 200,
        "direction": "y on x",
        "prices": "log",
        "warm_up": 120,
        "reason": "",
        "detail": "as ever",
    }


def test_rules_and_exports_can_name_it() -> None:
    """What alert rules and exports will read: the names, in one place."""
    assert {"answer", "double_z"} <= {metric.name for metric in metrics()}
