"""How the returns of the legs move together."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report

_RETURNS = "one-bar log returns between bars in which both legs traded"


@report_metric(
    "pearson_returns",
    "Correlation of returns",
    group="dependence",
    inputs=_RETURNS,
    parameters=("hedge_window",),
    warm_up="3 returns",
    formula="Sxy / √(Sxx Syy) of Δln y and Δln x",
    definition="Over the whole window of the report; never of prices.",
    source="Pearson (1895)",
)
def pearson_returns(report: Report) -> Value:
    found = report.moves.correlation
    return Value.of(report, found.pearson, found.reason, f"n = {found.n}", n=found.n, warm_up=3)


@report_metric(
    "spearman_returns",
    "Rank correlation of returns",
    group="dependence",
    inputs=_RETURNS,
    parameters=("hedge_window",),
    warm_up="3 returns",
    formula="Pearson's coefficient of the ranks, equal values share theirs",
    definition="Not moved by single wild returns.",
    source="Spearman (1904)",
)
def spearman_returns(report: Report) -> Value:
    found = report.moves.correlation
    return Value.of(report, found.spearman, found.reason, f"n = {found.n}", n=found.n, warm_up=3)


@report_metric(
    "lead_lag",
    "Lead of y",
    group="dependence",
    unit="bars",
    decimals=0,
    inputs=_RETURNS,
    parameters=("hedge_window",),
    warm_up="10 returns",
    formula="lag k of the greatest |corr(r_y(t), r_x(t + k))|, k = −60 … 60",
    definition=(
        "Positive: y moves first. Believe it only beyond the band for having looked at 121 lags. A leg that trades "
        "seldom looks late because its price is old."
    ),
    source="bands of white noise, Bartlett (1946)",
)
def lead_lag(report: Report) -> Value:
    found = report.moves.lead_lag
    if found.best is None:
        return Value.of(report, np.nan, found.reason)
    at = int(np.flatnonzero(found.lags == found.best)[0])
    strength = float(found.correlations[at])
    sense = "beyond" if abs(strength) > found.widest_band else "inside"
    words = f"correlation {strength:.3f} there, {sense} the band of ±{found.widest_band:.3f}"
    return Value.of(report, found.best, found.reason, words, n=int(found.n[at]), warm_up=10)


@report_metric(
    "epps_plateau",
    "Correlation on long bars",
    group="dependence",
    inputs="log closes at growing bar sizes",
    parameters=("hedge_window",),
    formula="mean of the correlations at the three longest bar sizes, weighted by their returns",
    definition="Where the curve of correlation against bar size settles. On shorter bars a quiet leg hides it (Epps effect).",
    source="Epps (1979)",
    unknown="no plateau",
)
def epps_plateau(report: Report) -> Value:
    found = report.moves.epps
    curve = ", ".join(f"{size}: {value:.2f}" for size, value in zip(found.sizes, found.correlations, strict=True))
    return Value.of(report, found.plateau, found.reason, f"by bars {curve}")


@report_metric(
    "epps_shortest",
    "Shortest useful bar",
    group="dependence",
    unit="bars",
    decimals=0,
    inputs="log closes at growing bar sizes",
    parameters=("hedge_window",),
    formula="least size whose correlation reaches 90 % of the plateau",
    definition="In bars of this pair's timeframe. Above 1 the pair's bars are too short for their correlation.",
    source="Epps (1979)",
    unknown="no plateau to compare with",
)
def epps_shortest(report: Report) -> Value:
    found = report.moves.epps
    number = np.nan if found.shortest is None else found.shortest
    return Value.of(report, number, found.reason, found.warning)
