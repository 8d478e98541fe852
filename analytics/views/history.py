"""A pair's history from its stored snapshots: a row for each day, and the hours in which |z| was beyond the entry."""

from typing import Any

from django.db import connection

from analytics.links import zone_of
from analytics.models import PairSpec
from analytics.views.live import Opened

MOST_DAYS = 90
#: steps of the heat map's colours; 0 is "never"
STEPS = 10

#: what is still warming up has a value and a reason to doubt it; it is not counted
_HOURS = """
    SELECT (opened_at AT TIME ZONE %(zone)s)::date, extract(hour FROM opened_at AT TIME ZONE %(zone)s)::int,
        count(zscore), count(*) FILTER (WHERE abs(zscore) >= %(entry)s), sum(zscore), sum(zscore * zscore),
        min(zscore), max(zscore), sum(correlation), count(correlation), min(spread), max(spread)
    FROM (SELECT opened_at, spread, CASE WHEN NOT unknown ? 'z' THEN zscore END AS zscore,
            CASE WHEN NOT unknown ? 'corr' THEN correlation END AS correlation
        FROM analytics_snapshot
        WHERE spec_id = %(spec)s AND opened_at >= now() - make_interval(days => %(days)s)) AS known
    GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""
_NAMES = ("day", "hour", "n", "beyond", "sum", "squares", "low", "high", "corr", "corr_n", "spread_low", "spread_high")


def history_context(opened: Opened) -> dict[str, Any]:
    rows = hours_of(opened.spec, opened.link.zone, opened.link.view.entry)
    return {"days": days_of(rows), "entry": f"{opened.link.view.entry:g}", "hours": range(24), "most_days": MOST_DAYS}


def hours_of(spec: PairSpec, zone: str, entry: float) -> list[dict[str, Any]]:
    """Sums of each hour of the zone's clock that has snapshots, newest day first."""
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"zone": zone_of(zone).key, "entry": entry, "spec": spec.pk, "days": MOST_DAYS})
        return [dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()]


def days_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statistics of each day, and its 24 cells. A statistic of no values is None."""
    by_day: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    return [_day(day, hours) for day, hours in by_day.items()]


def _day(day: Any, hours: list[dict[str, Any]]) -> dict[str, Any]:
    n = sum(row["n"] for row in hours)
    total, squares = (sum(row[name] or 0.0 for row in hours) for name in ("sum", "squares"))
    mean = total / n if n else None
    variance = (squares - n * mean * mean) / (n - 1) if n > 1 and mean is not None else None
    corr_n = sum(row["corr_n"] for row in hours)
    return {
        "day": day,
        "n": n,
        "mean": mean,
        "std": None if variance is None else max(variance, 0.0) ** 0.5,
        "low": _least(hours, "low"),
        "high": _most(hours, "high"),
        "beyond": sum(row["beyond"] for row in hours) / n if n else None,
        "corr": sum(row["corr"] or 0.0 for row in hours) / corr_n if corr_n else None,
        "spread_low": _least(hours, "spread_low"),
        "spread_high": _most(hours, "spread_high"),
        "cells": _cells(hours),
    }


def _cells(hours: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """One for each hour of the clock; None where nothing was known."""
    found = {row["hour"]: row for row in hours if row["n"]}
    return [_cell(found[hour]) if hour in found else None for hour in range(24)]


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    share = row["beyond"] / row["n"]
    step = 0 if share == 0 else 1 + min(STEPS - 1, int(share * STEPS))
    return {"share": share, "step": step, "n": row["n"]}


def _least(hours: list[dict[str, Any]], name: str) -> float | None:
    return min((row[name] for row in hours if row[name] is not None), default=None)


def _most(hours: list[dict[str, Any]], name: str) -> float | None:
    return max((row[name] for row in hours if row[name] is not None), default=None)
