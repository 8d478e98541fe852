"""What the quick mean-reversion check says."""

import numpy as np

from analytics.core.metrics import Value, report_metric
from analytics.core.report.pair import Report

_PARAMETERS = ("hedge", "prices", "hedge_window", "z_window")
_HOW = (
    "Signals of closed bars; a signal is filled at the first bar that opens at least 2.5 s after its bar closed, both legs at their own "
    "prices; quantities fixed at the fill; P&L = q_y Δy + q_x Δx − fees, 5 bps a leg and trade. z-scores that are still warming up count too. A check, no backtest: no funding, no slippage."
)


@report_metric(
    "check_trips",
    "Round trips",
    group="check",
    decimals=0,
    parameters=_PARAMETERS,
    formula="enter at |z| ≥ 2, leave where z comes back through 0.5",
    definition=_HOW,
    source="Binance's base taker fee; fills at the first open after the signal is known",
    warm_up="a first z-score",
)
def check_trips(report: Report) -> Value:
    check = report.check
    words = f"{check.missed} missed for want of a price" + (", one open" if check.open_trade else "")
    return Value.of(report, np.nan if check.reason else len(check.trades), check.reason, words, n=check.n)


@report_metric(
    "check_return",
    "Net return",
    group="check",
    unit="%",
    decimals=2,
    parameters=_PARAMETERS,
    formula="100 · (P&L of both legs − fees) / gross notional of both legs",
    definition=_HOW,
    source="P&L of the two legs; position × change of the spread would find profit in noise",
    warm_up="a first z-score",
)
def check_return(report: Report) -> Value:
    check = report.check
    words = f"gross {check.gross:.2f}, fees {check.fees:.2f}, net {check.net:.2f} on {check.rules.gross:,.0f}"
    return Value.of(report, 100 * check.net_return, check.reason, words, n=check.n)


@report_metric(
    "check_sharpe",
    "Sharpe ratio",
    group="check",
    decimals=2,
    parameters=_PARAMETERS,
    formula="mean / std of daily P&L · √365",
    definition="Only from 30 round trips and 20 days on: below that it is luck.",
    source="365 days a year: the market never closes",
    warm_up="30 round trips and 20 days",
)
def check_sharpe(report: Report) -> Value:
    check = report.check
    return Value.of(report, check.sharpe, check.reason or check.sharpe_reason, n=check.n)
