"""A row of a watch list: what is shown of a spec beside the one that is open. A small frame, whole each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from analytics.core.payloads import Point
from analytics.models import PairReport, PairSpec, Snapshot
from market.core.types import Timeframe
from market.topics import encode

#: of the small line: bars of so many seconds, of long bars the last LEAST
SPARK_S, LEAST, MOST = 120, 60, 60


def watch_topic(spec_id: int) -> str:
    return f"watch.{spec_id}"


def spark_bars(timeframe: Timeframe) -> int:
    """How many bars the small line looks back on."""
    return max(SPARK_S // int(timeframe), LEAST)


def watch_frame(spec: PairSpec, seq: int, data: dict[str, Any]) -> str:
    return encode(watch_topic(spec.pk), seq=seq, prev=None, at=data["at"] or 0, kind="snapshot", data=data)


def watch_data(
    scores: Sequence[tuple[float | None, float | None]],
    closed_ms: int | None,
    unknown: dict[str, str],
    report: dict[str, Any] | None,
) -> dict[str, Any]:
    """`scores`: (z, correlation) of the newest bars in their order; `report` as it is stored."""
    z, corr = scores[-1] if scores else (None, None)
    report = report or {}
    return {
        "z": z,
        "corr": corr,
        "at": closed_ms,
        "unknown": unknown,
        "spark": thinned([score for score, _ in scores]),
        "pvalue": (report.get("engle_granger") or {}).get("pvalue"),
        "half_life": (report.get("half_life") or {}).get("bars"),
        "verdict": (report.get("verdict") or {}).get("word"),
    }


def thinned(values: Sequence[float | None]) -> list[float | None]:
    """At most MOST of them, evenly, the newest one included."""
    step = -(-len(values) // MOST) or 1
    return list(values[::-1][::step][::-1])


@dataclass
class Row:
    """What is known of one spec: scores of its newest bars by their opens, and its report."""

    scores: dict[int, tuple[float | None, float | None]]
    unknown: dict[str, str]
    report: dict[str, Any] | None

    @classmethod
    def stored(cls, spec: PairSpec) -> Self:
        newest = Snapshot.objects.filter(spec=spec).order_by("-opened_at")[: spark_bars(Timeframe(spec.timeframe))]
        rows = list(newest.values_list("opened_at", "zscore", "correlation", "unknown"))
        scores = {round(opened.timestamp() * 1_000): (z, corr) for opened, z, corr, _ in reversed(rows)}
        report = PairReport.objects.filter(spec=spec).values_list("data", flat=True).first()
        return cls(scores, rows[0][3] if rows else {"z": "no bar yet"}, report)

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
        closed_ms = None if opened_ms is None else opened_ms + spec.timeframe * 1_000
        return watch_frame(spec, seq, watch_data(list(self.scores.values()), closed_ms, self.unknown, self.report))


def stored_watch(spec: PairSpec) -> str:
    """The frame from what is stored."""
    return Row.stored(spec).frame(spec, spec.seq)
