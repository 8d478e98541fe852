"""Binance USD-M futures, sans I/O: the aggTrade stream of the /market route and the REST pages behind it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from django.conf import settings
from msgspec import Meta, Struct

from market.core.types import I64
from market.errors import FrameError
from market.venues import register
from market.venues.base import Parsed, Rejected, Reply, Rows, columns, no_rows
from market.venues.binance_funding import BinanceFunding
from market.venues.binance_rest import BinanceRest
from market.venues.numbers import decimal, decimals

MAX_NAMES = 200
TEXT_LIMIT = 2_000
# An event time outside (2017, now + 36 h], or a day away from its time of sending, is a broken frame, not a trade
EARLIEST_MS = 1_483_228_800_000
AHEAD_MS = 36 * 3_600_000
SEND_DELAY_MS = 24 * 3_600_000
COIN_MARGINED = 2

_Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class _AggTrade(Struct, tag_field="e", tag="aggTrade", gc=False):
    E: _Id
    a: _Id
    s: str
    p: str
    q: str
    T: _Id
    m: bool
    st: _Id = 1


class _Envelope(Struct, gc=False):
    data: _AggTrade


class _Error(Struct):
    code: int = 0
    msg: str = ""


class _Control(Struct):
    id: int | None = None
    result: Any = msgspec.UNSET
    error: _Error | None = None
    code: int | None = None
    msg: str = ""


_many = msgspec.json.Decoder(list[_Envelope])
_one = msgspec.json.Decoder(_Envelope)
_bare = msgspec.json.Decoder(_AggTrade)
_control = msgspec.json.Decoder(_Control)
_NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class BinanceUsdm(BinanceRest, BinanceFunding):
    """The venue's own names for things stay inside this class."""

    name = "binance"
    messages_per_second = 4.0

    def stream_url(self) -> str:
        return str(settings.BINANCE_WS_URL)

    def rest_url(self) -> str:
        return str(settings.BINANCE_REST_URL)

    def default_symbols(self) -> Sequence[str]:
        return ("BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT")

    def subscribe(self, symbols: Sequence[str], first_id: int) -> list[str]:
        return _control_messages("SUBSCRIBE", symbols, first_id)

    def unsubscribe(self, symbols: Sequence[str], first_id: int) -> list[str]:
        return _control_messages("UNSUBSCRIBE", symbols, first_id)

    def parse_frames(self, frames: Sequence[bytes], ids: Mapping[str, int], now_ms: int) -> Parsed:
        """Frames to columns. `ids` maps symbols to instruments; frames of other symbols are dropped."""
        rejected: list[Rejected] = []
        replies: list[Reply] = []
        try:
            # One call for all frames: half the time of one call each
            events = [envelope.data for envelope in _many.decode(b"[" + b",".join(frames) + b"]")]
            if len(events) != len(frames):
                raise FrameError("json")
            prices, sizes = decimals([e.p for e in events]), decimals([e.q for e in events])
        except (*_NOT_JSON, FrameError):
            events = _one_by_one(frames, rejected, replies)
            prices, sizes = _each([e.p for e in events]), _each([e.q for e in events])
        rows, sent_ms = _rows(events, ids, prices, sizes)
        usable = (rows["instrument"] >= 0) & (_column([e.st for e in events], len(events)) != COIN_MARGINED)
        timely = _is_timely(rows["traded_ms"], sent_ms, now_ms)
        real = (rows["price"] > 0) & (rows["size"] > 0)
        if usable.all() and timely.all() and real.all():
            return Parsed(rows, no_rows(), rejected, replies)
        for index in np.flatnonzero(usable & ~(timely & real)):
            reason = "zero price" if timely[index] else "time"
            text = msgspec.json.encode(events[index]).decode()[:TEXT_LIMIT]
            rejected.append(Rejected(reason, f"id {events[index].a} of {events[index].s[:64]}", text))
        return Parsed(rows[usable & timely & real], rows[usable & timely & ~real], rejected, replies)


def _control_messages(method: str, symbols: Sequence[str], first_id: int) -> list[str]:
    names = [f"{symbol.lower()}@aggTrade" for symbol in symbols]
    parts = [names[start : start + MAX_NAMES] for start in range(0, len(names), MAX_NAMES)]
    return [
        msgspec.json.encode({"method": method, "params": part, "id": first_id + number}).decode()
        for number, part in enumerate(parts)
    ]


def _column(values: Sequence[int], count: int) -> I64:
    return np.fromiter(values, np.int64, count)


def _rows(events: list[_AggTrade], ids: Mapping[str, int], prices: Any, sizes: Any) -> tuple[Rows, I64]:
    count = len(events)
    rows = columns(
        trade_id=_column([e.a for e in events], count),
        traded_ms=_column([e.T for e in events], count),
        price=prices,
        size=sizes,
        instrument=_column([ids.get(e.s, -1) for e in events], count),
        is_buyer_maker=np.fromiter([e.m for e in events], np.bool_, count),
    )
    return rows, _column([e.E for e in events], count)


def _is_timely(traded_ms: I64, sent_ms: I64, now_ms: int) -> Any:
    return (traded_ms > EARLIEST_MS) & (traded_ms <= now_ms + AHEAD_MS) & (np.abs(sent_ms - traded_ms) <= SEND_DELAY_MS)


def _each(texts: list[str]) -> Any:
    return np.array([decimal(text) for text in texts], np.float64)


def _one_by_one(frames: Sequence[bytes], rejected: list[Rejected], replies: list[Reply]) -> list[_AggTrade]:
    events = []
    for frame in frames:
        try:
            found = _read(frame)
        except FrameError as error:
            text = frame[:TEXT_LIMIT].decode("utf-8", "backslashreplace").replace("\0", "\\0")[:TEXT_LIMIT]
            rejected.append(Rejected(error.reason, error.detail[:500], text))
        else:
            if isinstance(found, Reply):
                replies.append(found)
            else:
                events.append(found)
    return events


def _read(frame: bytes) -> _AggTrade | Reply:
    event = _event_of(frame)
    if event is None:
        return _reply_of(frame)
    decimal(event.p)
    decimal(event.q)
    return event


def _event_of(frame: bytes) -> _AggTrade | None:
    for decoder in (_one, _bare):
        try:
            found = decoder.decode(frame)
        except _NOT_JSON:
            continue
        return found.data if isinstance(found, _Envelope) else found
    return None


def _reply_of(frame: bytes) -> Reply:
    try:
        control = _control.decode(frame)
    except msgspec.ValidationError as error:
        raise FrameError("type", str(error)) from error
    except _NOT_JSON as error:
        raise FrameError("json", str(error)) from error
    if control.error is not None:
        return Reply(control.id, f"{control.error.code}: {control.error.msg}"[:300])
    if control.code is not None:
        return Reply(control.id, f"{control.code}: {control.msg}"[:300])
    if control.result is msgspec.UNSET:
        raise FrameError("event", "neither a trade nor a reply")
    return Reply(control.id)


register(BinanceUsdm())
