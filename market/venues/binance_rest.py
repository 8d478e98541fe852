"""The REST half of Binance USD-M: requests as data, answers as types (docs/architecture.md)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from market.errors import FrameError
from market.venues.base import Answer, Listing, Page, Refusal, Rejected, Request, columns
from market.venues.numbers import decimal, decimals

AGG_TRADES_WEIGHT = 20
FOREVER_MS = 4_133_404_800_000
BAN_UNTIL = re.compile(r"banned until ([0-9]{13})")
UNKNOWN_SYMBOL_CODES = (-1121, -4141, -4144)

_Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class _Row(Struct, gc=False):
    a: _Id
    p: str
    q: str
    T: _Id
    m: bool


class _Fault(Struct):
    code: int = 0
    msg: str = ""


class _Filter(Struct, rename="camel"):
    filter_type: str = ""
    tick_size: str = ""
    step_size: str = ""


class _Symbol(Struct, rename="camel"):
    symbol: str
    status: str = ""
    contract_status: str = ""
    contract_type: str = ""
    base_asset: str = ""
    quote_asset: str = ""
    onboard_date: int = 0
    delivery_date: int = 0
    filters: list[_Filter] = []


class _Info(Struct):
    symbols: list[_Symbol]


_rows = msgspec.json.Decoder(list[_Row])
_fault = msgspec.json.Decoder(_Fault)
_info = msgspec.json.Decoder(_Info)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class BinanceRest:
    """Paging by id: `a` is consecutive per symbol, times are only used to find where to begin."""

    page_limit = 1_000
    weight_limit = 2_400

    def trades_from_id(self, symbol: str, first_id: int) -> Request:
        return self._trades(symbol, fromId=str(first_id))

    def trades_from_time(self, symbol: str, start_ms: int) -> Request:
        return self._trades(symbol, startTime=str(start_ms), limit="1")

    def newest_trade(self, symbol: str) -> Request:
        return self._trades(symbol, limit="1")

    def _trades(self, symbol: str, **params: str) -> Request:
        asked = {"symbol": symbol, "limit": str(self.page_limit), **params}
        return Request("/fapi/v1/aggTrades", asked, AGG_TRADES_WEIGHT)

    def ping(self) -> Request:
        return Request("/fapi/v1/ping", {}, 1)

    def listings_request(self) -> Request:
        return Request("/fapi/v1/exchangeInfo", {}, 1)

    def used_weight(self, headers: Mapping[str, str]) -> int | None:
        text = headers.get("x-mbx-used-weight-1m", "")
        return int(text) if text.isascii() and text.isdigit() else None

    def parse_trades(self, answer: Answer, instrument: int) -> Page | Refusal:
        """A page of aggTrades; rows without price are `voids`, rows whose numbers are wrong are rejected."""
        try:
            found = sorted(_rows.decode(answer.body), key=lambda row: row.a)
        except _UNREADABLE as error:
            return Refusal("unreadable", f"aggTrades: {error}"[:300])
        rejected: list[Rejected] = []
        try:
            prices, sizes = decimals([r.p for r in found]), decimals([r.q for r in found])
        except FrameError:
            prices, sizes = _lenient(found, rejected)
        rows = columns(
            trade_id=[r.a for r in found],
            traded_ms=[r.T for r in found],
            price=prices,
            size=sizes,
            instrument=instrument,
            is_buyer_maker=[r.m for r in found],
        )
        real = (rows["price"] > 0) & (rows["size"] > 0)
        rejected += [
            Rejected("zero price", f"id {found[i].a} by REST", msgspec.json.encode(found[i]).decode()[:2000])
            for i in np.flatnonzero((rows["price"] == 0) | (rows["size"] == 0))
        ]
        return Page(rows[real], rows[~real], rejected)

    def parse_listings(self, answer: Answer, now_ms: int) -> list[Listing] | Refusal:
        try:
            info = _info.decode(answer.body)
        except _UNREADABLE as error:
            return Refusal("unreadable", f"exchangeInfo: {error}"[:300])
        return [_listing(symbol) for symbol in info.symbols if 0 < len(symbol.symbol) <= 64]

    def refusal_of(self, answer: Answer, now_ms: int) -> Refusal | None:  # noqa: PLR0911 - one return per kind
        """None for a usable answer; the reason otherwise, with the seconds to wait where they are known."""
        if answer.status == 200:
            html = answer.headers.get("content-type", "").startswith("text/html") or answer.body[:1] == b"<"
            return Refusal("firewall", "an HTML page came instead of JSON") if html else None
        fault = _fault_of(answer.body)
        message = f"HTTP {answer.status} {fault.msg}".strip()[:300]
        if answer.status == 429:
            return Refusal("rate", message, _retry_after(answer.headers))
        if answer.status == 418:
            return Refusal("ban", message, _ban_seconds(answer.headers, fault.msg, now_ms))
        if answer.status == 451:
            return Refusal("blocked", message)
        if answer.status == 403:
            return Refusal("firewall", message)
        if fault.code in UNKNOWN_SYMBOL_CODES:
            return Refusal("symbol", message)
        return Refusal("failure", message)


def _lenient(found: Sequence[_Row], rejected: list[Rejected]) -> tuple[Any, Any]:
    """Prices and sizes, NaN where a text is no number."""
    numbers = np.full((2, len(found)), np.nan)
    for index, row in enumerate(found):
        try:
            numbers[:, index] = decimal(row.p), decimal(row.q)
        except FrameError as error:
            rejected.append(Rejected(error.reason, error.detail, msgspec.json.encode(row).decode()[:2000]))
    return numbers[0], numbers[1]


def _fault_of(body: bytes) -> _Fault:
    try:
        return _fault.decode(body)
    except _UNREADABLE:
        return _Fault()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _ban_seconds(headers: Mapping[str, str], message: str, now_ms: int) -> float | None:
    told = _retry_after(headers)
    if told is not None:
        return told
    found = BAN_UNTIL.search(message)
    return max(0.0, (int(found.group(1)) - now_ms) / 1000) if found else None


def _listing(symbol: _Symbol) -> Listing:
    sizes = {f.filter_type: f for f in symbol.filters}
    price, lot = sizes.get("PRICE_FILTER", _Filter()), sizes.get("LOT_SIZE", _Filter())
    return Listing(
        symbol=symbol.symbol,
        base_asset=symbol.base_asset[:32],
        quote_asset=symbol.quote_asset[:32],
        contract_type=symbol.contract_type[:32],
        status=(symbol.status or symbol.contract_status)[:32],
        tick_size=_positive(price.tick_size),
        step_size=_positive(lot.step_size),
        onboarded_at=_moment(symbol.onboard_date),
        delivery_at=_moment(symbol.delivery_date),
    )


def _positive(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


def _moment(ms: int) -> datetime | None:
    """Time of an epoch in ms; None for "never" and for nonsense."""
    return datetime.fromtimestamp(ms / 1000, UTC) if 0 < ms < FOREVER_MS else None
