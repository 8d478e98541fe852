"""Which metric stands where on the dashboard; nothing here names the metrics of its tables."""

from typing import Any

from analytics.core.metrics import GROUPS, Metric, metrics

#: shown in the row of key figures
CARDS = {"zscore", "spread", "hedge_ratio", "correlation"}


def fit_metrics(hedge: str) -> list[Metric]:
    """What is known of the line of the newest bar; the innovation with the method that has one."""
    found = [metric for metric in metrics("bar") if metric.group == "fit"]
    return [metric for metric in found if metric.name != "innovation" or hedge == "kalman"]


def grouped(found: list[Metric]) -> list[dict[str, Any]]:
    """Groups in their order with those of the metrics that belong to them; empty ones are left out."""
    groups = [
        {"name": name, "title": title, "metrics": [metric for metric in found if metric.group == name]}
        for name, title in GROUPS.items()
    ]
    return [group for group in groups if group["metrics"]]


def check_metrics() -> list[Metric]:
    return [metric for metric in metrics("report") if metric.group == "check"]


def table_groups() -> list[dict[str, Any]]:
    """Everything that stands neither in a card nor in a panel of its own."""
    placed = CARDS | {metric.name for metric in [*fit_metrics("kalman"), *check_metrics()]}
    return grouped([metric for metric in metrics() if metric.name not in placed])
