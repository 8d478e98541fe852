"""Which rows of watch lists somebody has in sight, and their frames at each step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.core.payloads import Point
from analytics.models import PairSpec
from analytics.publish import listened
from analytics.watch import Row, spark_bars, watch_topic
from market.core.types import Timeframe


@dataclass
class Watched:
    """The rows of the specs that somebody has in sight; the others are read when somebody looks."""

    rows: dict[int, Row] = field(default_factory=dict)

    def frames(
        self, fresh: Sequence[tuple[PairSpec, Sequence[Point]]], seqs: Mapping[int, int], reports: Mapping[int, Any]
    ) -> Iterator[tuple[str, str]]:
        """(topic, frame) of those of the changed specs that are listened to."""
        heard = listened([watch_topic(spec.pk) for spec, _ in fresh])
        for spec, points in fresh:
            topic = watch_topic(spec.pk)
            if topic not in heard:
                self.rows.pop(spec.pk, None)
                continue
            row = self.rows.get(spec.pk)
            if row is None or not row.add(points, spark_bars(Timeframe(spec.timeframe))):
                row = self.rows[spec.pk] = Row.stored(spec)
            row.report = reports.get(spec.pk, row.report)
            yield topic, row.frame(spec, seqs[spec.pk])
