"""The JSON form of a basket of three to six legs."""

import math
from typing import Any

from analytics.core.cointegration.basket import Basket
from analytics.core.cointegration.johansen import Johansen
from analytics.core.reversion.half_life import HalfLife

Json = dict[str, Any]


def basket_json(found: Basket, legs: tuple[str, ...], prices: str, lags: str) -> Json:
    """One object: weights by leg, Johansen's test, the spread and its half-life; null with its reason if unknown."""
    is_known = not found.reason
    unknown = {"basket": found.reason} if found.reason else {}
    if is_known and found.half_life.reason:
        unknown["half_life"] = found.half_life.reason
    spread = found.spread
    return {
        "legs": list(legs),
        "n": found.n,
        "prices": prices,
        "lags": lags,
        "weights": dict(zip(legs, found.weights, strict=True)) if is_known else None,
        "intercept": found.intercept if is_known else None,
        "spread": {"last": float(spread[-1]), "mean": float(spread.mean()), "std": float(spread.std(ddof=1))}
        if is_known
        else None,
        "johansen": _johansen(found.test),
        "half_life": _half_life(found.half_life),
        "statement": found.statement,
        "unknown": unknown,
    }


def _johansen(test: Johansen) -> Json | None:
    if test.reason:
        return None
    return {
        "k_ar_diff": test.k_ar_diff,
        "n": test.n,
        "trace": list(test.trace),
        "trace_critical": [list(row) for row in test.trace_critical],
        "max_eigen": list(test.max_eigen),
        "max_eigen_critical": [list(row) for row in test.max_eigen_critical],
        "eigenvalues": list(test.eigenvalues),
        "rank": test.rank,
    }


def _half_life(found: HalfLife) -> Json:
    names = ("bars", "phi", "low", "high", "bars_corrected")
    values = {name: getattr(found, name) for name in names}
    return {name: float(value) if math.isfinite(value) else None for name, value in values.items()}
