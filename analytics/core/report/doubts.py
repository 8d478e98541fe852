"""What a careful reader should know before trusting a report, in sentences."""

from collections.abc import Iterator

from analytics.core.report.pair import Report
from analytics.core.report.words import p_words

SIGNIFICANT = 0.05
#: below it the asymptotic p-values and the critical values may disagree
SMALL_SAMPLE = 500


def doubts(report: Report) -> Iterator[str]:
    """Warnings of one report; none for what is unknown, since that has its reason."""
    yield from _about_prices(report)
    if report.tests.reason:
        return
    yield from _about_legs(report)
    p = report.tests.engle_granger.pvalue
    if report.n < SMALL_SAMPLE:
        yield f"{report.n} bars: p-values are asymptotic, decide by the critical values."
    if not p < SIGNIFICANT and not report.tests.half_life.reason:
        yield "The half-life is no evidence of reversion: Engle-Granger does not reject."
    if report.tests.johansen.rank == 2:
        yield "Johansen finds rank 2: both legs look stationary, so this is not cointegration."


def _about_prices(report: Report) -> Iterator[str]:
    params, z = report.params, report.zscore
    if params.hedge == "tls" and params.prices == "raw":
        yield "Total least squares on raw prices depends on their unit: use log prices."
    if not z.reason and z.window < params.z_window:
        yield f"The z-score is warming up: {z.window} of {params.z_window} bars."
    yield from report.breaks.sentences
    if report.moves.epps.warning:
        yield report.moves.epps.warning


def _about_legs(report: Report) -> Iterator[str]:
    for symbol, order in zip(report.sample.symbols, report.tests.orders, strict=True):
        if order.order == 0:
            p = p_words(order.level.pvalue)
            yield f"{symbol} looks stationary itself (ADF {p}): cointegration says nothing here."
        elif order.order == 2:
            yield f"The changes of {symbol} have a unit root (ADF {p_words(order.change.pvalue)}): no statement holds."
    white = report.tests.whiteness
    if white.pvalue < SIGNIFICANT and not report.tests.half_life.reason:
        yield f"The spread is no AR(1) (Ljung-Box {p_words(white.pvalue)}): its half-life is a rough guide."
