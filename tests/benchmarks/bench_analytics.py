"""Engle-Granger against statsmodels and arch, CPU time in turn, and against 60-digit arithmetic."""

import json
import sys

import numpy as np
from arch.unitroot.cointegration import engle_granger as arch_engle_granger
from statsmodels.tsa.stattools import coint

from analytics.core.cointegration.engle_granger import residual_test
from analytics.core.stationarity.lags import Lags
from market.core.types import F64
from tests.benchmarks.timing import in_turn, report
from tests.core.exact import engle_granger_t
from tests.core.pairs import cointegrated_logs

BARS = 2_000
AIC = Lags.parse("aic")
#: largest difference of t and p
STATSMODELS, EXACT = 1e-8, 1e-11


def main() -> None:
    y, x = cointegrated_logs(BARS, seed=1)
    missed = [
        *report(
            "engle_granger_aic_2000",
            in_turn(lambda: residual_test(y, x, AIC), lambda: coint(y, x, trend="c", autolag="aic"), (200, 3)),
            "statsmodels coint(autolag='aic')",
            100,
        ),
        *report(
            "engle_granger_aic_2000",
            in_turn(
                lambda: residual_test(y, x, AIC), lambda: arch_engle_granger(y, x, trend="c", method="aic"), (200, 5)
            ),
            "arch engle_granger(method='aic')",
            20,
        ),
        *_exactness(),
    ]
    if missed:
        sys.exit("; ".join(missed))


def _exactness() -> list[str]:
    """Largest differences over a few pairs: to statsmodels with AIC, to mpmath with one lag."""
    pairs = [cointegrated_logs(600, seed=seed) for seed in range(8)]
    to_statsmodels = max(_to_statsmodels(*pair) for pair in pairs)
    to_exact = max(_to_exact(*pair) for pair in pairs[:3])
    line = {"name": "engle_granger_error", "statsmodels": to_statsmodels, "mpmath_60_digits": to_exact}
    print(json.dumps(line | {"unit": "largest difference of t and p", "goals": [STATSMODELS, EXACT]}), flush=True)
    missed = [f"engle_granger_error {to_statsmodels:.1e} to statsmodels"] if to_statsmodels > STATSMODELS else []
    return [*missed, *([f"engle_granger_error {to_exact:.1e} to mpmath"] if to_exact > EXACT else [])]


def _to_statsmodels(y: F64, x: F64) -> float:
    ours = residual_test(y, x, AIC)
    statistic, pvalue, _ = coint(y, x, trend="c", autolag="aic")
    return float(max(abs(ours.statistic - statistic), abs(ours.pvalue - pvalue)))


def _to_exact(y: F64, x: F64) -> float:
    return float(np.abs(residual_test(y, x, Lags("fixed", 1)).statistic - engle_granger_t(y, x, 1)))


if __name__ == "__main__":
    main()
