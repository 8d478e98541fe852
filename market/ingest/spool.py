"""Ticks on disk while Postgres is away: append-only segments, read back in order.

A record is length, CRC32, payload; a torn or altered record ends its segment. What it held is not known to be stored,
so its ids are asked from the exchange again: the spool may lose a tail, the record as a whole loses nothing.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from market.core.types import TICK_DTYPE
from market.errors import LivepairsError
from market.ingest.batch import Batch

SEGMENT_BYTES = 16_000_000
_HEAD = struct.Struct("<II")


class SpoolFullError(LivepairsError):
    """The spool has reached its limit; reading must stop until Postgres is back."""


class _Meta(msgspec.Struct):
    received_ms: int
    watermark_ms: int
    had_rejects: bool
    rows: int


_meta = msgspec.json.Decoder(_Meta)


class Spool:
    """A folder of segments. One process writes and reads it (the holder of the ingest lock)."""

    def __init__(self, folder: Path, limit: int, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder = folder
        self.limit = limit
        self._segment_bytes = segment_bytes
        folder.mkdir(parents=True, exist_ok=True)
        self._next = max((int(s.stem) for s in self.segments()), default=0) + 1
        self._open: Path | None = None

    def segments(self) -> list[Path]:
        return sorted(self.folder.glob("*.spool"))

    def __bool__(self) -> bool:
        return bool(self.segments())

    def size(self) -> int:
        return sum(s.stat().st_size for s in self.segments())

    def append(self, batch: Batch) -> None:
        """Write a batch and fsync it; SpoolFullError when it does not fit."""
        payload = _pack(batch)
        if self.size() + len(payload) + _HEAD.size > self.limit:
            raise SpoolFullError(
                f"The spool {self.folder} holds its limit of {self.limit} bytes: bring Postgres back, "
                "or raise LIVEPAIRS_SPOOL_MEGABYTES."
            )
        with open(self._segment(), "ab") as stream:
            stream.write(_HEAD.pack(len(payload), zlib.crc32(payload)) + payload)
            stream.flush()
            os.fsync(stream.fileno())

    def _segment(self) -> Path:
        if self._open is None or (self._open.exists() and self._open.stat().st_size >= self._segment_bytes):
            self._open = self.folder / f"{self._next:012d}.spool"
            self._next += 1
        return self._open

    def read(self, segment: Path) -> Iterator[Batch]:
        """Batches of a segment up to its end or its first broken record."""
        data = segment.read_bytes()
        at = 0
        while at + _HEAD.size <= len(data):
            length, checksum = _HEAD.unpack_from(data, at)
            payload = data[at + _HEAD.size : at + _HEAD.size + length]
            if len(payload) != length or zlib.crc32(payload) != checksum:
                return
            yield _unpack(payload)
            at += _HEAD.size + length

    def remove(self, segment: Path) -> None:
        """A segment whose batches are all committed."""
        segment.unlink()
        if segment == self._open:
            self._open = None


def _pack(batch: Batch) -> bytes:
    meta = _Meta(batch.received_ms, batch.watermark_ms, batch.had_rejects, len(batch.rows))
    head = msgspec.json.encode(meta)
    return b"".join((struct.pack("<I", len(head)), head, batch.rows.tobytes(), batch.voids.tobytes()))


def _unpack(payload: bytes) -> Batch:
    (length,) = struct.unpack_from("<I", payload)
    meta = _meta.decode(payload[4 : 4 + length])
    ticks = np.frombuffer(payload, TICK_DTYPE, offset=4 + length)
    return Batch(
        rows=ticks[: meta.rows],
        voids=ticks[meta.rows :],
        received_ms=meta.received_ms,
        watermark_ms=meta.watermark_ms,
        had_rejects=meta.had_rejects,
    )
