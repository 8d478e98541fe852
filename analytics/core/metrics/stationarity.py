"""Order of integration of the legs, and breaks."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report
from analytics.core.report.words import critical_words, p_words

_LEGS = ("y", "x")


def _order(leg: int) -> None:
    @report_metric(
        f"order_{_LEGS[leg]}",
        f"Order of integration of {_LEGS[leg]}",
        group="stationarity",
        decimals=0,
        formula="ADF at 5 %: the level must not reject, its change must",
        definition="1 is what cointegration supposes of a leg. 0: the leg is stationary itself and cointegration says nothing. 2: even its changes have a unit root.",
        source="Dickey and Fuller (1979), MacKinnon (2010)",
    )
    def order(report: Report) -> Value:
        found = report.tests.orders[leg]
        number = np.nan if found.order is None else found.order
        return Value.of(report, number, found.reason, found.statement, n=found.n)


def _jump(leg: int) -> None:
    @report_metric(
        f"jump_{_LEGS[leg]}",
        f"Greatest jump of {_LEGS[leg]}",
        group="stationarity",
        unit="× median",
        decimals=1,
        parameters=("hedge_window",),
        formula="max |r − median(r)| / median |r − median(r)| of one-bar log returns r",
        definition="Greatest move within one bar. Beyond 25 a line may not hold across it.",
        source="25 median absolute deviations",
    )
    def jump(report: Report) -> Value:
        found = report.breaks.jumps[leg]
        words = f"{'a break' if found.is_break else 'no break'}; a move of {100 * found.move:.3g} %"
        return Value.of(report, found.multiple, found.reason, words, n=found.n)


@report_metric(
    "kpss_spread",
    "KPSS of the spread",
    group="stationarity",
    decimals=3,
    parameters=("hedge_window",),
    formula="n⁻² Σ S_t² / σ̂²_long-run, S_t partial sums of the spread about its mean",
    definition="Turns the question round: above the critical value the spread is not stationary about a level. Lags of the long-run variance by Hobijn, Franses and Ooms.",
    source="Kwiatkowski, Phillips, Schmidt and Shin (1992)",
)
def kpss_spread(report: Report) -> Value:
    test = report.tests.kpss
    p = f"p {test.bound + ' ' if test.bound else '= '}{test.pvalue:.3f}"
    words = f"{p}, {test.lags} lags, critical {critical_words(test.critical)}"
    return Value.of(report, test.statistic, test.reason, words, n=test.n)


@report_metric(
    "zivot_andrews",
    "Zivot-Andrews of the spread",
    group="stationarity",
    decimals=3,
    formula="least ADF t of the spread over all dates of one step of its level",
    definition="A spread that is stationary only around a step has left its line: the relation of before is not that of after.",
    source="Zivot and Andrews (1992)",
)
def zivot_andrews(report: Report) -> Value:
    test = report.breaks.step
    words = f"{p_words(test.pvalue)}, step after bar {test.break_at}, {test.lags} lags, critical {critical_words(test.critical)}"
    return Value.of(report, test.statistic, test.reason, words, n=test.n)


for _leg in range(2):
    _order(_leg)
    _jump(_leg)
