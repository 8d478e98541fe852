"""The registry, and what must hold for every metric in it."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.core.align import Bars, Grid
from analytics.core.concepts import CONCEPTS
from analytics.core.described import described, shown
from analytics.core.hedges import method_named, methods
from analytics.core.metrics import GROUPS, Metric, Value, bar_metric, forget, metrics, report_metric, value_of
from analytics.core.report.live import live_report
from analytics.core.report.pair import Report
from analytics.core.report.params import ReportParams
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.scores import Scores
from analytics.core.scoring.track import score
from analytics.core.windows import Prices, Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, grid_of

N = 420
WINDOWS = Windows(200, 60, 60)
PARAMS = ReportParams(hedge_window=200, z_window=60, simulations=50)
BAR, REPORT = metrics("bar"), metrics("report")
#: what a change of the unit of y by 1000 does to a metric in logs; every other one stays
UNIT = {"intercept": np.log(1000.0), "log_ratio": np.log(1000.0)}
SCALED = {"price_ratio": 1000.0}
#: names of metrics that look at one leg only, and the ones that change when the legs are swapped
MIRRORED = {
    "hedge_ratio",
    "intercept",
    "hedge_stderr",
    "intercept_stderr",
    "spread",
    "zscore",
    "spread_std",
    "spread_bps",
}
DEPENDENT = {
    "adf_spread", "kpss_spread", "zivot_andrews", "whiteness_p", "half_life", "half_life_corrected", "hurst",
    "variance_ratio_2", "variance_ratio_5", "variance_ratio_10", "variance_ratio_30",
    "phillips_ouliaris_zt", "check_trips", "check_return", "check_sharpe", "hedge_r2", "innovation",
}  # fmt: skip
#: metrics of the line and its spread that total least squares gives for swapped legs too
OF_THE_LINE = {"zscore", "hedge_ratio", "spread_std", "half_life", "check_trips"}


def name(metric: Metric) -> str:
    return metric.name


def series_of(y: F64, x: F64, hedge: str = "ols", prices: Prices = "log") -> tuple[Scores, Report]:
    """Scores and report of a live pair of these closes."""
    bars = bars_of(y), bars_of(x)
    for leg in bars:
        leg["open"] = leg["close"]
        leg["trades"] = 3
    return of_bars(bars[0], bars[1], grid_of(bars[0], bars[1], len(y)), hedge, prices)


def of_bars(y: Bars, x: Bars, grid: Grid, hedge: str = "ols", prices: Prices = "log") -> tuple[Scores, Report]:
    scores = score(grid, ScoreParams(WINDOWS, prices, hedge))
    return scores, live_report(scores, y, x, replace(PARAMS, hedge=hedge, prices=prices))


def number(metric: Metric, scores: Scores, report: Report) -> float:
    if metric.series:
        return float(metric.series(scores)[-1])
    return value_of(metric, report).number


@pytest.mark.parametrize("metric", metrics(), ids=name)
def test_every_metric_says_what_it_is(metric: Metric) -> None:
    plain = described(metric)
    assert metric.group in GROUPS
    for key in ("name", "title", "inputs", "warm_up", "formula", "definition", "source", "unknown"):
        assert plain[key], key
    assert (metric.series is None) is (metric.cadence == "report")
    assert (metric.measure is None) is (metric.cadence == "bar")


def test_names_and_titles_are_told_apart() -> None:
    assert len({metric.title for metric in metrics()}) == len(metrics())
    assert [entry["name"] for entry in shown()] == [metric.name for metric in metrics()]
    names = [concept.name for concept in CONCEPTS]
    assert len(set(names)) == len(names)


def test_a_value_carries_all_that_it_stands_on() -> None:
    _, report = series_of(*cointegrated(N, 3))
    for metric in REPORT:
        value = value_of(metric, report)
        assert value.window == 201, metric.name
        assert value.direction == "ETHUSDT on BTCUSDT"
        assert value.prices == "log"
        assert value.warm_up > 0
        assert value.n > 0 or value.reason, metric.name


@pytest.mark.parametrize("hedge", methods())
@pytest.mark.parametrize("metric", metrics(), ids=name)
def test_an_unknown_number_always_has_a_reason(metric: Metric, hedge: str) -> None:
    scores, report = series_of(*cointegrated(130, 3), hedge=hedge)
    if metric.measure:
        value = value_of(metric, report)
        assert np.isfinite(value.number) or value.reason
        assert not (np.isfinite(value.number) and value.reason)
    elif not np.isfinite(number(metric, scores, report)):
        assert metric.unknown


@pytest.fixture(scope="module")
def plain() -> tuple[Scores, Report]:
    return series_of(*cointegrated(N, 5))


@pytest.fixture(scope="module")
def in_another_unit() -> tuple[Scores, Report]:
    y, x = cointegrated(N, 5)
    return series_of(1000.0 * y, x)


@pytest.mark.parametrize("metric", metrics(), ids=name)
def test_the_unit_of_a_price_changes_what_is_in_that_unit_only(
    metric: Metric, plain: tuple[Scores, Report], in_another_unit: tuple[Scores, Report]
) -> None:
    before, after = number(metric, *plain), number(metric, *in_another_unit)
    expected = before * SCALED.get(metric.name, 1.0) + UNIT.get(metric.name, 0.0)
    if np.isnan(before):
        assert np.isnan(after)
    else:
        assert after == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.fixture(scope="module")
def swapped() -> tuple[Scores, Report]:
    y, x = cointegrated(N, 5)
    return series_of(x, y)


@pytest.mark.parametrize("metric", [m for m in metrics() if m.name not in MIRRORED | DEPENDENT], ids=name)
def test_swapped_legs_mirror_what_knows_no_order(
    metric: Metric, plain: tuple[Scores, Report], swapped: tuple[Scores, Report]
) -> None:
    twin = {"_y": "_x", "_x": "_y"}.get(metric.name[-2:], "")
    partner = next(m for m in metrics() if m.name == (metric.name[:-2] + twin if twin else metric.name))
    before, after = number(metric, *plain), number(partner, *swapped)
    if metric.name == "johansen_ratio":
        after = 1.0 / after
    if metric.name == "price_ratio":
        after = 1.0 / after
    if metric.name in ("lead_lag", "log_ratio"):
        after = -after
    assert after == pytest.approx(before, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("metric", [m for m in metrics() if m.name in OF_THE_LINE], ids=name)
def test_swapped_legs_mirror_total_least_squares(metric: Metric) -> None:
    y, x = cointegrated(N, 5)
    before, after = (number(metric, *series_of(one, other, "tls")) for one, other in ((y, x), (x, y)))
    ratio = number(next(m for m in metrics() if m.name == "hedge_ratio"), *series_of(y, x, hedge="tls"))
    expected = {"zscore": -before, "hedge_ratio": 1.0 / before, "spread_std": before / abs(ratio)}.get(
        metric.name, before
    )
    assert after == pytest.approx(expected, rel=2e-2 if metric.name == "spread_std" else 1e-6)


@pytest.mark.parametrize("metric", metrics(), ids=name)
def test_the_future_changes_nothing(metric: Metric) -> None:
    y, x = cointegrated(N, 8)
    stop = 300
    seen = []
    for end in (N, stop):
        bars = bars_of(y[:end]), bars_of(x[:end])
        for leg in bars:
            leg["open"] = leg["close"]
        seen.append(of_bars(bars[0], bars[1], grid_of(bars[0], bars[1], stop)))
    one, other = (number(metric, *each) for each in seen)
    assert np.array(one).tobytes() == np.array(other).tobytes()


ODD: dict[str, tuple[F64, F64]] = {
    "flat y": (np.full(N, 3.0), cointegrated(N, 1)[1]),
    "flat x": (cointegrated(N, 1)[0], np.full(N, 3.0)),
    "same asset": (2.0 * cointegrated(N, 1)[1], cointegrated(N, 1)[1]),
    "infinite": (np.r_[cointegrated(N, 1)[0][:-1], np.inf], cointegrated(N, 1)[1]),
    "one bar": (cointegrated(N, 1)[0][:1], cointegrated(N, 1)[1][:1]),
    "alternating": (np.tile([1.0, 2.0], N // 2), np.tile([2.0, 1.0], N // 2)),
    "straight": (np.exp(np.linspace(0.0, 1.0, N)), np.exp(np.linspace(0.0, 2.0, N))),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("hedge", methods())
def test_what_says_nothing_gives_reasons_and_no_discovery(case: str, hedge: str) -> None:
    y, x = ODD[case]
    scores, report = series_of(y, x, hedge)
    for metric in REPORT:
        value = value_of(metric, report)
        assert np.isfinite(value.number) or value.reason, metric.name
    p = value_of(next(m for m in REPORT if m.name == "engle_granger_p"), report)
    assert not p.number < 0.05, p
    assert not np.isfinite(scores.zscore[-1]) or case in ("alternating",)
    assert scores.unknown(len(scores) - 1)["zscore"] if not np.isfinite(scores.zscore[-1]) else True


@pytest.mark.parametrize("metric", [m for m in metrics() if m.group != "check" and m.name != "hedge_n"], ids=name)
def test_a_gap_is_unknown_and_never_zero(metric: Metric) -> None:
    y, x = cointegrated(N, 9)
    keep = np.ones(N, np.bool_)
    keep[-40:] = False
    bars = bars_of(y, keep=keep), bars_of(x)
    scores, report = of_bars(bars[0], bars[1], grid_of(bars[0], bars[1], N))
    assert np.isnan(number(metric, scores, report))


def test_a_metric_is_one_function_and_its_words() -> None:
    @report_metric("dummy", "Dummy", group="legs", formula="42", definition="Always 42.", source="nobody")
    def dummy(report: Report) -> Value:
        return Value.of(report, 42.0)

    @bar_metric("dummy_bar", "Dummy bar", group="fit", formula="0.5", definition="Always a half.", source="nobody")
    def dummy_bar(scores: Scores) -> F64:
        return np.full(len(scores), 0.5)

    try:
        assert {"dummy", "dummy_bar"} <= {metric.name for metric in metrics()}
        with pytest.raises(ValueError, match="Two metrics are called 'dummy'"):
            report_metric("dummy", "x", group="legs", formula="x", definition="x", source="x")(dummy)
    finally:
        forget("dummy")
        forget("dummy_bar")
    assert "dummy" not in {metric.name for metric in metrics()}


def test_a_metric_of_no_known_group_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no group 'nowhere'"):
        bar_metric("lost", "Lost", group="nowhere", formula="x", definition="x", source="x")(
            lambda scores: scores.spread
        )


@pytest.mark.parametrize("hedge", methods())
def test_every_hedge_method_says_what_it_does(hedge: str) -> None:
    assert method_named(hedge).about
    assert method_named(hedge).title
