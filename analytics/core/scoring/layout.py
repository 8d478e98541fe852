"""What the running sums of a window are made of, and what is told of each slot."""

import numpy as np

from analytics.core.moments import Mask
from market.core.types import F64

#: slots between two exact sums (definitions, "kernel anchors")
ANCHOR = 256
#: a central sum below this share of the greatest sum since the anchor is formed anew
ROUNDING = 1e-4

#: one window: rows in it, centre, reference slope, sums of r, u, rr, ru, uu, greatest rr and uu since the anchor, and
#: the number of the slot that the window ends before; a count below 0 means that nothing is known
N, CY, CX, SLOPE, SR, SU, SRR, SRU, SUU, PEAK_R, PEAK_U, AT = range(12)
SUMS = 12
#: what `roll` tells of each slot: rows, means of y and x, reference slope, central sums of rr, ru and uu
COLUMNS = 7
EXPANDING = 1 << 40
#: two series and which of their rows to skip
Legs = tuple[F64, F64, Mask]


def no_sums() -> F64:
    """Sums of a window of which nothing is known."""
    sums = np.zeros(SUMS)
    sums[N] = -1.0
    return sums
