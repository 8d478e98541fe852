"""What a frame of the topic `spec.<id>` carries: the same columns for a snapshot and for a delta."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.core.metrics import metrics

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


#: columns of Snapshot that make a Point, in its order, after the open
POINT_FIELDS = (
    "price_y",
    "price_x",
    "hedge_ratio",
    "intercept",
    "spread",
    "zscore",
    "correlation",
    "hedge_stderr",
    "intercept_stderr",
    "hedge_r2",
    "hedge_n",
    "innovation",
    "more",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Point:
    """The statistics of one slot; None is unknown, `unknown` says why by the names of the wire.

    `more` holds metrics without a column, by name; None when there are none.
    """

    opened_ms: int
    price_y: float | None
    price_x: float | None
    hedge_ratio: float | None
    intercept: float | None
    spread: float | None
    zscore: float | None
    correlation: float | None
    hedge_stderr: float | None = None
    intercept_stderr: float | None = None
    hedge_r2: float | None = None
    hedge_n: int | None = None
    innovation: float | None = None
    more: Mapping[str, float | None] | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)


def spec_data(points: Sequence[Point], newest: Point | None = None) -> dict[str, Any]:
    """`points` as columns, `now` of the newest one, and why its values are unknown or not yet final.

    `newest` is the newest point of the series where that is not the last of `points`, which may all be old. Its
    metrics of each bar stand under `now.metrics` by their names.
    """
    columns: dict[str, list[Any]] = {"t": [point.opened_ms for point in points]}
    for key, name in POINT_COLUMNS.items():
        columns[key] = [finite(getattr(point, name)) for point in points]
    data: dict[str, Any] = {"points": columns}
    newest = newest or (points[-1] if points else None)
    if newest:
        names = {"y": "price_y", "x": "price_x"}
        data["now"] = {names.get(key, key): finite(getattr(newest, name)) for key, name in POINT_COLUMNS.items()}
        data["now"]["metrics"] = {metric.name: _value(newest, metric.name) for metric in metrics("bar")}
        data["unknown"] = dict(newest.unknown)
    return data


def has_column(name: str) -> bool:
    """Whether a metric of each bar has a column of its own in Snapshot."""
    return name in POINT_FIELDS


def _value(point: Point, name: str) -> float | None:
    return finite(getattr(point, name) if has_column(name) else (point.more or {}).get(name))


def finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
