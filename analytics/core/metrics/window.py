"""The spread over the window of the report, and other ways to say it."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report
from analytics.core.spreads import Spread
from analytics.core.spreads import log_ratio as _log_ratio
from analytics.core.spreads import ratio as _ratio
from analytics.core.spreads import spread_bps as _bps


@report_metric(
    "spread_std",
    "Spread σ in the window",
    group="spread",
    decimals=6,
    formula="std of y − (α + β x) over the bars of the fit, ddof 1",
    definition="In-sample: the line was fitted on these bars. The z-score uses the σ of its own window before the bar.",
    source="standard deviation with n − 1",
    warm_up="3 bars",
)
def spread_std(report: Report) -> Value:
    if len(report.spread) < 2:
        return Value.of(report, np.nan, report.hedge.reason)
    low, high = float(report.spread.min()), float(report.spread.max())
    words = f"from {low:.6g} to {high:.6g}"
    return Value.of(report, report.spread.std(ddof=1), report.hedge.reason, words, warm_up=3)


@report_metric(
    "spread_bps",
    "Spread in basis points",
    group="spread",
    unit="bps",
    decimals=1,
    formula="10⁴ · s / (1 + |β|) in logs, 10⁴ · s / (|y| + |β x|) in raw prices",
    definition="What the last deviation is worth, of the gross notional of both legs, if y comes back while x stands still, before costs.",
    source="first order in the deviation",
    warm_up="3 bars",
)
def spread_bps(report: Report) -> Value:
    if not len(report.spread):
        return Value.of(report, np.nan, report.hedge.reason)
    mode = "log-residual" if report.params.prices == "log" else "raw-residual"
    sample = report.sample
    bps = _bps(mode, report.spread[-1:], sample.y[-1:], sample.x[-1:], report.hedge.line)
    return Value.of(report, bps[0], report.hedge.reason, warm_up=3)


@report_metric(
    "log_ratio",
    "Log ratio",
    group="spread",
    parameters=(),
    formula="ln y − ln x",
    definition="The spread of β = 1, whatever the line.",
    source="prices",
    warm_up="1 bar",
    unknown="a price is not positive",
)
def log_ratio(report: Report) -> Value:
    return _last(report, _log_ratio)


@report_metric(
    "price_ratio",
    "Price ratio",
    group="spread",
    decimals=None,
    parameters=(),
    formula="y / x",
    definition="Units of x that one unit of y buys.",
    source="prices",
    warm_up="1 bar",
    unknown="x is zero",
)
def price_ratio(report: Report) -> Value:
    return _last(report, _ratio)


def _last(report: Report, mode: Spread) -> Value:
    sample = report.sample
    if not len(sample):
        return Value.of(report, np.nan, report.hedge.reason)
    return Value.of(report, mode(sample.y[-1:], sample.x[-1:], report.hedge.line)[0], warm_up=1)
