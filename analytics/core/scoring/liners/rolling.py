"""The line of the newest window, moved on by one bar at a time."""

import numpy as np

from analytics.core.scoring.fitted import lines_of_moments
from analytics.core.scoring.layout import COLUMNS, no_sums
from analytics.core.scoring.lines import Lines, Place
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Rows
from analytics.core.scoring.sums import roll


class RollingLines:
    """OLS or total least squares of the window, O(1) a slot."""

    at = -1

    def __init__(self, params: ScoreParams) -> None:
        self._params = params
        self._sums = no_sums()

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines:
        width = self._params.windows.hedge
        lines = Lines.empty(stop + 1 - start)
        columns = np.empty((COLUMNS, stop + 1 - start))
        roll(rows.legs, width, (place.first, place.number), (start, stop + 1), self._sums, columns)
        is_total = self._params.hedge == "tls"
        widths = (width, width, place.first, start)
        lines_of_moments(rows.legs, rows.holes, widths, is_total, columns, lines.values, lines.reasons)
        return lines
