"""What a frame of the topic `spec.<id>` carries: the same columns for a snapshot and for a delta."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: key of a point in JSON -> column of Snapshot
POINT_COLUMNS = {
    "y": "price_y",
    "x": "price_x",
    "spread": "spread",
    "z": "zscore",
    "corr": "correlation",
    "beta": "hedge_ratio",
    "alpha": "intercept",
}


@dataclass(frozen=True, slots=True)
class Point:
    """The statistics of one slot; None is unknown, `reason` says why."""

    opened_ms: int
    price_y: float | None
    price_x: float | None
    hedge_ratio: float | None
    intercept: float | None
    spread: float | None
    zscore: float | None
    correlation: float | None
    reason: str = ""


def spec_data(points: Sequence[Point]) -> dict[str, Any]:
    """`points` as columns, `now` of the newest one, and why its values are unknown or not yet final."""
    columns: dict[str, list[Any]] = {"t": [point.opened_ms for point in points]}
    for key, name in POINT_COLUMNS.items():
        columns[key] = [finite(getattr(point, name)) for point in points]
    data: dict[str, Any] = {"points": columns}
    if points:
        data["now"] = {key: columns[key][-1] for key in ("z", "spread", "beta", "alpha", "corr")} | {
            "price_y": columns["y"][-1],
            "price_x": columns["x"][-1],
        }
        data["unknown"] = unknown_of(points[-1])
    return data


def unknown_of(point: Point) -> dict[str, str]:
    """Reason of the point under every name it concerns: all that is null, and all while warming up."""
    if not point.reason:
        return {}
    names = [key for key, name in POINT_COLUMNS.items() if finite(getattr(point, name)) is None]
    return dict.fromkeys(names or ["z"], point.reason)


def finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
