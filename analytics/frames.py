"""Frames of live topics as the push side sees them, and how waiting frames become one. Pure: no socket, no clock."""

from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import Any

import msgspec

from market.topics import Kind, encode


class Merge(Enum):
    """What may happen to frames of a topic while a client is slow."""

    POINTS = "points of equal time replaced, newer ones appended, other keys newest"
    NEWEST = "every frame is whole, so the newest says it all"
    NEVER = "every frame arrives"


class _Head(msgspec.Struct):
    topic: str
    seq: int
    at: int
    kind: Kind
    prev: int | None = None


class _Whole(_Head):
    data: dict[str, Any] = {}


_read_head = msgspec.json.Decoder(_Head).decode
_read_whole = msgspec.json.Decoder(_Whole).decode

Row = dict[str, float | None]


class Frame:
    """One frame, read once for a whole process; `message` is handed to every client unchanged."""

    def __init__(self, text: str, merge: Merge) -> None:
        head = _read_head(text)
        self.text = text
        self.merge = merge
        self.topic = head.topic
        self.seq = head.seq
        self.prev = head.prev
        self.at = head.at
        self.kind = head.kind
        self.size = len(text)
        self.message: dict[str, Any] = {"type": "websocket.send", "text": text}

    @cached_property
    def data(self) -> dict[str, Any]:
        return _read_whole(self.text).data

    def linked(self, prev: int | None, *, kind: Kind = "delta") -> "Frame":
        """The same content, following on frame number `prev`."""
        return Frame(encode(self.topic, seq=self.seq, prev=prev, at=self.at, kind=kind, data=self.data), self.merge)


def notice(topic: str, kind: Kind, data: dict[str, Any], merge: Merge = Merge.NEVER) -> Frame:
    """A frame about the topic itself; its number says nothing."""
    return Frame(encode(topic, seq=0, prev=None, at=0, kind=kind, data=data), merge)


def fold(frames: Sequence[Frame]) -> Frame:
    """One frame that does to a client what `frames` of one topic, in order, would have done.

    It carries the last `seq` and the first `prev`, so that the client's check for holes stays right; a hole between
    deltas becomes a resync.
    """
    first, last = frames[0], frames[-1]
    if len(frames) == 1:
        return first
    if last.merge is Merge.POINTS:
        return _fold_points(frames)
    if all(frame.kind == "delta" for frame in frames):
        return last.linked(first.prev)
    return last.linked(None, kind="snapshot") if last.kind == "delta" else last


def _fold_points(frames: Sequence[Frame]) -> Frame:
    start = max((i for i, frame in enumerate(frames) if frame.kind != "delta"), default=0)
    base = frames[start]
    if base.kind not in ("delta", "snapshot"):
        return base
    if any(after.prev is None or after.prev > before.seq for before, after in pairwise(frames[start:])):
        return notice(base.topic, "resync", {"reason": "a frame was lost on its way"}, Merge.POINTS)
    rows: dict[int, Row] = {}
    data: dict[str, Any] = {}
    for frame in frames[start:]:
        data.update(frame.data)
        rows.update(_rows(frame.data.get("points", {})))
    data["points"] = _columns(rows)
    last = frames[-1]
    return Frame(encode(last.topic, seq=last.seq, prev=base.prev, at=last.at, kind=base.kind, data=data), Merge.POINTS)


def _rows(points: dict[str, list[Any]]) -> dict[int, Row]:
    names = [name for name in points if name != "t"]
    return {
        t: dict(zip(names, values, strict=True))
        for t, *values in zip(points.get("t", []), *(points[name] for name in names), strict=True)
    }


def _columns(rows: dict[int, Row]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows.values() for name in row)
    times = sorted(rows)
    return {"t": times} | {name: [rows[t].get(name) for t in times] for name in names}
