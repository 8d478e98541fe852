"""Recorded frames of the venue, played again: aggTrade byte for byte, market trades re-issued as aggTrade."""

import gzip
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np

from market.errors import LivepairsError
from market.simulator.decimals import join, split
from market.simulator.frames import agg_trade
from market.simulator.ledger import Row, Rows, rows_of
from market.simulator.source import Batch
from market.simulator.symbols import Contract

_LINE = re.compile(rb"([0-9]+(?:\.[0-9]+)?):? +([{\[].*)", re.ASCII | re.DOTALL)
_TIMES = re.compile(r'("[ET]": ?)([0-9]+)')
_GZIP = b"\x1f\x8b"
_NS_PER_MS = 1_000_000
#: Taken from the backlog in one step when playing as fast as possible
_STRIDE = 500


class RecordingError(LivepairsError):
    """A recording that cannot be read; the message names file and line."""


class _Envelope(msgspec.Struct):
    data: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


class _Trade(msgspec.Struct):
    """aggTrade and trade in one; `X` came to `trade` in 2020, where it is missing the print is a market trade."""

    e: str
    E: int
    T: int
    s: str
    p: str
    q: str
    m: bool
    a: int | None = None
    f: int | None = None
    l: int | None = None  # noqa: E741 - name of the wire
    nq: str | None = None
    t: int | None = None
    X: str = "MARKET"


_envelopes = msgspec.json.Decoder(_Envelope)
_trades = msgspec.json.Decoder(_Trade)
_anything = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Recorded:
    """One trade of a recording: when it was received, its row, and the payload as it is sent."""

    received_ns: int
    symbol: str
    row: Row
    text: str


def read_recordings(paths: Sequence[Path]) -> list[Recorded]:
    """The trades of these files, and of the files in these folders, in order of receipt."""
    files = [file for path in paths for file in _files(path)]
    found = [recorded for file in files for recorded in _read(file)]
    if not found:
        raise RecordingError(f"No aggTrade and no market trade in {', '.join(map(str, paths))}.")
    return sorted(found, key=lambda recorded: recorded.received_ns)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise RecordingError(f"{path}: no such file or folder.")
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    return [path]


def _read(file: Path) -> Iterator[Recorded]:
    with file.open("rb") as raw:
        is_packed = raw.read(2) == _GZIP
    number = 0
    try:
        with gzip.open(file) if is_packed else file.open("rb") as lines:
            for line in lines:
                number += 1
                recorded = _parse(line.strip())
                if recorded is not None:
                    yield recorded
    except (ValueError, msgspec.MsgspecError) as error:
        raise RecordingError(f"{file}, line {number}: {error}. Mend or remove this line.") from None
    except (EOFError, zlib.error, OSError) as error:
        raise RecordingError(f"{file}, after line {number}: {error}. The file is damaged or cut off.") from None


def _parse(line: bytes) -> Recorded | None:
    """The trade of a line; None for other events, blank lines and the address a cryptofeed file begins with."""
    if not line or line.startswith((b"wss://", b"ws://")):
        return None
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("expected `<receive time> <JSON frame>`")
    payload = _trade_payload(match[2])
    if payload is None:
        return None
    trade = _trades.decode(payload)
    if trade.e == "trade":
        return _reissued(_nanoseconds(match[1]), trade) if trade.X == "MARKET" else None
    row = _row(trade, trade.a, trade.f, trade.l)
    return Recorded(_nanoseconds(match[1]), trade.s, row, payload.decode())


def _trade_payload(frame: bytes) -> bytes | None:
    """The inner object of a trade frame, byte for byte; every frame is read as JSON so that none is broken unseen."""
    if frame.startswith(b"["):
        _anything.decode(frame)
        return None
    envelope = _envelopes.decode(frame)
    payload = bytes(envelope.data) or frame
    head = payload[:24].replace(b" ", b"")
    return payload if head.startswith((b'{"e":"aggTrade"', b'{"e":"trade"')) else None


def _reissued(received_ns: int, trade: _Trade) -> Recorded:
    row = _row(trade, trade.t, trade.t, trade.t)
    return Recorded(received_ns, trade.s, row, agg_trade(trade.s, row))


def _row(trade: _Trade, a: int | None, first: int | None, last: int | None) -> Row:
    if a is None or first is None or last is None:
        raise ValueError(f"{trade.e} frame without its id")
    price, price_scale = split(trade.p)
    size, size_scale = split(trade.q)
    net, net_scale = split(trade.q if trade.nq is None else trade.nq)
    numbers = (a, trade.T, trade.E, first, last, price, size, net)
    return (*numbers, price_scale, size_scale, net_scale, trade.m)


def _nanoseconds(text: bytes) -> int:
    """Receive time in ns, from ns, us, ms or seconds told apart by their size."""
    if b"." in text:
        seconds, _, fraction = text.partition(b".")
        return int(seconds) * 10**9 + int(fraction[:9].ljust(9, b"0"))
    value = int(text)
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if value * unit >= 10**18:
            return value * unit
    raise ValueError(f"receive time {value} is neither ns nor us, ms or s since 1970")


def contracts_of(recorded: Sequence[Recorded]) -> tuple[Contract, ...]:
    """The symbols of a recording; tick and step are the widest grid all its prices and sizes lie on."""
    rows: dict[str, list[Row]] = {}
    for one in recorded:
        rows.setdefault(one.symbol, []).append(one.row)
    return tuple(
        Contract(
            symbol,
            base_price=1.0,
            tick=_grid([(row[5], row[8]) for row in of_symbol]),
            step=_grid([(row[6], row[9]) for row in of_symbol]),
        )
        for symbol, of_symbol in rows.items()
    )


def _grid(decimals: Sequence[tuple[int, int]]) -> str:
    finest = max(scale for _, scale in decimals)
    width = math.gcd(*(mantissa * 10 ** (finest - scale) for mantissa, scale in decimals))
    return join(width or 1, finest)


class RecordingSource:
    """Plays trades at `speed` times their pace (0: as fast as possible), shifted by one constant to begin now.

    The shift is whole seconds, so bars of the replay hold the same trades as bars of the recording. With
    `keeps_times` nothing is shifted and the exchange shows the time of the recording.
    """

    def __init__(self, recorded: Sequence[Recorded], *, speed: float, keeps_times: bool = False) -> None:
        self.contracts = contracts_of(recorded)
        self.waits_for = [contract.symbol for contract in self.contracts]
        self._recorded = recorded
        self._speed = speed
        self._keeps_times = keeps_times
        self._offsets = np.array([one.received_ns - recorded[0].received_ns for one in recorded], np.int64)
        self._first_ms = recorded[0].row[2]
        self._played = 0
        self._started_ms: int | None = None
        self.shift_ms = 0

    @property
    def is_finished(self) -> bool:
        return self._played == len(self._recorded)

    @property
    def has_backlog(self) -> bool:
        return self._speed == 0 and self._started_ms is not None and not self.is_finished

    def clock_ms(self, wall_ms: int) -> int:
        if not self._keeps_times:
            return wall_ms
        if self._speed == 0 or self._started_ms is None:
            return self._recorded[max(self._played - 1, 0)].row[2]
        return self._first_ms + round((wall_ms - self._started_ms) * self._speed)

    def start(self, wall_ms: int) -> None:
        if self._started_ms is not None:
            return
        self._started_ms = wall_ms
        self.shift_ms = 0 if self._keeps_times else (wall_ms - self._first_ms) // 1000 * 1000

    def due(self, wall_ms: int) -> list[Batch]:
        if self._started_ms is None:
            return []
        if self._speed == 0:
            end = min(self._played + _STRIDE, len(self._recorded))
        else:
            reached = int((wall_ms - self._started_ms) * self._speed * _NS_PER_MS)
            end = int(np.searchsorted(self._offsets, reached, side="right"))
        played = self._recorded[self._played : end]
        self._played = max(self._played, end)
        return [self._batch(symbol, list(run)) for symbol, run in groupby(played, lambda one: one.symbol)]

    def _batch(self, symbol: str, run: list[Recorded]) -> Batch:
        rows: Rows = rows_of([one.row for one in run])
        rows["traded_ms"] += self.shift_ms
        rows["sent_ms"] += self.shift_ms
        return Batch(symbol, rows, [shifted(one.text, self.shift_ms) for one in run])


def shifted(text: str, shift_ms: int) -> str:
    """The payload with both its times moved and every other byte as it was."""
    if shift_ms == 0:
        return text
    return _TIMES.sub(lambda match: f"{match[1]}{int(match[2]) + shift_ms}", text)
