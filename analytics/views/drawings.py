"""Small pictures as SVG paths, in a box of WIDTH x HEIGHT units: for pages that need no script to show them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from market.core.types import F64

WIDTH, HEIGHT = 600.0, 160.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values `low` … `high` from the bottom to the top of the box."""

    low: float
    high: float

    def height_of(self, value: float) -> float:
        span = self.high - self.low
        return HEIGHT / 2 if span <= 0 else round(HEIGHT * (self.high - value) / span, 2)


def line_path(values: F64, scale: Scale) -> str:
    """A line from the left to the right edge; it is left open where a value is no number."""
    steps = max(len(values) - 1, 1)
    parts = []
    is_open = False
    for at, value in enumerate(values.tolist()):
        if not np.isfinite(value):
            is_open = False
            continue
        parts.append(f"{'L' if is_open else 'M'}{round(WIDTH * at / steps, 2)} {scale.height_of(value)}")
        is_open = True
    return " ".join(parts)


def bar_paths(values: Sequence[float], scale: Scale) -> str:
    """Columns of equal width that stand on the height of zero."""
    width = WIDTH / max(len(values), 1)
    base = scale.height_of(0.0)
    return " ".join(
        f"M{round(at * width + width * 0.15, 2)} {base}V{scale.height_of(value)}h{round(width * 0.7, 2)}V{base}z"
        for at, value in enumerate(values)
        if np.isfinite(value)
    )
