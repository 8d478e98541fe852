"""Changed bars to stored, published statistics. One `LiveShard` lives in each worker of a queue `live.N`.

The rings are a cache: a batch number of the bars tells whether they are up to date. If a message was lost, they
are filled anew and every spec is recomputed over its whole series; what comes out equal is neither stored nor sent.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from analytics.core.payloads import Point, spec_data
from analytics.follow import Follower, Progress
from analytics.models import PairSpec
from analytics.points import forming_of
from analytics.publish import publish_all
from analytics.reports import Reports
from analytics.rings import Key, Rings
from analytics.snapshots import Computed, next_seqs, store
from analytics.watched import Watched
from market.models import BarCursor
from market.topics import encode

log = logging.getLogger(__name__)

#: more points than this in one delta are cheaper as a fresh snapshot
DELTA_POINTS = 1_200
#: a spec that cannot be computed must not hold up the others: it is tried again after this time
PARK_S = 60.0


@dataclass(frozen=True, slots=True)
class Advance:
    """What the bar worker says of one step: which bars changed, and the times of the hops before."""

    bar_shard: int
    from_batch: int
    to_batch: int
    watermarks: dict[str, int]
    opens: dict[Key, int]
    received_ms: int | None = None
    committed_ms: int | None = None
    barred_ms: int | None = None


@dataclass
class LiveShard:
    """The pair specs of one queue, with the bars of their legs."""

    shard: int
    clock: Callable[[], float] = time.monotonic
    rings: Rings = field(default_factory=Rings)
    batches: dict[int, int] = field(default_factory=dict)
    #: event time up to which the bars of each shard and venue were built
    watermarks: dict[tuple[int, str], int] = field(default_factory=dict)
    progress: dict[int, Progress] = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)
    watched: Watched = field(default_factory=Watched)
    follower: Follower = field(init=False)
    #: how far the bars were at the last sweep; every message of that time has come by the next one, or is lost
    swept: dict[int, int] = field(default_factory=dict)
    #: specs that could not be computed, and when they are tried again
    parked: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.follower = Follower(self.rings, self.clock, self.progress)

    def advance(self, step: Advance) -> int:
        """Bring all specs up to the step; returns how many were published. An older step does nothing."""
        known = self.batches.get(step.bar_shard)
        if known is not None and step.to_batch <= known:
            return 0
        try:
            if known == step.from_batch:
                self.rings.apply(step.opens)
                changed = step.opens
            else:
                self.forget()
                self._read_cursors()
                changed = {}
            self.batches[step.bar_shard] = step.to_batch
            self._raise_watermarks(step.bar_shard, step.watermarks)
            return self._publish(self._computed(self._specs(), changed), step)
        except BaseException:
            # What was computed may not be stored: begin anew with the next step
            self.forget()
            raise

    def start(self) -> int:
        """Compute the specs that somebody has just added, and old slots that have waited long enough."""
        try:
            if not self.batches:
                self._read_cursors()
            specs = self._specs()
            owed = [spec for spec in specs if self._is_owed(spec)]
            count = self._publish(self._computed(owed, {}), Advance(0, 0, 0, {}, {}))
            self.follower.trim(specs)
            return count
        except BaseException:
            self.forget()
            raise

    def sweep(self) -> int:
        """Begin anew when the bars have gone on without a word; and compute what is new."""
        cursors = dict(BarCursor.objects.values_list("shard", "batch_id"))
        if any(batch > self.batches.get(shard, batch) for shard, batch in self.swept.items()):
            self.forget()
        self.swept = cursors
        return self.start()

    def forget(self) -> None:
        """Drop everything that is warm."""
        known = (self.batches, self.watermarks, self.progress, self.reports.computed_ms, self.watched.rows)
        for warm in (self.rings.rings, *known):
            warm.clear()
        self.swept = {}

    def _read_cursors(self) -> None:
        """How far the bars in Postgres are, read before any of them."""
        for cursor in BarCursor.objects.all():
            self.batches[cursor.shard] = cursor.batch_id
            self._raise_watermarks(cursor.shard, cursor.watermarks)

    def _raise_watermarks(self, bar_shard: int, watermarks: dict[str, int]) -> None:
        for venue, newest_ms in watermarks.items():
            self.watermarks[bar_shard, venue] = max(newest_ms, self.watermarks.get((bar_shard, venue), 0))

    def _specs(self) -> list[PairSpec]:
        """What somebody holds. A spec that nobody holds begins anew when it comes back: it misses what changes."""
        held = PairSpec.objects.filter(pairs__isnull=False).distinct().select_related("y", "x").order_by("id")
        specs = [spec for spec in held if spec.pk % settings.LIVE_SHARDS == self.shard]
        for gone in (self.progress.keys() | self.parked.keys()) - {spec.pk for spec in specs}:
            for known in (self.progress, self.parked, self.reports.computed_ms, self.watched.rows):
                known.pop(gone, None)
        return specs

    def _is_owed(self, spec: PairSpec) -> bool:
        progress = self.progress.get(spec.pk)
        return progress is None or progress.waiting_ms is not None

    def _computed(self, specs: Iterable[PairSpec], changed: dict[Key, int]) -> list[Computed]:
        return [found for spec in specs if (found := self._compute(spec, changed))]

    def _watermark(self, spec: PairSpec) -> int:
        """Event time up to which the bars of both legs were built."""
        return min(self.watermarks.get((leg.pk % settings.BAR_SHARDS, leg.venue), 0) for leg in (spec.y, spec.x))

    def _compute(self, spec: PairSpec, changed: dict[Key, int]) -> Computed | None:
        if spec.pk in self.parked and self.clock() < self.parked[spec.pk]:
            return None
        touched = [changed[key] for leg in (spec.y_id, spec.x_id) if (key := (leg, spec.timeframe)) in changed]
        try:
            return self.follower.compute(spec, touched, self._watermark(spec))
        except (ValueError, ArithmeticError):
            log.exception("spec %s cannot be computed and is tried again in %.0f s", spec.pk, PARK_S)
            self.parked[spec.pk] = self.clock() + PARK_S
            # Its rows may have gone on without its scores: it begins anew
            self.progress.pop(spec.pk, None)
            return None

    def _reports(self, fresh: Sequence[Computed]) -> dict[int, dict[str, Any]]:
        """New reports of the specs whose turn it is."""
        specs = {found.spec.pk: found for found in fresh}
        closed_ms = {pk: found.closed_ms for pk, found in specs.items()}
        return {pk: self._report(specs[pk].spec, closed_ms[pk]) for pk in self.reports.due(closed_ms)}

    def _report(self, spec: PairSpec, closed_ms: int) -> dict[str, Any]:
        watermark = self._watermark(spec)
        return self.reports.make(spec, closed_ms, lambda: self.follower.series(spec, watermark))

    def _publish(self, computed: Sequence[Computed], step: Advance) -> int:
        with transaction.atomic():
            fresh = [(found, points) for found in computed if (points := found.new_points())]
            seqs = next_seqs([found for found, _ in fresh])
            store(fresh, seqs)
            reports = self._reports([found for found, _ in fresh])
        frames = {}
        for found, points in fresh:
            pk = found.spec.pk
            frames[found.spec.topic] = _frame(found, points, seqs[pk], report=reports.get(pk), step=step)
        publish_all(frames)
        publish_all(self.watched.frames([(found.spec, points) for found, points in fresh], seqs, reports))
        return len(fresh)


def _frame(found: Computed, points: Sequence[Point], seq: int, *, report: dict[str, Any] | None, step: Advance) -> str:
    spec, end_ms = found.spec, found.closed_ms
    if len(points) > DELTA_POINTS:
        return encode(spec.topic, seq=seq, prev=seq - 1, at=end_ms, kind="resync", data={})
    data = spec_data(points, found.newest)
    data["now"] |= found.last_ticks()
    data["forming"] = forming_of(found.scores.forming)
    if report:
        data["report"] = report
    data["hops"] = {
        "received_ms": step.received_ms,
        "committed_ms": step.committed_ms,
        "barred_ms": step.barred_ms,
        "published_ms": time.time_ns() // 1_000_000,
    }
    return encode(spec.topic, seq=seq, prev=seq - 1, at=end_ms, kind="delta", data=data)
