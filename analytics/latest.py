"""The newest snapshot of many specs, in one query."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from msgspec import Raw

from analytics.core.payloads import POINT_FIELDS

NUMBERS = tuple(name for name in POINT_FIELDS if name not in ("more", "unknown"))
# names of columns only, nothing that anybody typed
_NEWEST = f"""
    SELECT s.id, (extract(epoch FROM r.opened_at) * 1000)::bigint, r.unknown::text,
        {", ".join(f"r.{n}" for n in NUMBERS)}
    FROM unnest(%s::bigint[]) AS s(id) CROSS JOIN LATERAL (
        SELECT opened_at, unknown, {", ".join(NUMBERS)} FROM analytics_snapshot
        WHERE spec_id = s.id ORDER BY opened_at DESC LIMIT 1
    ) r
"""  # noqa: S608


def latest_snapshots(spec_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By spec: `opened_ms`, `unknown` (as JSON) and the numbers of its newest bar; specs without a bar are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(spec_ids)])
        return {
            spec: {"opened_ms": opened_ms, "unknown": Raw(unknown.encode()), **dict(zip(NUMBERS, values, strict=True))}
            for spec, opened_ms, unknown, *values in cursor.fetchall()
        }
