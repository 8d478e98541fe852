import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.core.quickcheck import Rules
from analytics.core.report.as_json import as_json
from analytics.core.report.live import live_report
from analytics.core.report.pair import Report, pair_report, zscore
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.track import score
from analytics.core.windows import Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, grid_of

FORM = {
    "hedge": {"method", "ratio", "intercept", "stderr", "intercept_stderr", "r2"},
    "spread": {"last", "mean", "std"},
    "zscore": {"value", "window", "ratio_used", "intercept_used", "mean", "std"},
    "adf": {"statistic", "pvalue", "lags", "n", "critical", "note"},
    "engle_granger": {"y_on_x", "x_on_y", "pvalue"},
    "johansen": {
        "k_ar_diff", "trace", "trace_critical", "max_eigen", "max_eigen_critical", "eigenvalues", "vector", "rank",
    },
    "half_life": {"bars", "phi", "low", "high", "bars_corrected"},
    "hurst": {"value", "band"},
    "correlation": {"pearson_returns", "spearman_returns", "n"},
}  # fmt: skip
PLAIN = {
    "y", "x", "n", "prices", "lags", "from", "to", "variance_ratio", "unknown", "warnings", "check", "metrics",
    "verdict", "basis", "lead_lag", "epps",
}  # fmt: skip
QUICK = ReportParams(simulations=50)
SYMBOLS = ("ETHUSDT", "BTCUSDT")


def report_of(n: int = 400, params: ReportParams = QUICK, *, seed: int = 2) -> Report:
    y, x = cointegrated(n, seed)
    return pair_report(Sample(SYMBOLS, params.prices, y, x, np.arange(n) * 1000), params)


def json_of(y: F64, x: F64, params: ReportParams = QUICK) -> dict[str, Any]:
    return as_json(pair_report(Sample(SYMBOLS, params.prices, y, x), params))


def nulls(value: Any) -> int:
    if isinstance(value, dict):
        return sum(nulls(item) for item in value.values())
    return sum(nulls(item) for item in value) if isinstance(value, list) else int(value is None)


def test_the_json_has_the_promised_form() -> None:
    report = as_json(report_of())
    assert set(report) == set(FORM) | PLAIN
    assert {name: set(report[name]) for name in FORM} == FORM
    assert [row["q"] for row in report["variance_ratio"]] == [2, 5, 10, 30]
    for direction in ("y_on_x", "x_on_y"):
        assert set(report["engle_granger"][direction]) == {"statistic", "pvalue", "lags", "n", "critical"}
        assert set(report["engle_granger"][direction]["critical"]) == {"1%", "5%", "10%"}
    assert (report["from"], report["to"]) == ("1970-01-01T00:00:00Z", "1970-01-01T00:06:39Z")
    assert report["unknown"] == {}
    assert nulls({name: report[name] for name in FORM}) == 0


def test_the_curves_are_those_that_the_metrics_are_read_from() -> None:
    report = report_of()
    plain = as_json(report)
    leads, epps = plain["lead_lag"], plain["epps"]
    assert leads["lags"] == list(range(-60, 61))
    np.testing.assert_allclose(leads["correlations"], report.moves.lead_lag.correlations, atol=5e-7)
    assert leads["best"] == plain["metrics"]["lead_lag"]["value"]
    greatest = max(leads["correlations"], key=abs)
    assert leads["correlations"][leads["lags"].index(leads["best"])] == greatest
    assert leads["band"] == report.moves.lead_lag.widest_band
    assert epps["seconds"] == [1.0, 2.0, 5.0, 10.0, 15.0]
    np.testing.assert_allclose(epps["correlations"], report.moves.epps.correlations, atol=5e-7)
    assert len(json.dumps([leads, epps])) < 4_000


def test_curves_that_are_unknown_say_why() -> None:
    plain = as_json(report_of(5))
    assert (plain["lead_lag"]["lags"], plain["lead_lag"]["best"], plain["epps"]["seconds"]) == ([], None, [])
    assert {"lead_lag", "epps"} <= set(plain["unknown"])


def test_the_zscore_is_that_of_the_definition() -> None:
    y, x = np.log(cointegrated(400, seed=2))
    report = as_json(report_of())
    b, a = np.polyfit(x[:-1], y[:-1], 1)
    spread = y - a - b * x
    seen = spread[-241:-1]
    z = report["zscore"]
    assert [z["ratio_used"], z["intercept_used"]] == pytest.approx([b, a], rel=1e-9)
    assert [z["mean"], z["std"]] == pytest.approx([seen.mean(), seen.std(ddof=1)], rel=1e-6)
    assert z["value"] == pytest.approx((spread[-1] - seen.mean()) / seen.std(ddof=1), rel=1e-7)
    assert report["hedge"]["ratio"] != z["ratio_used"]


def test_the_last_price_moves_its_own_z_only() -> None:
    y, x = cointegrated(400, seed=2)
    jumped = y.copy()
    jumped[-1] *= 1.1
    one, other = (zscore(np.log(leg), np.log(x), QUICK) for leg in (y, jumped))
    assert (one.line, one.mean, one.std) == (other.line, other.mean, other.std)
    assert other.value - one.value == pytest.approx(np.log(1.1) / one.std)


def test_spread_std_has_ddof_1() -> None:
    report = report_of()
    assert as_json(report)["spread"]["std"] == pytest.approx(float(np.std(report.spread, ddof=1)))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 119])
def test_too_few_bars_are_null_with_a_reason(n: int) -> None:
    y, x = cointegrated(max(n, 1), seed=2)
    report = json_of(y[:n], x[:n], QUICK)
    json.dumps(report, allow_nan=False)
    for name in ("adf", "engle_granger", "johansen", "half_life", "hurst", "variance_ratio"):
        assert f"{n} bars are too few" in report["unknown"][name]
    assert report["zscore"]["value"] is None
    assert report["unknown"]["from"]


def test_tests_begin_with_120_bars() -> None:
    assert as_json(report_of(120))["engle_granger"]["pvalue"] is not None


def test_a_zscore_of_fewer_bars_than_its_window_says_so() -> None:
    report = as_json(report_of(200))
    assert report["zscore"]["window"] == 199
    assert "The z-score is warming up: 199 of 240 bars." in report["warnings"]


@pytest.mark.parametrize(
    ("y", "x"),
    [
        (np.full(300, 5.0), cointegrated(300, 1)[1]),
        (cointegrated(300, 1)[0], np.full(300, 5.0)),
        (2 * cointegrated(300, 1)[1], cointegrated(300, 1)[1]),
        (np.tile([1.0, 2.0], 150), cointegrated(300, 1)[1]),
    ],
    ids=["flat y", "flat x", "same asset", "alternating y"],
)
@pytest.mark.parametrize("hedge", ["ols", "tls", "huber", "theil-sen", "johansen"])
def test_nothing_odd_becomes_a_number_without_meaning(y: F64, x: F64, hedge: str) -> None:
    report = json_of(y, x, ReportParams(hedge=hedge, simulations=20))
    json.dumps(report, allow_nan=False)
    for name in FORM:
        part = report[name]
        if nulls(part):
            assert any(reason.split(".")[0] == name for reason in report["unknown"]), name
    assert all(report["unknown"].values())


def test_the_same_asset_is_named() -> None:
    x = cointegrated(300, 1)[1]
    report = json_of(2 * x, x, QUICK)
    assert "same asset" in report["unknown"]["engle_granger"]
    assert report["engle_granger"]["pvalue"] is None


def test_raw_prices_may_be_negative_but_have_no_returns() -> None:
    y, x = cointegrated(300, 1)
    report = json_of(y - y.mean(), x, ReportParams(prices="raw", simulations=20))
    assert report["hedge"]["ratio"] is not None
    assert "not positive" in report["unknown"]["correlation"]


def test_a_method_without_errors_says_so() -> None:
    report = as_json(report_of(params=ReportParams(hedge="tls", simulations=20)))
    assert report["hedge"]["stderr"] is None
    assert report["unknown"]["hedge.stderr"] == "tls has no standard errors"


def test_without_simulations_the_bands_are_null() -> None:
    report = as_json(report_of(params=ReportParams(simulations=0)))
    assert report["hurst"]["band"] is None
    assert report["half_life"]["low"] is None
    assert report["unknown"]["hurst.band"] == report["unknown"]["half_life.low"] == "not simulated"


def test_a_stationary_leg_is_a_warning() -> None:
    random = np.random.default_rng(3)
    y, x = np.exp(random.normal(0.0, 0.01, (2, 400)))
    warnings = json_of(y, x, QUICK)["warnings"]
    assert any(text.startswith("ETHUSDT looks stationary itself") for text in warnings)


def test_a_jump_is_a_warning() -> None:
    y, x = cointegrated(400, seed=2)
    x[200:] *= 1.5
    warnings = json_of(y, x, QUICK)["warnings"]
    assert [text for text in warnings if "median move" in text and text.startswith("BTCUSDT")]


def test_a_half_life_without_cointegration_is_a_warning() -> None:
    y, x = np.exp(np.cumsum(np.random.default_rng(12).normal(0.0, 1e-3, (2, 600)), axis=1))
    report = json_of(y, x, QUICK)
    assert report["half_life"]["bars"] is not None
    assert "The half-life is no evidence of reversion: Engle-Granger does not reject." in report["warnings"]


LIVE = ReportParams(hedge_window=200, z_window=60, simulations=50)
WINDOWS = Windows(200, 60, 60)


def live(*missing: int, n: int = 300, params: ReportParams = LIVE) -> Report:
    """Report of a live series whose y leg has holes."""
    y, x = cointegrated(n, seed=4)
    keep = np.ones(n, np.bool_)
    keep[list(missing)] = False
    bars = bars_of(y, keep=keep), bars_of(x)
    for leg in bars:
        leg["open"] = 1.0001 * leg["close"]
    scores = score(grid_of(bars[0], bars[1], n), ScoreParams(WINDOWS, hedge=params.hedge))
    return live_report(scores, bars[0], bars[1], params)


def test_a_live_report_shows_the_score_of_the_series() -> None:
    y, x = cointegrated(300, seed=4)
    series = score(grid_of(bars_of(y), bars_of(x), 300), ScoreParams(WINDOWS), 299)
    report = as_json(live())
    z = report["zscore"]
    assert report["n"] == 201
    assert z["ratio_used"] == series.hedge_ratio[0]
    assert [z["value"], z["intercept_used"]] == [series.zscore[0], series.intercept[0]]


@pytest.mark.parametrize("hedge", ["expanding", "kalman"])
def test_a_method_with_memory_is_reported_with_the_line_it_knows(hedge: str) -> None:
    y, x = cointegrated(300, seed=4)
    series = score(grid_of(bars_of(y), bars_of(x), 300), ScoreParams(WINDOWS, hedge=hedge), 299)
    report = live(params=replace(LIVE, hedge=hedge))
    assert report.hedge.line.ratio == series.forming.ratio
    assert report.hedge.line.stderr == series.forming.stderr
    assert report.hedge.n == series.forming.n


def test_a_filled_slot_has_no_return() -> None:
    report = live(250)
    assert (report.n, report.moves.correlation.n) == (201, 200 - 2)


@pytest.mark.parametrize(
    ("missing", "n", "reason"),
    [
        (range(250, 262), 300, "12 of 201 bars missing or filled"),
        (range(290, 300), 300, "stale:ETHUSDT 10.5 s"),
        ((), 100, "warming up 100 of 121"),
    ],
    ids=["holes", "stale", "young"],
)
def test_a_series_with_too_little_is_unknown(missing: Sequence[int], n: int, reason: str) -> None:
    report = as_json(live(*missing, n=n))
    assert report["unknown"]["hedge"] == report["unknown"]["zscore"] == report["unknown"]["correlation"] == reason
    json.dumps(report, allow_nan=False)


def test_a_check_trades_whole_steps_of_the_venue() -> None:
    trades = live(params=replace(LIVE, steps=(0.01, 0.001), rules=Rules(entry=1.0))).check.trades
    assert trades
    for trade in trades:
        assert trade.quantity_y / 0.01 == pytest.approx(round(trade.quantity_y / 0.01))
        assert trade.quantity_x / 0.001 == pytest.approx(round(trade.quantity_x / 0.001))


def test_a_method_without_r2_says_so() -> None:
    report = as_json(live(params=replace(LIVE, hedge="kalman")))
    assert report["hedge"]["r2"] is None
    assert report["unknown"]["hedge.r2"] == "kalman has no R²"


def test_a_check_of_a_live_series_fills_at_the_opens_of_real_bars() -> None:
    report = live()
    assert report.tape is not None
    y = cointegrated(300, seed=4)[0]
    np.testing.assert_array_equal(report.tape.fill_y, 1.0001 * y)
    np.testing.assert_array_equal(report.tape.mark_y, y)
