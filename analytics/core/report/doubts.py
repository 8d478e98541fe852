"""What a careful reader should know before trusting a report, in sentences."""

from collections.abc import Iterator

from analytics.core.report.pair import Report

SIGNIFICANT = 0.05
#: D22: a one-bar move beyond it is a break, not noise
JUMP_LIMIT = 25.0
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
    for symbol, jump in zip(report.sample.symbols, report.jumps, strict=True):
        if jump > JUMP_LIMIT:
            yield f"{symbol} moved by {jump:.0f} times its median move within one bar: a line may not hold across it."


def _about_legs(report: Report) -> Iterator[str]:
    for symbol, (level, change) in zip(report.sample.symbols, report.orders, strict=False):
        if level.pvalue < SIGNIFICANT:
            yield f"{symbol} looks stationary itself (ADF p = {level.pvalue:.3f}): cointegration says nothing here."
        elif not change.reason and change.pvalue >= SIGNIFICANT:
            yield f"The changes of {symbol} have a unit root (ADF p = {change.pvalue:.3f}): no statement holds."
