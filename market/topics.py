"""The frame of a live topic: one JSON text, encoded once, the same for Redis, socket and HTTP."""

from typing import Any, Literal

import msgspec

Kind = Literal["snapshot", "delta", "gone", "error", "resync", "pong", "ready"]

_encoder = msgspec.json.Encoder()


def channel_of(topic: str) -> str:
    """The Redis channel that carries a topic."""
    return f"lp:{topic}"


def encode(topic: str, *, seq: int, prev: int | None, at: int, kind: Kind, data: dict[str, Any]) -> str:
    """One frame as text; NaN and infinities become null."""
    frame = {"topic": topic, "seq": seq, "prev": prev, "at": at, "kind": kind, "data": data}
    return _encoder.encode(frame).decode()
