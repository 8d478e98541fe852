"""The JSON form of a quick check: null where a value is unknown, its reason under "unknown"."""

import math
from dataclasses import asdict
from typing import Any

from analytics.core.quickcheck.result import QuickCheck, RoundTrip

Json = dict[str, Any]


def summary(check: QuickCheck) -> Json:
    """Numbers and trades of the check as plain data; the equity, one number a bar, is left to who draws it."""
    none = check.reason or "no round trip"
    values = {
        "net": (check.net, check.reason),
        "gross": (check.gross, check.reason),
        "fees": (check.fees, check.reason),
        "net_return": (check.net_return, check.reason),
        "drawdown": (check.drawdown, check.reason),
        "win_rate": (check.win_rate, none),
        "mean_bars": (check.mean_bars, none),
        "sharpe": (check.sharpe, check.sharpe_reason),
    }
    unknown = {name: reason for name, (value, reason) in values.items() if not math.isfinite(value)}
    if any(trade.entered_ms is None for trade in (*check.trades, check.open_trade) if trade):
        unknown["trades.entered_ms"] = "the bars have no time"
    return {
        "n": check.n,
        "rules": asdict(check.rules),
        "round_trips": len(check.trades),
        **{name: float(value) if math.isfinite(value) else None for name, (value, _) in values.items()},
        "missed": check.missed,
        "too_small": check.too_small,
        "trades": [_plain(trade) for trade in check.trades],
        "open_trade": _plain(check.open_trade) if check.open_trade else None,
        "reason": check.reason,
        "unknown": unknown,
    }


def _plain(trade: RoundTrip) -> Json:
    return asdict(trade) | {"net": trade.net, "net_return": trade.net_return}
