"""Each leg for itself: its returns and how often it trades."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report
from analytics.core.report.sample import Sample

_LEGS = ("y", "x")


def _volatility(leg: int) -> None:
    @report_metric(
        f"volatility_{_LEGS[leg]}",
        f"Volatility of {_LEGS[leg]}, a year",
        group="legs",
        unit="%",
        decimals=1,
        inputs="one-bar log returns",
        parameters=("hedge_window",),
        warm_up="10 returns",
        formula="100 · std(r) · √(bars in 365 days), ddof 1",
        definition="The market never closes: a year has 365 days of 24 hours.",
        source="365 days a year: the market never closes",
        unknown="the bars have no time",
    )
    def volatility(report: Report) -> Value:
        found = report.moves.legs[leg]
        words = f"{100 * found.volatility:.4g} % a bar"
        return Value.of(report, 100 * found.volatility_annual, found.reason, words, n=found.n, warm_up=10)


def _shape(leg: int) -> None:
    @report_metric(
        f"skew_{_LEGS[leg]}",
        f"Skew of {_LEGS[leg]}",
        group="legs",
        decimals=2,
        inputs="one-bar log returns",
        parameters=("hedge_window",),
        warm_up="10 returns",
        formula="G1 = n / ((n − 1)(n − 2)) Σ ((r − mean) / std)³",
        definition="Below 0: falls are larger than rises.",
        source="Joanes and Gill (1998)",
    )
    def skew(report: Report) -> Value:
        found = report.moves.legs[leg]
        return Value.of(report, found.skew, found.reason, n=found.n, warm_up=10)

    @report_metric(
        f"kurtosis_{_LEGS[leg]}",
        f"Excess kurtosis of {_LEGS[leg]}",
        group="legs",
        decimals=2,
        inputs="one-bar log returns",
        parameters=("hedge_window",),
        warm_up="10 returns",
        formula="G2, unbiased for a normal distribution, which has 0",
        definition="Above 0: wild returns are more common than a normal distribution has them.",
        source="Joanes and Gill (1998)",
    )
    def kurtosis(report: Report) -> Value:
        found = report.moves.legs[leg]
        return Value.of(report, found.excess_kurtosis, found.reason, n=found.n, warm_up=10)

    @report_metric(
        f"acf1_{_LEGS[leg]}",
        f"Autocorrelation of {_LEGS[leg]}, lag 1",
        group="legs",
        decimals=3,
        inputs="one-bar log returns",
        parameters=("hedge_window",),
        warm_up="10 returns",
        formula="Σ d_t d_{t+1} / Σ d_t², d = r − mean",
        definition="Below 0 on short bars: last prices bounce between bid and ask.",
        source="Roll (1984) on the bounce",
    )
    def acf1(report: Report) -> Value:
        found = report.moves.legs[leg]
        number = found.acf[0] if len(found.acf) else np.nan
        return Value.of(report, number, found.reason, f"±{found.acf_band:.3f} without memory", n=found.n, warm_up=10)


def _rate(leg: int) -> None:
    @report_metric(
        f"trade_rate_{_LEGS[leg]}",
        f"Trades of {_LEGS[leg]}",
        group="legs",
        unit="/min",
        decimals=1,
        inputs="trades in the bars",
        parameters=("hedge_window",),
        warm_up="1 bar",
        formula="60 · trades in the window / its seconds",
        definition="Aggregate trades. A leg that trades less than once a bar has old prices.",
        source="Binance aggregate trades",
        unknown="the file has no trades",
    )
    def trade_rate(report: Report) -> Value:
        sample: Sample = report.sample
        return Value.of(report, 60.0 * sample.rates[leg], warm_up=1)


for _leg in range(2):
    _volatility(_leg)
    _shape(_leg)
    _rate(_leg)
