"""Topic `spec.<id>`: the statistics of one pair spec, bar by bar."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from analytics.frames import Merge
from analytics.models import Pair, PairReport, PairSpec, Snapshot
from analytics.topics.base import MOST_POINTS, Ask, TopicKind, no_such, row_id
from market.core.types import Timeframe
from market.models import Bar
from market.topics import encode

#: names on the wire and the columns they come from
COLUMNS = {
    "y": "price_y",
    "x": "price_x",
    "spread": "spread",
    "z": "zscore",
    "corr": "correlation",
    "beta": "hedge_ratio",
    "alpha": "intercept",
}
NOW = ("z", "spread", "beta", "alpha", "corr", "price_y", "price_x")


class SpecTopic(TopicKind):
    name = "spec"
    merge = Merge.POINTS

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """Asks of users who have the spec on their list."""
        wanted = {(user, int(key)): (user, key) for user, key in asks if key.isascii() and key.isdigit()}
        held = Pair.objects.filter(
            owner_id__in={user for user, _ in wanted}, spec_id__in={spec for _, spec in wanted if spec < 2**63}
        ).values_list("owner_id", "spec_id")
        return {wanted[row] for row in held if row in wanted}

    def frame(self, key: str, since: int | None, points: int) -> str:
        """One statement reads the rows together with `seq`; what is read after it may be newer, never older."""
        spec = PairSpec.objects.select_related("y", "x").filter(pk=row_id(f"spec.{key}", key)).first()
        if spec is None:
            raise no_such(f"spec.{key}")
        rows = None if since is None else _changed(spec, since)
        is_delta = rows is not None and len(rows) <= MOST_POINTS
        if rows is None or not is_delta:
            rows = _newest(spec, points)
        seq = rows[-1]["newest_seq"] if rows else spec.seq
        data: dict[str, Any] = {"points": points_of(rows)}
        if rows:
            newest = _newest(spec, 1)[0]
            data |= {"now": now_of(spec, newest), "unknown": unknown_of(newest)}
        if rows or not is_delta:
            data["report"] = PairReport.objects.filter(spec=spec).values_list("data", flat=True).first()
        if not is_delta:
            data["spec"] = describe(spec)
        return encode(
            spec.topic,
            seq=seq,
            prev=since if is_delta else None,
            at=_closed_ms(spec, rows),
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
        "tick_y": _plain(spec.y.tick_size),
        "tick_x": _plain(spec.x.tick_size),
    }


def points_of(rows: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows of Snapshot as columns."""
    rows = list(rows)
    return {"t": [_ms(row["opened_at"]) for row in rows]} | {
        name: [row[column] for row in rows] for name, column in COLUMNS.items()
    }


def now_of(spec: PairSpec, row: dict[str, Any]) -> dict[str, Any]:
    """The newest final bar in figures, with the event times of the legs' last ticks."""
    return {name: row[COLUMNS.get(name, name)] for name in NOW} | {
        "last_y_ms": _last_ms(spec.y_id, spec, row["opened_at"]),
        "last_x_ms": _last_ms(spec.x_id, spec, row["opened_at"]),
    }


def unknown_of(row: dict[str, Any]) -> dict[str, str]:
    """Why statistics have no value, or not yet their final one."""
    unknown: dict[str, str] = row["unknown"]
    return unknown


def _changed(spec: PairSpec, since: int) -> list[dict[str, Any]] | None:
    """Rows that changed after frame `since`; None when that frame is not of this topic."""
    if not 0 <= since <= PairSpec.objects.values_list("seq", flat=True).get(pk=spec.pk):
        return None
    rows = _columns(spec).filter(seq__gt=since).order_by("opened_at")
    return list(rows[: MOST_POINTS + 1])


def _newest(spec: PairSpec, points: int) -> list[dict[str, Any]]:
    return list(_columns(spec).order_by("-opened_at")[:points])[::-1]


def _columns(spec: PairSpec) -> Any:
    return Snapshot.objects.filter(spec=spec).values(
        "opened_at", "unknown", *COLUMNS.values(), newest_seq=F("spec__seq")
    )


def _last_ms(instrument_id: int, spec: PairSpec, opened_at: datetime) -> int | None:
    bars = Bar.objects.of(instrument_id, spec.timeframe).filter(opened_at__lte=opened_at)
    return bars.order_by("-opened_at").values_list("last_ms", flat=True).first()


def _closed_ms(spec: PairSpec, rows: Sequence[dict[str, Any]]) -> int:
    return _ms(rows[-1]["opened_at"]) + spec.timeframe * 1_000 if rows else 0


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)


def _plain(number: Any) -> str | None:
    """A decimal without trailing zeros and without an exponent."""
    return None if number is None else f"{number.normalize():f}"
