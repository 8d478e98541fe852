"""What every exchange adapter offers. Adapters do no I/O: bytes in, columns out; requests as data, answers as types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from market.core.types import TICK_DTYPE

Rows = npt.NDArray[np.void]


def no_rows() -> Rows:
    return np.empty(0, TICK_DTYPE)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A frame or row that did not become a tick; `reason` is a stable word for counting."""

    reason: str
    detail: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer to a control message; `error` is empty when it was accepted."""

    id: int | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What some frames held. `voids` are prints without price or size: their ids count as seen, no bar sees them."""

    rows: Rows
    voids: Rows
    rejected: list[Rejected] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """A GET of the venue's REST interface and what it costs."""

    path: str
    params: Mapping[str, str]
    weight: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Ticks in rising id order."""

    rows: Rows
    voids: Rows
    rejected: list[Rejected] = field(default_factory=list)


#: rate: slow down; ban: no call until it ends; blocked: refused for good (region); firewall: wait minutes;
#: symbol: the venue does not know it; unreadable: not the format agreed; failure: try again
RefusalKind = Literal["rate", "ban", "blocked", "firewall", "symbol", "unreadable", "failure"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request was not answered. `wait` seconds, or None when the venue gave no time."""

    kind: RefusalKind
    message: str
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One contract as the venue lists it."""

    symbol: str
    base_asset: str
    quote_asset: str
    contract_type: str
    status: str
    tick_size: Decimal | None
    step_size: Decimal | None
    onboarded_at: datetime | None
    delivery_at: datetime | None


@dataclass(frozen=True, slots=True)
class Funding:
    """Funding of one perpetual, told at `at_ms`: `rate` at `next_ms`, as a fraction of the notional; None: not told."""

    symbol: str
    rate: float | None
    next_ms: int
    mark_price: float | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Settled:
    """One funding of a perpetual that took place."""

    symbol: str
    rate: float
    at_ms: int


class Venue(Protocol):
    """One exchange. `max_names` names fit into one control message, `messages_per_second` may be sent."""

    name: str
    page_limit: int
    messages_per_second: float
    weight_limit: int
    #: hours between two fundings of a contract for which the venue states nothing else
    standard_interval_hours: int
    #: fundings in one answer to `settled_request`
    settled_limit: int

    def stream_url(self) -> str: ...

    def rest_url(self) -> str: ...

    def subscribe(self, symbols: Sequence[str], first_id: int) -> list[str]: ...

    def unsubscribe(self, symbols: Sequence[str], first_id: int) -> list[str]: ...

    def parse_frames(self, frames: Sequence[bytes], ids: Mapping[str, int], now_ms: int) -> Parsed: ...

    def trades_from_id(self, symbol: str, first_id: int) -> Request: ...

    def trades_from_time(self, symbol: str, start_ms: int) -> Request: ...

    def newest_trade(self, symbol: str) -> Request: ...

    def parse_trades(self, answer: Answer, instrument: int) -> Page | Refusal: ...

    def listings_request(self) -> Request: ...

    def parse_listings(self, answer: Answer, now_ms: int) -> list[Listing] | Refusal: ...

    def funding_request(self) -> Request: ...

    def parse_funding(self, answer: Answer) -> list[Funding] | Refusal: ...

    def intervals_request(self) -> Request: ...

    def parse_intervals(self, answer: Answer) -> Mapping[str, int] | Refusal: ...

    def settled_request(self, start_ms: int) -> Request: ...

    def parse_settled(self, answer: Answer) -> list[Settled] | Refusal: ...

    def ping(self) -> Request: ...

    def refusal_of(self, answer: Answer, now_ms: int) -> Refusal | None: ...

    def used_weight(self, headers: Mapping[str, str]) -> int | None: ...

    def default_symbols(self) -> Sequence[str]: ...


def columns(**values: Any) -> Rows:
    """Rows of TICK_DTYPE from columns of equal length."""
    rows = np.empty(len(values["trade_id"]), TICK_DTYPE)
    for name, column in values.items():
        rows[name] = column
    return rows
