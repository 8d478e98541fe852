"""Spread, z-score and rolling correlation of each bar."""

from analytics.core.metrics import bar_metric
from analytics.core.scoring.scores import Scores
from market.core.types import F64


@bar_metric(
    "spread",
    "Spread",
    group="spread",
    decimals=6,
    parameters=("hedge", "prices", "hedge_window"),
    formula="s_t = y_t − (α + β x_t), α and β from bars before t",
    definition="Distance of y from its line in the price space of the pair: of logarithms, or in the unit of y.",
    source="residual of the line",
    unknown="no line or no price for this bar",
)
def spread(scores: Scores) -> F64:
    return scores.spread


@bar_metric(
    "zscore",
    "z-score",
    group="spread",
    unit="σ",
    decimals=2,
    parameters=("hedge", "prices", "hedge_window", "z_window"),
    formula="z_t = (s_t − mean(s_{t−W} … s_{t−1})) / std(s_{t−W} … s_{t−1}), ddof 1, all by the α, β known at t − 1",
    definition=(
        "The scored bar is neither in its own window nor in the fit. Alerts and checks use this value of closed bars; "
        "that of the forming bar uses the same line, mean and deviation with the last prices. |z| > 2 with W = 60 "
        "happens in 5 % of the bars of white noise, 10 % of an AR(1) with a half-life of 10 bars and 16 % of a random "
        "walk that never comes back: it is no evidence of reversion by itself."
    ),
    source="without the scored bar, whose |z| could otherwise never exceed (n − 1) / √n",
    unknown="no line, no price or no movement for this bar",
)
def zscore(scores: Scores) -> F64:
    return scores.zscore


@bar_metric(
    "correlation",
    "Rolling correlation",
    group="dependence",
    decimals=2,
    parameters=("correlation_window",),
    formula="Pearson's coefficient of Δln y and Δln x over the W returns that end with the bar",
    definition=(
        "Of simultaneous one-bar log returns between adjacent bars in which both legs traded; never of prices. A quiet "
        "leg pulls it to zero on short bars: see the Epps curve."
    ),
    source="Pearson (1895)",
    unknown="a leg did not move",
)
def correlation(scores: Scores) -> F64:
    return scores.correlation
