"""One pair spec followed by a live worker: which slots are due, from what they are scored, and what stays warm."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from analytics.core.align import CARRY_LIMIT_MS, Bars, Grid, align
from analytics.core.scoring.layout import ANCHOR
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.scores import Scores
from analytics.core.scoring.track import Track
from analytics.core.windows import Windows
from analytics.models import PairSpec
from analytics.rings import Key, Ring, Rings, first_open_ms
from analytics.snapshots import Computed
from analytics.stored import forget_memory, memory_before
from market.core.types import F64, Timeframe

#: slots of the stored series that are kept up to date; longer charts are history
SERIES = 3_600
#: back-filled history changes old slots every second; they are recomputed at most this often
DEEP_EVERY_S = 5.0
DEEP_SLOTS = 120


@dataclass
class Progress:
    """Where one spec stands: its newest scored slot, and the oldest one that waits to be computed anew."""

    scored_ms: int
    first_ms: int
    deep_at: float
    track: Track
    waiting_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Opens of the pair's first slot, of the first slot of the series, and of the first one to score."""

    first_ms: int
    series_ms: int
    start_ms: int
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """All that is known of a spec at one moment: its scores, and the bars of both legs from the grid's start on."""

    scores: Scores
    y: Bars
    x: Bars


@dataclass
class Follower:
    """Scores of specs from warm bars; `progress` is what it remembers of each."""

    rings: Rings
    clock: Callable[[], float]
    progress: dict[int, Progress]

    def compute(self, spec: PairSpec, touched: list[int], watermark: int) -> Computed | None:
        """Scores of the slots that are due, None when there are none; `touched` are opens of changed bars."""
        progress = self.progress.get(spec.pk)
        span = self._span(spec, progress, touched, watermark)
        if span is None:
            return None
        if progress is not None and span.is_next:
            scores = self._go_on(spec, progress, span, watermark)
        else:
            scores = self._begin(spec, span, watermark)
        if scores is None:
            return None
        self.progress[spec.pk].scored_ms = int(scores.grid.opened_ms[-1])
        return Computed(spec, scores, is_whole=progress is None)

    def series(self, spec: PairSpec, watermark: int) -> Series:
        """The whole series of a spec that is followed, scored anew; what is warm stays as it is."""
        width = spec.timeframe * 1_000
        progress = self.progress[spec.pk]
        start_ms = max(progress.scored_ms - (SERIES - 1) * width, progress.first_ms)
        _, scores = self._scored(spec, Span(progress.first_ms, start_ms, start_ms), watermark)
        y, x = self._legs(spec, int(scores.grid.opened_ms[0]))
        return Series(scores, y.bars, x.bars)

    def trim(self, specs: Iterable[PairSpec]) -> None:
        """Let go of bars that none of the specs, which are all there are, will look back on."""
        reaches: dict[Key, int] = {}
        for spec in specs:
            if progress := self.progress.get(spec.pk):
                width = spec.timeframe * 1_000
                start_ms = max(progress.scored_ms - SERIES * width, progress.first_ms)
                reach_ms = start_ms - (params_of(spec).lookback + 1) * width - 2 * CARRY_LIMIT_MS
                for leg in (spec.y_id, spec.x_id):
                    key = (leg, spec.timeframe)
                    reaches[key] = min(reach_ms, reaches.get(key, reach_ms))
        self.rings.keep(reaches)

    def _go_on(self, spec: PairSpec, progress: Progress, span: Span, watermark: int) -> Scores | None:
        """The next slots of a warm track."""
        grid = self._grid(spec, span.start_ms, span.first_ms, watermark)
        if not len(grid):
            return None
        progress.track.extend(grid)
        return progress.track.score(grid, 0, len(grid))

    def _begin(self, spec: PairSpec, span: Span, watermark: int) -> Scores | None:
        """The slots from `start_ms` on from a new track."""
        track, scores = self._scored(spec, span, watermark)
        if not len(scores):
            return None
        progress = self.progress.get(spec.pk)
        if progress is None:
            self.progress[spec.pk] = Progress(0, span.first_ms, self.clock(), track)
        else:
            progress.first_ms, progress.track = span.first_ms, track
        return scores

    def _scored(self, spec: PairSpec, span: Span, watermark: int) -> tuple[Track, Scores]:
        width = spec.timeframe * 1_000
        params = params_of(spec)
        reach_ms = max(span.start_ms - params.lookback * width, span.first_ms)
        memory: F64 | None = None
        if params.has_memory:
            params, reach_ms, memory = self._remember(spec, span, reach_ms, watermark)
        grid = self._grid(spec, reach_ms, span.first_ms, watermark)
        start = min((span.start_ms - reach_ms) // width, len(grid))
        track = Track(grid, params, memory=memory)
        return track, track.score(grid, start, len(grid))

    def _remember(
        self, spec: PairSpec, span: Span, reach_ms: int, watermark: int
    ) -> tuple[ScoreParams, int, F64 | None]:
        """Parameters with the start of a method with memory, how far back bars are needed, and the state there."""
        started_ms = _started_ms(spec, span, watermark)
        known = memory_before(spec, span.start_ms) if span.start_ms > started_ms else None
        # A state from before the oldest bar has a gap behind it that no bar fills any more
        if known is not None and known[0] >= span.first_ms + ANCHOR * spec.timeframe * 1_000:
            at_ms, memory = known
            return params_of(spec), min(reach_ms, at_ms), memory
        return params_of(spec), max(min(reach_ms, started_ms), span.first_ms), None

    def _grid(self, spec: PairSpec, start_ms: int, first_ms: int, watermark: int) -> Grid:
        y, x = self._legs(spec, start_ms - CARRY_LIMIT_MS)
        return align(
            y.since(start_ms - CARRY_LIMIT_MS),
            x.since(start_ms - CARRY_LIMIT_MS),
            timeframe=Timeframe(spec.timeframe),
            start_ms=start_ms,
            stop_ms=watermark,
            watermark_ms=watermark,
            symbols=(spec.y.symbol, spec.x.symbol),
            first_ms=first_ms,
        )

    def _legs(self, spec: PairSpec, reach_ms: int) -> tuple[Ring, Ring]:
        timeframe = Timeframe(spec.timeframe)
        return self.rings.of(spec.y_id, timeframe, reach_ms), self.rings.of(spec.x_id, timeframe, reach_ms)

    def _span(self, spec: PairSpec, progress: Progress | None, touched: list[int], watermark: int) -> Span | None:
        """What is due; None without data."""
        width = spec.timeframe * 1_000
        newest_ms = watermark // width * width - SERIES * width
        if progress is None:
            first_ms = _first_ms(spec)
            if first_ms is None:
                return None
            series_ms = max(newest_ms, first_ms)
            return Span(first_ms, series_ms, series_ms)
        waiting = [] if progress.waiting_ms is None else [progress.waiting_ms]
        oldest = min([*touched, *waiting], default=None)
        series_ms = max(newest_ms, progress.first_ms)
        # After a long pause the slots between are as old as the history of a cold start
        next_ms = max(progress.scored_ms + width, series_ms)
        is_next = next_ms == progress.scored_ms + width and next_ms == progress.track.next_ms
        if oldest is None or oldest >= next_ms:
            return Span(progress.first_ms, series_ms, next_ms, is_next)
        if next_ms - oldest > DEEP_SLOTS * width and self.clock() - progress.deep_at < DEEP_EVERY_S:
            progress.waiting_ms = oldest
            return Span(progress.first_ms, series_ms, next_ms, is_next)
        progress.waiting_ms, progress.deep_at = None, self.clock()
        first_ms = progress.first_ms if oldest >= progress.first_ms else _first_ms(spec) or progress.first_ms
        series_ms = max(newest_ms, first_ms)
        if oldest < series_ms:
            _unlearn(spec, oldest, first_ms)
        return Span(first_ms, series_ms, max(series_ms, oldest))


def params_of(spec: PairSpec) -> ScoreParams:
    """What is computed for a spec."""
    return ScoreParams(
        Windows(spec.hedge_window, spec.z_window, spec.correlation_window),
        "raw" if spec.prices == "raw" else "log",
        spec.hedge,
        None if spec.started_at is None else round(spec.started_at.timestamp() * 1000),
    )


def _first_ms(spec: PairSpec) -> int | None:
    """Open of the pair's first slot with data of both legs."""
    firsts = [first_open_ms(leg, Timeframe(spec.timeframe)) for leg in (spec.y_id, spec.x_id)]
    known = [first for first in firsts if first is not None]
    return max(known) if len(known) == len(firsts) else None


def _unlearn(spec: PairSpec, changed_ms: int, first_ms: int) -> None:
    """Drop the states that saw bars which have changed, unless the bars to learn from anew are gone."""
    started_ms = params_of(spec).started_ms
    if started_ms is not None and not changed_ms <= started_ms < first_ms:
        forget_memory(spec, changed_ms)


def _started_ms(spec: PairSpec, span: Span, watermark: int) -> int:
    """Where a method with memory begins; history that comes while it still warms up moves the start back."""
    width_ms = spec.hedge_window * spec.timeframe * 1_000
    wanted = max(span.first_ms, span.series_ms - width_ms)
    stored = params_of(spec).started_ms
    if stored is not None and (wanted >= stored or watermark >= stored + width_ms):
        return stored
    if stored is not None:
        forget_memory(spec)
    spec.started_at = datetime.fromtimestamp(wanted / 1_000, UTC)
    PairSpec.objects.filter(pk=spec.pk).update(started_at=spec.started_at)
    return wanted
