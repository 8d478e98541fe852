"""A row of a watch list: what is shown of a spec beside the one that is open. A small frame, whole each time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.fields.json import KeyTransform

from analytics.core.payloads import Point
from analytics.models import PairReport, PairSpec
from market.core.types import Timeframe
from market.topics import encode

#: of the small line: bars of so many seconds, of long bars the last LEAST; at most MOST values
SPARK_S, LEAST, MOST = 120, 60, 60

Score = tuple[float | None, float | None]


def watch_topic(spec_id: int) -> str:
    return f"watch.{spec_id}"


def spark_bars(timeframe: Timeframe) -> int:
    """How many bars the small line looks back on."""
    return max(SPARK_S // int(timeframe), LEAST)


def told(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a row says of a report."""
    report = report or {}
    return {
        "pvalue": (report.get("engle_granger") or {}).get("pvalue"),
        "half_life": (report.get("half_life") or {}).get("bars"),
        "verdict": (report.get("verdict") or {}).get("word"),
    }


def thinned(values: Mapping[int, float | None], timeframe: Timeframe) -> list[float | None]:
    """Values by the opens of their bars, rising; at most MOST of them, the newest one included.

    Of each stretch of a fixed grid the last one is kept, so that a line that moves on keeps its shape.
    """
    width = timeframe.ms * -(-spark_bars(timeframe) // MOST)
    last_of = {opened_ms // width: value for opened_ms, value in values.items()}
    return list(last_of.values())[-MOST:]


@dataclass
class Row:
    """What is known of one spec: (z, correlation) of its newest bars by their opens, and what its report says."""

    scores: dict[int, Score]
    unknown: dict[str, str]
    report: dict[str, Any]

    def add(self, points: Sequence[Point], most: int) -> bool:
        """Take in changed points; False when one lies between the known ones, so that all is to be read anew."""
        for point in points:
            if point.opened_ms not in self.scores and self.scores and point.opened_ms < max(self.scores):
                return False
            self.scores[point.opened_ms] = (point.zscore, point.correlation)
        if points and points[-1].opened_ms == max(self.scores):
            self.unknown = dict(points[-1].unknown)
        for old in list(self.scores)[: max(0, len(self.scores) - most)]:
            del self.scores[old]
        return True

    def frame(self, spec: PairSpec, seq: int) -> str:
        opened_ms = max(self.scores, default=None)
        at = None if opened_ms is None else opened_ms + spec.timeframe * 1_000
        z, corr = (None, None) if opened_ms is None else self.scores[opened_ms]
        spark = thinned({opened: score for opened, (score, _) in self.scores.items()}, Timeframe(spec.timeframe))
        data = {"z": z, "corr": corr, "at": at, "unknown": self.unknown, "spark": spark, **self.report}
        return encode(watch_topic(spec.pk), seq=seq, prev=None, at=at or 0, kind="snapshot", data=data)


def stored_rows(specs: Sequence[PairSpec]) -> dict[int, Row]:
    """The rows of specs from what is stored, however many in two queries."""
    reports = PairReport.objects.filter(spec__in=specs).values_list(
        "spec_id",
        KeyTransform("pvalue", KeyTransform("engle_granger", "data")),
        KeyTransform("bars", KeyTransform("half_life", "data")),
        KeyTransform("word", KeyTransform("verdict", "data")),
    )
    known = {pk: {"pvalue": pvalue, "half_life": bars, "verdict": word} for pk, pvalue, bars, word in reports}
    rows = {spec.pk: Row({}, {"z": "no bar yet"}, known.get(spec.pk, told(None))) for spec in specs}
    whys: dict[int, str] = {}
    for pk, opened_ms, z, corr, why in _newest_scores(specs):
        rows[pk].scores[opened_ms] = (z, corr)
        whys[pk] = why
    for pk, why in whys.items():
        rows[pk].unknown = json.loads(why)
    return rows


def _newest_scores(specs: Sequence[PairSpec]) -> list[tuple[int, int, float | None, float | None, str]]:
    """(spec, open, z, correlation, why unknown) of the bars of the small lines, rising for each spec."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, (extract(epoch FROM r.opened_at) * 1000)::bigint, r.zscore, r.correlation, r.unknown::text"
            " FROM unnest(%s::bigint[], %s::int[]) AS s(id, most) CROSS JOIN LATERAL (SELECT opened_at, zscore,"
            " correlation, unknown FROM analytics_snapshot WHERE spec_id = s.id ORDER BY opened_at DESC LIMIT s.most) r"
            " ORDER BY s.id, r.opened_at",
            [[spec.pk for spec in specs], [spark_bars(Timeframe(spec.timeframe)) for spec in specs]],
        )
        return list(cursor.fetchall())


def stored_watch(spec: PairSpec) -> str:
    """The frame from what is stored."""
    return stored_rows([spec])[spec.pk].frame(spec, spec.seq)
