"""What draws the line of each slot: one file a way."""

from analytics.core.hedges import method_named
from analytics.core.scoring.liners.expanding import ExpandingLines
from analytics.core.scoring.liners.kalman import KalmanLines
from analytics.core.scoring.liners.refit import RefitLines
from analytics.core.scoring.liners.rolling import RollingLines
from analytics.core.scoring.lines import Liner
from analytics.core.scoring.params import ScoreParams
from market.core.types import F64


def liner_of(params: ScoreParams, memory: F64 | None) -> Liner:
    """The lines of a spec, from the `memory` of its method or from its start."""
    live = method_named(params.hedge).live
    if live == "rolling":
        return RollingLines(params)
    if live == "refit":
        return RefitLines(params)
    return KalmanLines(params, memory) if params.hedge == "kalman" else ExpandingLines(params, memory)
