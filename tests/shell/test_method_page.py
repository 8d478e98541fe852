"""Every number of the dashboard leads to its definition, and a metric that is registered is on both pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from analytics.core.metrics import Value, bar_metric, forget, metrics, report_metric
from analytics.core.report.pair import Report
from analytics.core.scoring.scores import Scores
from analytics.models import PairSpec
from analytics.pairs import add_pair
from market.core.types import F64
from market.models import FeedControl, Instrument

pytestmark = pytest.mark.django_db
TOLD: dict[str, Any] = {"source": "nobody (2026)", "formula": "d = 1 < 2", "definition": "A number that nobody needs."}


@pytest.fixture
def dummies() -> Iterator[None]:
    """Two metrics that no template and no script has heard of."""

    @bar_metric("dummy_series", "Dummy series", group="spread", **TOLD)
    def series(scores: Scores) -> F64:
        return scores.spread

    @report_metric("dummy_measure", "Dummy measure", group="legs", unit="%", **TOLD)
    def measure(report: Report) -> Value:
        return Value(1.0)

    yield
    forget("dummy_series")
    forget("dummy_measure")


def method_page() -> str:
    return Client().get("/method/").content.decode()


def dashboard(*, hedge: str = "ols") -> str:
    FeedControl.objects.create(id=1, venue="simulated")
    y, x = (Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT"))
    alice = User.objects.create_user("alice", "alice@example.org")
    add_pair(alice, y, x)
    PairSpec.objects.update(hedge=hedge)
    client = Client()
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    return client.get("/dashboard/").content.decode()


def test_every_metric_is_defined_for_everybody() -> None:
    text = method_page()
    assert [metric.name for metric in metrics() if f'id="{metric.name}"' not in text] == []
    assert "every closed bar" in text
    assert "z_t = (s_t − mean(s_{t−W} … s_{t−1}))" in text


def test_the_contents_lead_to_what_is_there() -> None:
    text = method_page()
    wanted = set(re.findall(r'href="#([\w-]+)"', text)) - {"main"}
    assert {"zscore", "concept-data", "hedge-kalman"} <= wanted
    assert wanted <= set(re.findall(r' id="([\w-]+)"', text))


def test_every_number_of_the_dashboard_leads_to_its_definition() -> None:
    wanted = set(re.findall(r'href="/method/#([\w-]+)"', dashboard(hedge="kalman")))
    assert {metric.name for metric in metrics()} <= wanted
    assert wanted <= set(re.findall(r' id="([\w-]+)"', method_page()))


def test_a_new_metric_is_on_both_pages(dummies: None) -> None:
    text = method_page()
    for name in ("dummy_series", "dummy_measure"):
        assert f'id="{name}"' in text
    assert "d = 1 &lt; 2" in text
    page = dashboard()
    assert 'data-metric="dummy_series"' in page
    assert '"name": "dummy_measure"' in page


def test_the_innovation_is_shown_with_the_method_that_has_one() -> None:
    assert 'data-metric="innovation"' not in dashboard()


def test_the_head_of_the_page_states_what_is_computed() -> None:
    text = dashboard(hedge="tls")
    for words in ("total least squares, rolling</a>", "log prices</a>", "windows 3600 / 600 / 600 bars", "lags by BIC"):
        assert words in text
