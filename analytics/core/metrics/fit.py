"""The hedge line of each bar with its errors: what is shown together."""

from analytics.core.metrics import bar_metric
from analytics.core.scoring.scores import Scores
from market.core.types import F64

_NO_ERRORS = "this hedge method has no standard errors"


@bar_metric(
    "hedge_ratio",
    "Hedge ratio β",
    group="fit",
    parameters=("hedge", "prices", "hedge_window"),
    formula="OLS: β = Sxy / Sxx over the bars t − W … t − 1",
    definition=(
        "Slope of the line of y on x, by the hedge method of the pair, from bars closed before the one it is used for. "
        "With log prices β is a notional ratio: hold β USDT of x for 1 USDT of y. With raw prices it is a unit ratio: "
        "β units of x for 1 unit of y. Swapped legs do not give 1/β, except with total least squares and Johansen."
    ),
    source="least squares; Huber (1964), Theil (1950), Sen (1968), Johansen (1991), Kalman (1960)",
    unknown="the hedge method found no line",
)
def hedge_ratio(scores: Scores) -> F64:
    return scores.hedge_ratio


@bar_metric(
    "intercept",
    "Intercept α",
    group="fit",
    decimals=6,
    parameters=("hedge", "prices", "hedge_window"),
    formula="α = mean(y) − β · mean(x)",
    definition="Height of the line, always estimated: the spread is a residual that includes it.",
    source="least squares with constant",
    unknown="the hedge method found no line",
)
def intercept(scores: Scores) -> F64:
    return scores.intercept


@bar_metric(
    "hedge_stderr",
    "Standard error of β",
    group="fit",
    decimals=6,
    parameters=("hedge", "prices", "hedge_window"),
    formula="OLS: √(SSE / (n − 2) / Sxx); Kalman: √P_ββ of the prediction",
    definition=(
        "Classical standard error of the slope. Of prices with a unit root it is too small to test anything: it "
        "compares fits, it does not prove one."
    ),
    source="held to NIST's certified Norris data; Kalman (1960)",
    unknown=_NO_ERRORS,
)
def hedge_stderr(scores: Scores) -> F64:
    return scores.stderr


@bar_metric(
    "intercept_stderr",
    "Standard error of α",
    group="fit",
    decimals=6,
    parameters=("hedge", "prices", "hedge_window"),
    formula="OLS: √(SSE / (n − 2) · (1 / n + mean(x)² / Sxx))",
    definition="Classical standard error of the intercept.",
    source="held to NIST's certified Norris data; Kalman (1960)",
    unknown=_NO_ERRORS,
)
def intercept_stderr(scores: Scores) -> F64:
    return scores.intercept_stderr


@bar_metric(
    "hedge_r2",
    "R² of the fit",
    group="fit",
    parameters=("hedge", "prices", "hedge_window"),
    formula="R² = 1 − Σ(y − α − βx)² / Σ(y − mean(y))²",
    definition=(
        "Share of the variance of y that the line explains. Two unrelated random walks often reach 0.8: it is no "
        "evidence of cointegration."
    ),
    source="NIST Norris data",
    unknown="not defined for this hedge method, or y did not move",
)
def hedge_r2(scores: Scores) -> F64:
    return scores.r2


@bar_metric(
    "hedge_n",
    "Bars in the fit",
    group="fit",
    unit="bars",
    decimals=0,
    formula="n = bars of the hedge window that have both prices",
    definition="A window is a stretch of time; with more than 5 % of its bars missing or carried nothing is said.",
    source="count",
)
def hedge_n(scores: Scores) -> F64:
    return scores.n_valid.astype(float)


@bar_metric(
    "innovation",
    "Kalman innovation score",
    group="fit",
    unit="σ",
    decimals=2,
    parameters=("prices", "hedge_window"),
    warm_up="the hedge window, on which the noise is estimated",
    formula="e_t / √S_t, e_t = y_t − α_{t|t−1} − β_{t|t−1} x_t, S_t = h'P_{t|t−1}h + R, h = (1, x_t − mean(x))",
    definition=(
        "Surprise of one bar for the Kalman filter, before it learns from it. A one-step surprise, not a distance from "
        "equilibrium: the z-score beside it is that. R, q_α and q_β are estimated together by maximum likelihood on "
        "the warm-up alone; the filter never looks back (no smoother)."
    ),
    source="Kalman (1960), Harvey (1989)",
    unknown="only the Kalman filter has an innovation",
)
def innovation(scores: Scores) -> F64:
    return scores.innovation
