"""Rolling OLS, z-score and one live update against what a user would pick, and against long double."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numba import njit
from statsmodels.regression.rolling import RollingOLS

from analytics.core.align import Grid
from analytics.core.scoring.fitted import lines_of_moments
from analytics.core.scoring.layout import COLUMNS, SUMS, N
from analytics.core.scoring.lines import LINE
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rolling import rolling_ols, rolling_zscore
from analytics.core.scoring.rows import Legs, Rows
from analytics.core.scoring.slots import VALUES, correlate_slots, score_slots
from analytics.core.scoring.sums import roll
from analytics.core.scoring.track import Track
from analytics.core.windows import Windows
from market.core.types import F64, I64
from tests.benchmarks.timing import cpu_us, in_turn, report
from tests.core.pairs import bars_of, cointegrated, grid_of

BARS, WINDOW, LIVE_WINDOW, UPDATES = 10_000, 100, 1_440, 2_000
#: relative error of the hedge ratio against long double
MOST_ERROR = 1e-10


def main() -> None:
    y, x = (np.log(leg) for leg in cointegrated(BARS, seed=1))
    missed = [*_against_statsmodels(y, x), *_against_pandas(y, x), *_zscores(y, x), *_one_update()]
    error = _error(y, x)
    print(
        json.dumps(
            {"name": "rolling_ols_error", "ours": error, "baseline": MOST_ERROR, "unit": "relative to long double"}
        )
    )
    if error > MOST_ERROR:
        missed.append(f"rolling_ols_error {error:.1e}, goal {MOST_ERROR:.0e}")
    if missed:
        sys.exit("; ".join(missed))


def _against_statsmodels(y: F64, x: F64) -> list[str]:
    design = sm.add_constant(x)
    figures = in_turn(
        lambda: rolling_ols(y, x, WINDOW),
        lambda: RollingOLS(y, design, window=WINDOW).fit(params_only=True),
        (100, 1),
    )
    return report("rolling_ols_10000_100", figures, "statsmodels RollingOLS(params_only)", 500)


def _against_pandas(y: F64, x: F64) -> list[str]:
    ys, xs = pd.Series(y), pd.Series(x)
    figures = in_turn(
        lambda: rolling_ols(y, x, WINDOW), lambda: ys.rolling(WINDOW).cov(xs) / xs.rolling(WINDOW).var(), (200, 40)
    )
    return report("rolling_ols_10000_100", figures, "pandas rolling cov / var", 8)


def _zscores(y: F64, x: F64) -> list[str]:
    ours, theirs = rolling_zscore(y, x, WINDOW, WINDOW), pandas_zscore(y, x)
    difference = float(np.nanmax(np.abs(ours - theirs)))
    figures = in_turn(lambda: rolling_zscore(y, x, WINDOW, WINDOW), lambda: pandas_zscore(y, x), (100, 20))
    return report("zscore_10000_100", figures, "pandas, the same definition", 4, largest_difference=difference)


def pandas_zscore(y: F64, x: F64) -> F64:
    """D7 with pandas: line and moments of the rows before, spreads of the window by the line of the scored row."""
    ys, xs = pd.Series(y), pd.Series(x)
    rolling_y, rolling_x = ys.rolling(WINDOW), xs.rolling(WINDOW)
    mean_y, mean_x = rolling_y.mean().shift(), rolling_x.mean().shift()
    var_y, var_x, cov = rolling_y.var().shift(), rolling_x.var().shift(), rolling_y.cov(xs).shift()
    b = cov / var_x
    z: F64 = (((ys - mean_y) - b * (xs - mean_x)) / np.sqrt(var_y - 2 * b * cov + b * b * var_x)).to_numpy()
    return z


def _one_update() -> list[str]:
    """All statistics of one more bar, windows of 1,440: sums moved on, against windows read again.

    Ours runs in the compiled loop that scores a stretch of bars. Told beside it: the same with windows summed anew by
    our own kernels, the leanest numpy we can write, and one bar through `Track`, as a worker calls it.
    """
    n = LIVE_WINDOW + UPDATES + 300
    y, x = cointegrated(n, seed=2)
    grid = grid_of(bars_of(y), bars_of(x), n)
    rows = Rows.of(grid, "log")
    start = n - UPDATES
    log_y, log_x = np.log(y), np.log(x)

    def kernels(is_anew: bool, count: int = UPDATES) -> float:
        return float(_updates(rows.legs, rows.returns, (rows.holes, rows.return_holes), (start, count), is_anew))

    def notebook(one: Callable[[F64, F64, int], float], count: int) -> float:
        return sum(one(log_y, log_x, t) for t in range(start, start + count))

    expected = notebook(_numpy_slot, 50)
    for found in (kernels(False, 50), kernels(True, 50), notebook(_lean_slot, 50)):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    some = 200
    ours, theirs, _ = in_turn(lambda: kernels(False), lambda: notebook(_numpy_slot, some), (20, 1))
    _, anew, _ = in_turn(lambda: kernels(False), lambda: kernels(True), (20, 2))
    _, lean, _ = in_turn(lambda: kernels(False), lambda: notebook(_lean_slot, some), (20, 1))
    figures = (ours / UPDATES, theirs / some, theirs / some / (ours / UPDATES))
    more = {
        "own_kernels_anew_us": round(anew / UPDATES, 2),
        "lean_numpy_us": round(lean / some, 1),
        "through_track_us": round(_through_track(grid, start), 1),
    }
    return report("one_live_update_1440", figures, "numpy polyfit, mean, std and corrcoef of the windows", 100, **more)


def _numpy_slot(y: F64, x: F64, t: int) -> float:
    """z-score plus correlation of one slot, written as one would in a notebook."""
    past = slice(t - LIVE_WINDOW, t)
    b, a = np.polyfit(x[past], y[past], 1)
    spread = y[past] - a - b * x[past]
    window = slice(t - LIVE_WINDOW, t + 1)
    correlation = np.corrcoef(np.diff(y[window]), np.diff(x[window]))[0, 1]
    return float((y[t] - a - b * x[t] - spread.mean()) / spread.std(ddof=1) + correlation)


def _lean_slot(y: F64, x: F64, t: int) -> float:
    """The same with as little numpy as possible."""
    past_y, past_x = y[t - LIVE_WINDOW : t], x[t - LIVE_WINDOW : t]
    mean_y, mean_x = past_y.mean(), past_x.mean()
    dx = past_x - mean_x
    dy = past_y - mean_y
    b = dx @ dy / (dx @ dx)
    spread = dy - b * dx
    z = ((y[t] - mean_y) - b * (x[t] - mean_x)) / np.sqrt(spread @ spread / (LIVE_WINDOW - 1))
    ry, rx = np.diff(y[t - LIVE_WINDOW : t + 1]), np.diff(x[t - LIVE_WINDOW : t + 1])
    ry -= ry.mean()
    rx -= rx.mean()
    return float(z + ry @ rx / np.sqrt((ry @ ry) * (rx @ rx)))


def _through_track(grid: Grid, start: int) -> float:
    """One bar taken and scored by the object that a worker keeps of a pair."""
    track = Track(_part(grid, 0, start), ScoreParams(Windows(LIVE_WINDOW, LIVE_WINDOW, LIVE_WINDOW)))
    track.score(_part(grid, 0, start), start - 1, start)
    tails = iter([_part(grid, slot, slot + 1) for slot in range(start, len(grid))])

    def one() -> None:
        tail = next(tails)
        track.extend(tail)
        track.score(tail, 0, 1)

    return cpu_us(one, UPDATES)


def _part(grid: Grid, start: int, stop: int) -> Grid:
    columns = ("opened_ms", "y", "x", "state", "last_y_ms", "last_x_ms")
    return replace(grid, **{name: getattr(grid, name)[start:stop] for name in columns}, first=grid.first - start)


@njit(cache=False)
def _updates(legs: Legs, returns: Legs, holes: tuple[I64, I64], span: tuple[int, int], is_anew: bool) -> float:
    """Sum of the z-scores of the slots of the span, one after the other as bars come."""
    start, count = span
    hedge, z, moves = np.zeros(SUMS), np.zeros(SUMS), np.zeros(SUMS)
    hedge[N] = z[N] = moves[N] = -1.0
    columns, lines = np.empty((COLUMNS, 1)), np.empty((LINE, 1))
    values, reasons = np.empty((VALUES, 1)), np.zeros((1, 4, 3), np.int32)
    total = 0.0
    for t in range(start, start + count):
        if is_anew:
            hedge[N] = z[N] = moves[N] = -1.0
        # a slot whose number is a multiple of 256 is summed anew
        number = 256 - t % 256 if is_anew else 0
        roll(legs, LIVE_WINDOW, (0, number), (t, t + 1), hedge, columns)
        lines[:] = np.nan
        place = (LIVE_WINDOW, LIVE_WINDOW, 0, t)
        lines_of_moments(legs, holes[0], place, False, columns, lines, reasons[:, 0])
        roll(legs, LIVE_WINDOW, (0, number), (t, t + 1), z, columns)
        values[:] = np.nan
        score_slots(legs, holes[0], (LIVE_WINDOW, 0, t, t + 1), lines, columns, values, reasons)
        roll(returns, LIVE_WINDOW, (1, number - 1), (t + 1, t + 2), moves, columns)
        correlate_slots(returns, holes[1], (LIVE_WINDOW, 0, t), columns, values, reasons)
        total += values[1, 0] + values[2, 0]
    return total


def _error(y: F64, x: F64) -> float:
    """Largest relative error of the hedge ratio over every seventh window."""
    ours = rolling_ols(y, x, WINDOW).ratio
    wide_y, wide_x = y.astype(np.longdouble), x.astype(np.longdouble)
    worst = 0.0
    for stop in range(WINDOW, BARS + 1, 7):
        a, b = wide_y[stop - WINDOW : stop], wide_x[stop - WINDOW : stop]
        dx = b - b.mean()
        exact = (dx @ (a - a.mean())) / (dx @ dx)
        worst = max(worst, float(abs((ours[stop - 1] - exact) / exact)))
    return worst


if __name__ == "__main__":
    main()
