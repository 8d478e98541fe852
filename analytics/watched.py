"""Which rows of watch lists somebody has in sight, and their frames at each step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.core.payloads import Point
from analytics.models import PairSpec
from analytics.publish import listened
from analytics.watch import Row, spark_bars, stored_rows, told, watch_topic
from market.core.types import Timeframe

Fresh = Sequence[tuple[PairSpec, Sequence[Point]]]


@dataclass
class Watched:
    """The rows of the specs that somebody has in sight; the others are read when somebody looks."""

    rows: dict[int, Row] = field(default_factory=dict)

    def frames(self, fresh: Fresh, seqs: Mapping[int, int], reports: Mapping[int, Any]) -> dict[str, str]:
        """Frame by topic of those of the changed specs that are listened to."""
        heard = listened([watch_topic(spec.pk) for spec, _ in fresh])
        seen = [(spec, points) for spec, points in fresh if watch_topic(spec.pk) in heard]
        for spec, _ in fresh:
            if watch_topic(spec.pk) not in heard:
                self.rows.pop(spec.pk, None)
        self._bring_up(seen, reports)
        return {watch_topic(spec.pk): self.rows[spec.pk].frame(spec, seqs[spec.pk]) for spec, _ in seen}

    def _bring_up(self, seen: Fresh, reports: Mapping[int, Any]) -> None:
        missing = []
        for spec, points in seen:
            row = self.rows.get(spec.pk)
            if row is None or not row.add(points, spark_bars(Timeframe(spec.timeframe))):
                missing.append(spec)
            elif report := reports.get(spec.pk):
                row.report = told(report)
        if missing:
            self.rows |= stored_rows(missing)
