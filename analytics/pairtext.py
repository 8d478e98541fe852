"""A pair report as a table for people, from its JSON form."""

from collections.abc import Iterator
from typing import Any

from analytics.core.metrics import GROUPS, metrics

_WIDTH = 34
_Json = dict[str, Any]


def as_text(report: _Json) -> str:
    """Lines of name and value; an unknown value shows its reason."""
    return "\n".join(_lines(report))


def basket_text(report: _Json) -> str:
    """The same for a basket."""
    lines = [f"{', '.join(report['legs'])}, {report['n']} bars, {report['prices']} prices, lags {report['lags']}", ""]
    lines += [f"unknown: {reason}" for reason in report["unknown"].values()]
    lines += [report["statement"]] if report["statement"] else []
    for name, title in (
        ("weights", "Weights"),
        ("spread", "Spread"),
        ("johansen", "Johansen"),
        ("half_life", "Half-life"),
    ):
        if report[name]:
            lines += ["", title, *_part(name, report[name], report["unknown"])]
    return "\n".join(lines)


def _lines(report: _Json) -> Iterator[str]:
    unknown = report["unknown"]
    yield f"{report['y']} on {report['x']}, {report['n']} bars, {report['prices']} prices, lags {report['lags']}"
    if report["from"]:
        yield f"{report['from']} to {report['to']} (open of the first and last bar)"
    yield f"{report['verdict']['word']}: {report['verdict']['sentence']}"
    for name, title in _PARTS.items():
        yield ""
        yield title
        if name in unknown:
            yield f"  unknown: {unknown[name]}"
        else:
            yield from _part(name, report[name], unknown)
    yield from _metrics(report["metrics"])
    if report["warnings"]:
        yield ""
        yield from (f"! {warning}" for warning in report["warnings"])


def _metrics(values: _Json) -> Iterator[str]:
    """Every metric of the registry, by group."""
    group = ""
    for metric in metrics("report"):
        if metric.group != group:
            group = metric.group
            yield ""
            yield GROUPS[group]
        value = values[metric.name]
        if value["value"] is None:
            text = f"unknown: {value['reason']}"
        else:
            text = "  ".join(
                part for part in (f"{_value(value['value'])} {metric.unit}".strip(), value["detail"]) if part
            )
        yield _row(metric.title, text)


_PARTS = {
    "hedge": "Hedge",
    "spread": "Spread",
    "zscore": "Z-score of the last bar (its own bar is in neither fit nor window)",
    "adf": "ADF of the spread, with constant",
    "engle_granger": "Engle-Granger",
    "johansen": "Johansen",
    "half_life": "Half-life",
    "hurst": "Hurst exponent (5 to 95 % band of a random walk)",
    "variance_ratio": "Variance ratio",
    "correlation": "Correlation of log returns",
}


def _part(name: str, part: Any, unknown: dict[str, str]) -> Iterator[str]:
    if isinstance(part, list):
        for row in part:
            yield _row(f"q = {row['q']}", f"{_value(row['ratio'])}   z {_value(row['z'])}")
        return
    for key, value in part.items():
        if isinstance(value, dict) and key != "critical":
            yield f"  {key}"
            yield from (f"  {line}" for line in _part(f"{name}.{key}", value, unknown))
        elif value is None and (f"{name}.{key}" in unknown or name in unknown):
            yield _row(key, f"unknown: {unknown.get(f'{name}.{key}', unknown.get(name))}")
        else:
            yield _row(key, _value(value))


def _row(name: str, text: str) -> str:
    return f"  {name:<{_WIDTH}}{text}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.8g}"
    if isinstance(value, list):
        separator = " | " if value and isinstance(value[0], list) else "  "
        return separator.join(_value(item) for item in value)
    if isinstance(value, dict):
        return "  ".join(f"{key} {_value(item)}" for key, item in value.items())
    return "unknown" if value is None else str(value)
