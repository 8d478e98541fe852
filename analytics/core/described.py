"""A metric in plain data, the same for pages, API and files."""

from typing import Any

from analytics.core.metrics import GROUPS, Metric, metrics

#: what a page needs of a metric to show its number
SHOWN = ("name", "title", "group", "unit", "decimals", "cadence", "unknown")


def described(metric: Metric) -> dict[str, Any]:
    """Everything that is stated of a metric."""
    stated = (*SHOWN, "inputs", "parameters", "warm_up", "formula", "definition", "source")
    plain = {name: getattr(metric, name) for name in stated}
    return plain | {"parameters": list(metric.parameters), "group_title": GROUPS[metric.group]}


def shown() -> list[dict[str, Any]]:
    """All metrics as a page needs them, in their order."""
    return [{name: getattr(metric, name) for name in SHOWN} for metric in metrics()]
