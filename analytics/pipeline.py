"""Changed bars to stored, published statistics. One `LiveShard` lives in each worker of a queue `live.N`.

The rings are a cache: a batch number of the bars tells whether they are up to date. If a message was lost, they
are filled anew and every spec is recomputed over its whole series; what comes out equal is neither stored nor sent.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from analytics.core.align import CARRY_LIMIT_MS, align
from analytics.core.payloads import POINT_FIELDS, Point, finite, spec_data
from analytics.core.scoring.scores import ScoreParams, Scores, score
from analytics.core.windows import Windows
from analytics.models import PairSpec, Snapshot
from analytics.publish import publish
from analytics.reports import Reports
from analytics.rings import Key, Rings, first_open_ms
from market.core.types import Timeframe
from market.models import BarCursor
from market.topics import encode

#: slots of the stored series that are kept up to date; longer charts are history
SERIES = 3_600
#: more points than this in one delta are cheaper as a fresh snapshot
DELTA_POINTS = 1_200
#: back-filled history changes old slots every second; they are recomputed at most this often
DEEP_EVERY_S = 5.0
DEEP_SLOTS = 120


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
class Progress:
    """Where one spec stands: its newest scored slot, and the oldest one that waits to be computed anew."""

    scored_ms: int
    first_ms: int
    deep_at: float
    waiting_ms: int | None = None


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
    #: how far the bars were at the last sweep; every message of that time has come by the next one, or is lost
    swept: dict[int, int] = field(default_factory=dict)

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
            specs = [spec for spec in self._specs() if self._is_owed(spec)]
            return self._publish(self._computed(specs, {}), Advance(0, 0, 0, {}, {}))
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
        for warm in (self.rings.rings, self.batches, self.watermarks, self.progress, self.reports.computed_ms):
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
        for gone in self.progress.keys() - {spec.pk for spec in specs}:
            del self.progress[gone]
            self.reports.computed_ms.pop(gone, None)
        return specs

    def _is_owed(self, spec: PairSpec) -> bool:
        progress = self.progress.get(spec.pk)
        return progress is None or progress.waiting_ms is not None

    def _computed(self, specs: Iterable[PairSpec], changed: dict[Key, int]) -> list["Computed"]:
        return [found for spec in specs if (found := self._compute(spec, changed))]

    def _watermark(self, spec: PairSpec) -> int:
        """Event time up to which the bars of both legs were built."""
        return min(self.watermarks.get((leg.pk % settings.BAR_SHARDS, leg.venue), 0) for leg in (spec.y, spec.x))

    def _compute(self, spec: PairSpec, changed: dict[Key, int]) -> "Computed | None":
        timeframe = Timeframe(spec.timeframe)
        touched = [changed[key] for leg in (spec.y_id, spec.x_id) if (key := (leg, int(timeframe))) in changed]
        progress = self.progress.get(spec.pk)
        span = self._span(spec, timeframe, progress, touched)
        if span is None:
            return None
        first_ms, series_ms, start_ms = span
        windows = Windows(spec.hedge_window, spec.z_window, spec.correlation_window)
        reach_ms = max(start_ms - (windows.lookback + 1) * timeframe.ms, first_ms)
        y, x = (self.rings.of(leg, timeframe, reach_ms - CARRY_LIMIT_MS) for leg in (spec.y_id, spec.x_id))
        watermark = self._watermark(spec)
        grid = align(
            y.bars,
            x.bars,
            timeframe=timeframe,
            start_ms=reach_ms,
            stop_ms=watermark,
            watermark_ms=watermark,
            symbols=(spec.y.symbol, spec.x.symbol),
            first_ms=first_ms,
        )
        start = (start_ms - reach_ms) // timeframe.ms
        if start >= len(grid):
            return None
        scores = score(grid, ScoreParams(windows, "raw" if spec.prices == "raw" else "log"), start)
        scored_ms = int(grid.opened_ms[-1])
        if progress is None:
            self.progress[spec.pk] = Progress(scored_ms, first_ms, self.clock())
        else:
            progress.scored_ms, progress.first_ms = scored_ms, first_ms
        for ring in (y, x):
            ring.drop_before(series_ms - (windows.lookback + 1) * timeframe.ms - 2 * CARRY_LIMIT_MS)
        return Computed(spec, scores, points_of(scores), is_whole=progress is None)

    def _span(
        self, spec: PairSpec, timeframe: Timeframe, progress: Progress | None, touched: list[int]
    ) -> tuple[int, int, int] | None:
        """(first slot of the pair, first slot of the series, first slot to score) in ms; None without data."""
        width = timeframe.ms
        oldest = min(
            [*touched, *([progress.waiting_ms] if progress and progress.waiting_ms is not None else [])], default=None
        )
        is_deep_due = progress is None or self.clock() - progress.deep_at >= DEEP_EVERY_S
        first_ms = progress.first_ms if progress else None
        if progress is None or (is_deep_due and oldest is not None and oldest < progress.first_ms):
            first_ms = _first_ms(spec, timeframe)
        if first_ms is None:
            return None
        series_ms = max(self._watermark(spec) // width * width - SERIES * width, first_ms)
        if progress is None:
            return first_ms, series_ms, series_ms
        # After a long pause the slots between are as old as the history of a cold start
        next_ms = max(progress.scored_ms + width, series_ms)
        if oldest is None or oldest >= next_ms:
            return first_ms, series_ms, next_ms
        if not is_deep_due and next_ms - oldest > DEEP_SLOTS * width:
            progress.waiting_ms = oldest
            return first_ms, series_ms, next_ms
        progress.waiting_ms, progress.deep_at = None, self.clock()
        return first_ms, series_ms, max(series_ms, oldest)

    def _publish(self, computed: Sequence["Computed"], step: Advance) -> int:
        with transaction.atomic():
            fresh = [(found, points) for found in computed if (points := found.new_points())]
            seqs = _next_seqs([found.spec.pk for found, _ in fresh])
            _store(fresh, seqs)
            reports = {found.spec.pk: self.reports.refresh(found.spec, found.scores.grid) for found, _ in fresh}
        for found, points in fresh:
            spec, seq = found.spec, seqs[found.spec.pk]
            newest = found.points[-1]
            end_ms = newest.opened_ms + Timeframe(spec.timeframe).ms
            if len(points) > DELTA_POINTS:
                publish(spec.topic, encode(spec.topic, seq=seq, prev=seq - 1, at=end_ms, kind="resync", data={}))
                continue
            data = spec_data(points, newest)
            data["now"] |= found.last_ticks()
            if report := reports[spec.pk]:
                data["report"] = report
            data["hops"] = {
                "received_ms": step.received_ms,
                "committed_ms": step.committed_ms,
                "barred_ms": step.barred_ms,
                "published_ms": time.time_ns() // 1_000_000,
            }
            publish(spec.topic, encode(spec.topic, seq=seq, prev=seq - 1, at=end_ms, kind="delta", data=data))
        return len(fresh)


@dataclass(frozen=True, slots=True)
class Computed:
    """The scores of one spec, waiting to be stored. `is_whole` after a cold start: most of them are stored already."""

    spec: PairSpec
    scores: Scores
    points: list[Point]
    is_whole: bool

    def new_points(self) -> list[Point]:
        if not self.is_whole:
            return self.points
        stored = {
            row[0]: row[1:]
            for row in Snapshot.objects.filter(spec=self.spec).values_list(
                "opened_at",
                "price_y",
                "price_x",
                "hedge_ratio",
                "intercept",
                "spread",
                "zscore",
                "correlation",
                "unknown",
            )
        }
        known = {int(opened.timestamp() * 1000): values for opened, values in stored.items()}
        return [point for point in self.points if known.get(point.opened_ms) != _values_of(point)]

    def last_ticks(self) -> dict[str, int | None]:
        grid = self.scores.grid
        return {
            name: int(times[-1]) if times[-1] >= 0 else None
            for name, times in (("last_y_ms", grid.last_y_ms), ("last_x_ms", grid.last_x_ms))
        }


def points_of(scores: Scores) -> list[Point]:
    """The scored slots as points, unknown as None."""
    grid = scores.grid
    prices = slice(scores.start, scores.start + len(scores))
    columns = zip(
        scores.opened_ms.tolist(),
        *(
            [finite(value) for value in np.asarray(column).tolist()]
            for column in (
                grid.y[prices],
                grid.x[prices],
                scores.hedge_ratio,
                scores.intercept,
                scores.spread,
                scores.zscore,
                scores.correlation,
            )
        ),
        (_unknown(scores, row) for row in range(len(scores))),
        strict=True,
    )
    return [Point(*values) for values in columns]


_WIRE_NAMES = {"hedge_ratio": ("beta", "alpha"), "spread": ("spread",), "zscore": ("z",), "correlation": ("corr",)}


def _unknown(scores: Scores, row: int) -> dict[str, str]:
    return {name: text for quantity, text in scores.unknown(row).items() for name in _WIRE_NAMES[quantity]}


def _values_of(point: Point) -> tuple[object, ...]:
    return tuple(getattr(point, name) for name in POINT_FIELDS)


def _first_ms(spec: PairSpec, timeframe: Timeframe) -> int | None:
    """Open of the pair's first slot with data of both legs."""
    firsts = [first_open_ms(leg, timeframe) for leg in (spec.y_id, spec.x_id)]
    known = [first for first in firsts if first is not None]
    return max(known) if len(known) == len(firsts) else None


def _next_seqs(spec_ids: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE analytics_pairspec SET seq = seq + 1 WHERE id = ANY(%s) RETURNING id, seq", [spec_ids])
        return dict(cursor.fetchall())


_STORE = """
    INSERT INTO analytics_snapshot
        (spec_id, opened_at, seq, price_y, price_x, hedge_ratio, intercept, spread, zscore, correlation, unknown)
    SELECT spec_id, to_timestamp(opened_ms / 1000.0), seq,
           price_y, price_x, hedge_ratio, intercept, spread, zscore, correlation, unknown
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
                %s::float8[], %s::float8[], %s::float8[], %s::jsonb[])
        AS r(spec_id, opened_ms, seq, price_y, price_x, hedge_ratio, intercept, spread, zscore, correlation, unknown)
    ON CONFLICT (spec_id, opened_at) DO UPDATE SET
        seq = EXCLUDED.seq, price_y = EXCLUDED.price_y, price_x = EXCLUDED.price_x,
        hedge_ratio = EXCLUDED.hedge_ratio, intercept = EXCLUDED.intercept, spread = EXCLUDED.spread,
        zscore = EXCLUDED.zscore, correlation = EXCLUDED.correlation, unknown = EXCLUDED.unknown
"""


def _store(fresh: Sequence[tuple[Computed, list[Point]]], seqs: dict[int, int]) -> None:
    rows = [
        (found.spec.pk, point.opened_ms, seqs[found.spec.pk], *_values_of(point))
        for found, points in fresh
        for point in points
    ]
    if rows:
        *columns, unknown = (list(column) for column in zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [*columns, [Jsonb(reasons) for reasons in unknown]])
