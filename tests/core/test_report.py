import json
from typing import Any

import numpy as np
import pytest

from analytics.core.align import Grid
from analytics.core.report.as_json import as_json
from analytics.core.report.pair import Report, ReportParams, grid_report, pair_report, zscore
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
PLAIN = {"y", "x", "n", "prices", "lags", "from", "to", "variance_ratio", "unknown", "warnings"}
QUICK = ReportParams(simulations=50)
SYMBOLS = ("ETHUSDT", "BTCUSDT")


def report_of(n: int = 400, params: ReportParams = QUICK, *, seed: int = 2) -> Report:
    y, x = cointegrated(n, seed)
    return pair_report(y, x, params, symbols=SYMBOLS, opened_ms=np.arange(n) * 1000)


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
    assert nulls(report) == 0


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
    report = as_json(pair_report(y[:n], x[:n], QUICK, symbols=SYMBOLS))
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
    report = as_json(pair_report(y, x, ReportParams(hedge=hedge, simulations=20), symbols=SYMBOLS))
    json.dumps(report, allow_nan=False)
    for name in FORM:
        part = report[name]
        if nulls(part):
            assert any(reason.split(".")[0] == name for reason in report["unknown"]), name
    assert all(report["unknown"].values())


def test_the_same_asset_is_named() -> None:
    x = cointegrated(300, 1)[1]
    report = as_json(pair_report(2 * x, x, QUICK, symbols=SYMBOLS))
    assert "same asset" in report["unknown"]["engle_granger"]
    assert report["engle_granger"]["pvalue"] is None


def test_raw_prices_may_be_negative_but_have_no_returns() -> None:
    y, x = cointegrated(300, 1)
    report = as_json(pair_report(y - y.mean(), x, ReportParams(prices="raw", simulations=20), symbols=SYMBOLS))
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
    warnings = as_json(pair_report(y, x, QUICK, symbols=SYMBOLS))["warnings"]
    assert any(text.startswith("ETHUSDT looks stationary itself") for text in warnings)


def test_a_jump_is_a_warning() -> None:
    y, x = cointegrated(400, seed=2)
    x[200:] *= 1.5
    warnings = as_json(pair_report(y, x, QUICK, symbols=SYMBOLS))["warnings"]
    assert [text for text in warnings if "median move" in text and text.startswith("BTCUSDT")]


def test_a_half_life_without_cointegration_is_a_warning() -> None:
    y, x = np.exp(np.cumsum(np.random.default_rng(12).normal(0.0, 1e-3, (2, 600)), axis=1))
    report = as_json(pair_report(y, x, QUICK, symbols=SYMBOLS))
    assert report["half_life"]["bars"] is not None
    assert "The half-life is no evidence of reversion: Engle-Granger does not reject." in report["warnings"]


def holed_grid(*missing: int, n: int = 300) -> Grid:
    y, x = cointegrated(n, seed=4)
    keep = np.ones(n, np.bool_)
    keep[list(missing)] = False
    return grid_of(bars_of(y, keep=keep), bars_of(x), n)


def test_the_report_of_a_grid_scores_its_last_slot_as_the_live_kernel_does() -> None:
    grid = holed_grid()
    report = as_json(grid_report(grid, ReportParams(z_window=60, simulations=0), hedge_window=200))
    live = score(grid, ScoreParams(Windows(200, 60, 60)), 299)
    z = report["zscore"]
    assert report["n"] == 201
    assert z["ratio_used"] == live.hedge_ratio[0]
    assert [z["value"], z["intercept_used"]] == pytest.approx([live.zscore[0], live.intercept[0]], rel=1e-9)


def test_a_filled_slot_has_no_return() -> None:
    report = grid_report(holed_grid(250), QUICK, hedge_window=200)
    assert (report.n, report.correlation.n) == (201, 200 - 2)


@pytest.mark.parametrize(
    ("grid", "reason"),
    [
        (holed_grid(*range(250, 262)), "12 of 201 bars missing or filled"),
        (holed_grid(*range(290, 300)), "stale:ETHUSDT 10.5 s"),
        (holed_grid(n=100), "warming up 100 of 121"),
    ],
    ids=["holes", "stale", "young"],
)
def test_a_grid_with_too_little_is_unknown(grid: Grid, reason: str) -> None:
    report = as_json(grid_report(grid, QUICK, hedge_window=200))
    assert report["unknown"]["hedge"] == report["unknown"]["zscore"] == report["unknown"]["correlation"] == reason
    json.dumps(report, allow_nan=False)
