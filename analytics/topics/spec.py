"""Topic `spec.<id>`: the statistics of one pair spec, bar by bar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from analytics.core.payloads import POINT_FIELDS, Point, spec_data
from analytics.frames import Merge
from analytics.models import Pair, PairReport, PairSpec, Share, Snapshot
from analytics.topics.base import MOST_POINTS, Ask, TopicKind, no_such, row_id
from market.core.types import Timeframe
from market.models import Bar
from market.topics import encode


def held_specs(asks: Collection[Ask]) -> set[Ask]:
    """Asks of users who have the spec on their list, look at it, or see it by a share."""
    wanted = {(user, int(key)): (user, key) for user, key in asks if key.isascii() and key.isdigit()}
    users, specs = {user for user, _ in wanted}, {spec for _, spec in wanted if spec < 2**63}
    held = Pair.objects.filter(owner_id__in=users, spec_id__in=specs).values_list("owner_id", "spec_id")
    shared = Share.objects.readable().filter(viewer_id__in=users, pair__spec_id__in=specs)
    rows = held.order_by().union(shared.order_by().values_list("viewer_id", "pair__spec_id"), all=True)
    return {wanted[row] for row in rows if row in wanted}


class SpecTopic(TopicKind):
    name = "spec"
    merge = Merge.POINTS

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """Asks of users who follow the spec."""
        return held_specs(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        """One statement reads the rows together with `seq`; what is read after it may be newer, never older."""
        spec = PairSpec.objects.select_related("y", "x").filter(pk=row_id(f"spec.{key}", key)).first()
        if spec is None:
            raise no_such(f"spec.{key}")
        rows = None if since is None else _changed(spec, since)
        is_delta = rows is not None and len(rows) <= MOST_POINTS
        if rows is None or not is_delta:
            rows = _newest(spec, points)
        newest = next((row.point for row in _newest(spec, 1)), None)
        data = spec_data([row.point for row in rows], newest if rows else None)
        if newest and rows:
            data["now"] |= _last_ticks(spec, newest)
            data["forming"] = rows[-1].forming
        if rows or not is_delta:
            data["report"] = PairReport.objects.filter(spec=spec).values_list("data", flat=True).first()
        if not is_delta:
            data["spec"] = describe(spec)
        return encode(
            spec.topic,
            seq=rows[-1].spec_seq if rows else spec.seq,
            prev=since if is_delta else None,
            at=newest.opened_ms + Timeframe(spec.timeframe).ms if newest else 0,
            kind="delta" if is_delta else "snapshot",
            data=data,
        )


def describe(spec: PairSpec) -> dict[str, Any]:
    """What is computed, in words of the wire."""
    return {
        "id": spec.pk,
        "y": str(spec.y),
        "x": str(spec.x),
        "tf": Timeframe(spec.timeframe).label,
        "hedge": spec.hedge,
        "prices": spec.prices,
        "hwin": spec.hedge_window,
        "zwin": spec.z_window,
        "cwin": spec.correlation_window,
        "lags": spec.lags,
        "tick_y": plain(spec.y.tick_size),
        "tick_x": plain(spec.x.tick_size),
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored point, the newest number of its topic and what the forming bar is scored with, by one statement."""

    point: Point
    spec_seq: int
    forming: dict[str, float | None] | None


def _changed(spec: PairSpec, since: int) -> list[_Row] | None:
    """Rows that changed after frame `since`; None when that frame is not of this topic."""
    if not 0 <= since <= PairSpec.objects.values_list("seq", flat=True).get(pk=spec.pk):
        return None
    return _rows(_stored(spec).filter(seq__gt=since).order_by("opened_at")[: MOST_POINTS + 1])


def _newest(spec: PairSpec, points: int) -> list[_Row]:
    return _rows(_stored(spec).order_by("-opened_at")[:points])[::-1]


def _stored(spec: PairSpec) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(spec=spec)


def _rows(stored: QuerySet[Snapshot]) -> list[_Row]:
    rows = stored.values_list("spec__seq", "spec__forming", "opened_at", *POINT_FIELDS)
    return [
        _Row(Point(round(opened.timestamp() * 1_000), *values), seq, forming) for seq, forming, opened, *values in rows
    ]


def _last_ticks(spec: PairSpec, point: Point) -> dict[str, int | None]:
    """Event times of the legs' last ticks up to the point."""
    opened_at = datetime.fromtimestamp(point.opened_ms / 1_000, UTC)
    return {
        name: Bar.objects.of(leg, spec.timeframe)
        .filter(opened_at__lte=opened_at)
        .order_by("-opened_at")
        .values_list("last_ms", flat=True)
        .first()
        for name, leg in (("last_y_ms", spec.y_id), ("last_x_ms", spec.x_id))
    }


def plain(number: Any) -> str | None:
    """A decimal without trailing zeros and without an exponent."""
    return None if number is None else f"{number.normalize():f}"
