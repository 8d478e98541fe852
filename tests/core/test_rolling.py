"""Rolling line, correlation and z-score of plain series beside long double, pandas and statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.regression.rolling import RollingOLS

from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rolling import rolling_correlation, rolling_ols, rolling_zscore
from analytics.core.scoring.track import score
from analytics.core.windows import Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, cointegrated_logs, grid_of
from tests.core.test_sums import HOSTILE, Made, almost_one, dying, far_apart, steps

N, WINDOW = 10_000, 100
#: two points lie on their line: nothing about a spread of two rows is more than rounding
SHORT = 5


def exact_line(y: F64, x: F64) -> tuple[float, float, float]:
    """Slope, intercept and coefficient of correlation by two passes in long double; NaN where x or y stands still."""
    long_y, long_x = y.astype(np.longdouble), x.astype(np.longdouble)
    dy, dx = long_y - long_y.mean(), long_x - long_x.mean()
    sxx, sxy, syy = (dx * dx).sum(), (dx * dy).sum(), (dy * dy).sum()
    if not sxx > 0.0:
        return np.nan, np.nan, np.nan
    ratio = sxy / sxx
    coefficient = sxy / np.sqrt(sxx * syy) if syy > 0.0 else np.nan
    return float(ratio), float(long_y.mean() - ratio * long_x.mean()), float(coefficient)


def exact_z(y: F64, x: F64, t: int, hedge: int, z: int) -> tuple[float, float]:
    """z of D7 and the deviation it stands on, by two passes in long double."""
    past = slice(t - hedge, t)
    long_y, long_x = y.astype(np.longdouble), x.astype(np.longdouble)
    dx = long_x[past] - long_x[past].mean()
    ratio = ((long_y[past] - long_y[past].mean()) * dx).sum() / (dx * dx).sum()
    spread = (long_y[t - z : t + 1] - long_y[t]) - ratio * (long_x[t - z : t + 1] - long_x[t])
    deviation = spread[:-1].std(ddof=1)
    return float((spread[-1] - spread[:-1].mean()) / deviation), float(deviation)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ratio_is_right_to_ten_digits(seed: int) -> None:
    y, x = cointegrated_logs(N, seed)
    line = rolling_ols(y, x, WINDOW)
    for t in range(WINDOW - 1, N, 37):
        ratio, intercept, _ = exact_line(y[t - WINDOW + 1 : t + 1], x[t - WINDOW + 1 : t + 1])
        assert line.ratio[t] == pytest.approx(ratio, rel=1e-10)
        assert line.intercept[t] == pytest.approx(intercept, rel=1e-10)


@pytest.mark.parametrize("made", HOSTILE)
@pytest.mark.parametrize("window", [SHORT, 20, WINDOW, 700])
def test_line_and_correlation_of_hostile_series(made: Made, window: int) -> None:
    """The ratio's error is counted in std(y) / std(x): a ratio of 0 has no relative error."""
    y, x = made(np.random.default_rng(11), 3_000)
    line, correlation = rolling_ols(y, x, window), rolling_correlation(y, x, window)
    for t in range(window - 1, len(y), 23):
        past = slice(t - window + 1, t + 1)
        ratio, _, coefficient = exact_line(y[past], x[past])
        np.testing.assert_allclose(correlation[t], coefficient, rtol=0, atol=1e-10)
        assert np.isnan(line.ratio[t]) == np.isnan(ratio)
        if np.isfinite(ratio):
            assert abs(line.ratio[t] - ratio) <= 1e-10 * y[past].std() / x[past].std()


@pytest.mark.parametrize("made", HOSTILE)
@pytest.mark.parametrize(("hedge", "z"), [(20, 20), (WINDOW, 30), (30, WINDOW), (600, 240)])
def test_z_is_as_good_as_the_prices_are(made: Made, hedge: int, z: int) -> None:
    """Prices are rounded, and the spread is what is left of them: its error is counted in what that does to z."""
    y, x = made(np.random.default_rng(12), 3_000)
    ratio, ours = rolling_ols(y, x, hedge).ratio, rolling_zscore(y, x, hedge, z)
    known = np.flatnonzero(np.isfinite(ours))
    assert len(known)
    for t in known[:: max(1, min(23, len(known) // 9))]:
        expected, deviation = exact_z(y, x, int(t), hedge, z)
        rounding = np.finfo(np.float64).eps * (abs(y[t]) + abs(ratio[t - 1] * x[t])) / deviation
        assert abs(ours[t] - expected) <= max(rounding, 1e-9) * max(abs(expected), 1.0)


def test_statsmodels_agrees_as_far_as_it_can() -> None:
    """RollingOLS does not centre: on log prices its own error is up to 1.4e-6, near zero nothing of it is left."""
    y, x = cointegrated_logs(3_000, 4)
    for level, tolerance in ((0.0, 1e-5), (1.0, 1e-8)):
        centred_y, centred_x = y - level * y.mean(), x - level * x.mean()
        theirs = RollingOLS(centred_y, sm.add_constant(centred_x), window=WINDOW).fit(params_only=True).params
        ours = rolling_ols(centred_y, centred_x, WINDOW)
        np.testing.assert_allclose(ours.ratio, theirs[:, 1], rtol=tolerance)
        np.testing.assert_allclose(ours.intercept, theirs[:, 0], rtol=tolerance, atol=tolerance)


def test_pandas_agrees_and_has_its_holes_in_the_same_places() -> None:
    y, x = cointegrated_logs(3_000, 5)
    y[[700, 701, 1_500]] = np.nan
    x[[900, 1_500, 2_999]] = np.nan
    ys, xs = pd.Series(y), pd.Series(x)
    ys[xs.isna()] = xs[ys.isna()] = np.nan
    ratio = ys.rolling(WINDOW).cov(xs) / xs.rolling(WINDOW).var()
    np.testing.assert_allclose(rolling_ols(y, x, WINDOW).ratio, ratio.to_numpy(), rtol=1e-7)
    np.testing.assert_allclose(rolling_correlation(y, x, WINDOW), ys.rolling(WINDOW).corr(xs).to_numpy(), atol=1e-7)


def test_z_is_that_of_the_live_stream() -> None:
    y, x = cointegrated(1_500, 6)
    live = score(grid_of(bars_of(y), bars_of(x), 1_500), ScoreParams(Windows(WINDOW, 60, 60)))
    ours = rolling_zscore(np.log(y), np.log(x), WINDOW, 60)
    np.testing.assert_allclose(ours[WINDOW:], live.zscore[WINDOW:], rtol=1e-9, atol=1e-9)


def test_the_scored_row_is_in_neither_fit_nor_window() -> None:
    y, x = cointegrated_logs(400, 7)
    jumped = y.copy()
    jumped[300] += 1.0
    before, after = rolling_zscore(y, x, 100, 30), rolling_zscore(jumped, x, 100, 30)
    assert before[:300].tobytes() == after[:300].tobytes()
    # a row in its own window of 30 could not score above 29 / sqrt(30) = 5.3
    assert after[300] > 50.0


@pytest.mark.parametrize("made", [almost_one, dying, far_apart, steps])
def test_the_future_changes_nothing(made: Made) -> None:
    y, x = made(np.random.default_rng(8), 1_200)
    for stop in (150, 511, 900):
        assert rolling_ols(y[:stop], x[:stop], 60).ratio.tobytes() == rolling_ols(y, x, 60).ratio[:stop].tobytes()
        assert rolling_zscore(y[:stop], x[:stop], 60, 40).tobytes() == rolling_zscore(y, x, 60, 40)[:stop].tobytes()


@pytest.mark.parametrize(("slope", "level"), [(1.0, 0.0), (2.0, 1.0), (0.3, 5.0), (0.0, 3.0)])
def test_a_spread_that_does_not_move_has_no_score(slope: float, level: float) -> None:
    """What is left of y - level - slope x is rounding, which has a deviation too."""
    _, x = cointegrated_logs(1_000, 9)
    assert np.isnan(rolling_zscore(level + slope * x, x, 100, 60)).all()


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_no_number_is_felt_as_long_as_it_is_in_the_window(hole: float) -> None:
    y, x = cointegrated_logs(900, 10)
    holed = x.copy()
    holed[400] = hole
    unknown = np.isnan(rolling_ols(y, holed, 50).ratio)
    assert np.flatnonzero(unknown).tolist() == [*range(49), *range(400, 450)]
    z = np.isnan(rolling_zscore(y, holed, 50, 30))
    assert np.flatnonzero(z).tolist() == [*range(50), *range(400, 451)]
    after = rolling_ols(y, x, 50).ratio[450:]
    np.testing.assert_allclose(rolling_ols(y, holed, 50).ratio[450:], after, rtol=1e-12)


@pytest.mark.parametrize("rows", [0, 1, 49])
def test_too_few_rows_say_nothing(rows: int) -> None:
    y, x = cointegrated_logs(50, 11)
    for values in (rolling_ols(y[:rows], x[:rows], 50).ratio, rolling_zscore(y[:rows], x[:rows], 50, 20)):
        assert len(values) == rows
        assert np.isnan(values).all()


@pytest.mark.parametrize(("rows", "window"), [(40, 20), (50, 1)])
def test_unequal_legs_and_short_windows_are_refused(rows: int, window: int) -> None:
    y, x = cointegrated_logs(50, 12)
    with pytest.raises(ValueError, match=r"as many of each|at least 2"):
        rolling_ols(y[:rows], x, window)
