"""Whether the legs hold together."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report
from analytics.core.report.verdict import verdict
from analytics.core.report.words import critical_words, p_words
from analytics.core.stationarity.unit_root import UnitRoot


def of_test(report: Report, test: UnitRoot, note: str = "") -> Value:
    """A unit-root test as a value: statistic, with p, lags, rows and critical values in words."""
    words = f"{p_words(test.pvalue)}, {test.lags} lags, n = {test.n}, critical {critical_words(test.critical)}"
    return Value.of(report, test.statistic, test.reason, f"{words}. {note}".strip(), n=test.n)


@report_metric(
    "engle_granger_p",
    "Engle-Granger p, both directions",
    group="cointegration",
    unit="p",
    decimals=3,
    formula="p = min(1, 2 · min(p_y|x, p_x|y))",
    definition=(
        "Chance to see legs that hold together as well as these, if they did not. Each direction regresses one leg on the other and "
        "tests the residual for a unit root; doubling the smaller p pays for having looked twice. Without it 9 % instead of 5 % of unrelated pairs would pass. "
        "p-values are asymptotic: with few bars decide by the critical values."
    ),
    source="Engle and Granger (1987); MacKinnon (1994) for p, (2010) for critical values",
)
def engle_granger_p(report: Report) -> Value:
    both = report.tests.engle_granger
    says = verdict(report)
    reason = both.y_on_x.reason or both.x_on_y.reason
    return Value.of(report, both.pvalue, reason, f"{says.word}: {says.sentence}", n=both.y_on_x.n)


@report_metric(
    "engle_granger_y",
    "Engle-Granger t, y on x",
    group="cointegration",
    decimals=3,
    formula="y = α + β x + e;  Δe_t = λ e_{t−1} + Σ g_i Δe_{t−i} + u_t;  t = λ / se(λ)",
    definition="Unit-root test of what x leaves of y, step 2 without constant. Below the critical value the legs hold together.",
    source="Engle and Granger (1987); critical values of MacKinnon (2010), −22.527 and not −33.527 at 1 %",
)
def engle_granger_y(report: Report) -> Value:
    return of_test(report, report.tests.engle_granger.y_on_x)


@report_metric(
    "engle_granger_x",
    "Engle-Granger t, x on y",
    group="cointegration",
    decimals=3,
    formula="as the other direction, with the legs swapped",
    definition="Unit-root test of what y leaves of x.",
    source="Engle and Granger (1987)",
)
def engle_granger_x(report: Report) -> Value:
    return of_test(report, report.tests.engle_granger.x_on_y)


@report_metric(
    "johansen_trace",
    "Johansen trace, r = 0",
    group="cointegration",
    decimals=3,
    formula="−n Σ ln(1 − λ_i) over the eigenvalues of the VAR in error-correction form",
    definition="Likelihood ratio against “no relation”; it does not depend on which leg is y. Above the 95 % value at least one relation is found.",
    source="Johansen (1991); critical values of MacKinnon, Haug and Michelis (1999)",
)
def johansen_trace(report: Report) -> Value:
    test = report.tests.johansen
    if test.reason:
        return Value.of(report, np.nan, test.reason)
    words = f"95 % {test.trace_critical[0][1]:.2f}; r ≤ 1: {test.trace[1]:.3f}, 95 % {test.trace_critical[1][1]:.2f}; {test.k_ar_diff} lags, n = {test.n}"
    return Value.of(report, test.trace[0], "", words, n=test.n)


@report_metric(
    "johansen_rank",
    "Johansen rank",
    group="cointegration",
    decimals=0,
    formula="number of relations that the trace test finds at 95 %",
    definition="1 is cointegration. 0 is none; 2 says that both legs look stationary themselves, which is no cointegration.",
    source="Johansen (1991)",
)
def johansen_rank(report: Report) -> Value:
    test = report.tests.johansen
    return Value.of(report, np.nan if test.reason else test.rank, test.reason, n=test.n)


@report_metric(
    "johansen_rank_driftless",
    "Johansen rank without drift",
    group="cointegration",
    decimals=0,
    formula="the same trace against critical values for prices that do not drift",
    definition=(
        "The usual critical values suppose a drift in the prices; without one they find a relation in 11 % of unrelated walks, and rank 1 in 5.6 %. "
        "These hold 5 % for prices without drift, as bars of minutes are."
    ),
    source="critical values simulated with a fixed seed, within 3.5 % of Osterwald-Lenum (1992)",
)
def johansen_rank_driftless(report: Report) -> Value:
    test = report.tests.johansen
    return Value.of(report, np.nan if test.reason else test.rank_without_drift, test.reason, n=test.n)


@report_metric(
    "johansen_ratio",
    "β of Johansen's vector",
    group="cointegration",
    formula="−v_x / v_y of the first eigenvector",
    definition="Hedge ratio of the most stationary combination; the inverse when the legs are swapped. Trust it only where the rank is 1.",
    source="Johansen (1991)",
)
def johansen_ratio(report: Report) -> Value:
    test = report.tests.johansen
    return Value.of(report, np.nan if test.reason else -test.vector[1], test.reason, n=test.n)


@report_metric(
    "phillips_ouliaris_zt",
    "Phillips-Ouliaris Z_t",
    group="cointegration",
    decimals=3,
    parameters=("hedge_window",),
    formula="t-ratio of the residual's unit root, corrected by a long-run variance with Bartlett weights",
    definition="The question of Engle-Granger y on x without lagged changes: autocorrelation is taken out by a kernel.",
    source="Phillips and Ouliaris (1990)",
)
def phillips_ouliaris_zt(report: Report) -> Value:
    test = report.tests.phillips_ouliaris
    words = f"{p_words(test.pvalue)}, bandwidth {test.bandwidth}, critical {critical_words(test.critical)}"
    return Value.of(report, test.z_t, test.reason, words, n=test.n)


@report_metric(
    "phillips_ouliaris_pz",
    "Phillips-Ouliaris P_z",
    group="cointegration",
    decimals=2,
    parameters=("hedge_window",),
    formula="n · tr(Ω̂ M⁻¹)",
    definition="The same for x on y as for y on x. Above the critical value the legs hold together.",
    source="Phillips and Ouliaris (1990), table IVb",
)
def phillips_ouliaris_pz(report: Report) -> Value:
    test = report.tests.phillips_ouliaris
    words = f"bandwidth {test.bandwidth}, critical {critical_words(test.p_z_critical)}"
    return Value.of(report, test.p_z, test.reason, words, n=test.n)


@report_metric(
    "adf_spread",
    "ADF of the spread",
    group="cointegration",
    decimals=3,
    formula="Δs_t = c + λ s_{t−1} + Σ g_i Δs_{t−i} + u_t;  t = λ / se(λ)",
    definition=(
        "Valid only for a β that was known in advance. The spread here was fitted on the same bars, and then this test calls 15 to 17 % of "
        "unrelated random walks stationary at 5 %: Engle-Granger judges the pair."
    ),
    source="Dickey and Fuller (1979)",
)
def adf_spread(report: Report) -> Value:
    return of_test(report, report.tests.adf, "β was fitted on the same bars: p is too small.")
