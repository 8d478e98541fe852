"""Funding of Binance USD-M perpetuals: requests as data, answers as types."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from market.errors import FrameError
from market.venues.base import Answer, Funding, Refusal, Request, Settled
from market.venues.numbers import decimal

PREMIUM_INDEX_WEIGHT = 10

_Ms = Annotated[int, Meta(ge=0, le=4_133_404_800_000)]


class _Premium(Struct, rename="camel"):
    symbol: str
    time: _Ms
    mark_price: str = ""
    last_funding_rate: str = ""
    next_funding_time: _Ms = 0


class _Interval(Struct, rename="camel"):
    symbol: str
    funding_interval_hours: Annotated[int, Meta(ge=1, le=1_000)]


class _Settled(Struct, rename="camel"):
    symbol: str
    funding_time: _Ms
    funding_rate: str


_premiums = msgspec.json.Decoder(list[_Premium])
_intervals = msgspec.json.Decoder(list[_Interval])
_settled = msgspec.json.Decoder(list[_Settled])
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class BinanceFunding:
    """All contracts in one answer; delivery contracts have no funding and are left out."""

    standard_interval_hours = 8
    settled_limit = 1_000

    def funding_request(self) -> Request:
        return Request("/fapi/v1/premiumIndex", {}, PREMIUM_INDEX_WEIGHT)

    def parse_funding(self, answer: Answer) -> list[Funding] | Refusal:
        try:
            rows = _premiums.decode(answer.body)
        except _UNREADABLE as error:
            return Refusal("unreadable", f"premiumIndex: {error}"[:300])
        return [
            Funding(
                symbol=row.symbol,
                rate=_number(row.last_funding_rate),
                next_ms=row.next_funding_time,
                mark_price=_number(row.mark_price),
                at_ms=row.time,
            )
            for row in rows
            if row.next_funding_time
        ]

    def intervals_request(self) -> Request:
        """Of a pool of its own: no weight."""
        return Request("/fapi/v1/fundingInfo", {}, 0)

    def parse_intervals(self, answer: Answer) -> Mapping[str, int] | Refusal:
        """Hours between two fundings, of the contracts that differ from the standard and of some that do not."""
        try:
            rows = _intervals.decode(answer.body)
        except _UNREADABLE as error:
            return Refusal("unreadable", f"fundingInfo: {error}"[:300])
        return {row.symbol: row.funding_interval_hours for row in rows}

    def settled_request(self, start_ms: int) -> Request:
        """Of all contracts, rising from `start_ms` on; of the same pool as the intervals."""
        return Request("/fapi/v1/fundingRate", {"startTime": str(start_ms), "limit": str(self.settled_limit)}, 0)

    def parse_settled(self, answer: Answer) -> list[Settled] | Refusal:
        """Rows whose rate is no number are left out."""
        try:
            rows = _settled.decode(answer.body)
        except _UNREADABLE as error:
            return Refusal("unreadable", f"fundingRate: {error}"[:300])
        rates = [(row, _number(row.funding_rate)) for row in rows]
        return [Settled(row.symbol, rate, row.funding_time) for row, rate in rates if rate is not None]


def _number(text: str) -> float | None:
    """A decimal with a sign; None for what is none."""
    try:
        return -decimal(text[1:]) if text.startswith("-") else decimal(text)
    except FrameError:
        return None
