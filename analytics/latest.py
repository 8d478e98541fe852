"""Pairs with their newest snapshots, in one query whatever their number, and without an object for each row."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from msgspec import Raw

from analytics.core.payloads import POINT_FIELDS
from analytics.models import Pair

NUMBERS = tuple(name for name in POINT_FIELDS if name not in ("more", "unknown"))
#: of a row, besides those of its snapshot
PAIR_COLUMNS = {
    "id": "p.id",
    "name": "p.name",
    "note": "p.note",
    "created_at": "p.created_at",
    "spec": "s.id",
    "y": "y.venue || ':' || y.symbol",
    "x": "x.venue || ':' || x.symbol",
    **{
        name: f"s.{name}"
        for name in ("timeframe", "hedge", "prices", "hedge_window", "z_window", "correlation_window", "lags")
    },
}
# names of columns only, nothing that anybody typed; {chosen} is a query of Django's
_ROWS = f"""
    SELECT {", ".join(PAIR_COLUMNS.values())}, (extract(epoch FROM r.opened_at) * 1000)::bigint, r.unknown::text,
        {", ".join(f"r.{name}" for name in NUMBERS)}
    FROM ({{chosen}}) c(id) JOIN analytics_pair p ON p.id = c.id JOIN analytics_pairspec s ON s.id = p.spec_id
    JOIN market_instrument y ON y.id = s.y_id JOIN market_instrument x ON x.id = s.x_id
    LEFT JOIN LATERAL (
        SELECT opened_at, unknown, {", ".join(NUMBERS)} FROM analytics_snapshot
        WHERE spec_id = s.id ORDER BY opened_at DESC LIMIT 1
    ) r ON true ORDER BY p.id
"""  # noqa: S608


def rows_with_latest(pairs: QuerySet[Pair]) -> list[dict[str, Any]]:
    """PAIR_COLUMNS of each of the pairs, and under `latest` its newest snapshot; None before its first bar."""
    chosen, parameters = pairs.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(chosen=chosen), parameters)
        return [_row(row) for row in cursor.fetchall()]


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    count = len(PAIR_COLUMNS)
    row = dict(zip(PAIR_COLUMNS, values[:count], strict=True))
    opened_ms, unknown, *numbers = values[count:]
    row["latest"] = opened_ms and {
        "opened_ms": opened_ms,
        "unknown": Raw(unknown.encode()),
        **dict(zip(NUMBERS, numbers, strict=True)),
    }
    return row
