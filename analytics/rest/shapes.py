"""The shapes of answers, for the description of the API. With `fields=` any of them may miss."""

from typing import Any

from ninja import Schema

from analytics.rest.params import Time


class InstrumentOut(Schema):
    """One contract of one venue."""

    name: str = ""
    venue: str = ""
    symbol: str = ""
    base_asset: str = ""
    quote_asset: str = ""
    contract_type: str = ""
    status: str = ""
    tick_size: str | None = None
    step_size: str | None = None
    onboarded_at: Time | None = None
    delivery_at: Time | None = None
    is_blocked: bool = False


class InstrumentList(Schema):
    items: list[InstrumentOut]
    next: str | None


class BarOut(Schema):
    """One bar, named by its open. `flags`: 1 final, changes only by a late tick; 2 ticks are known to miss."""

    opened_at: Time = ""
    open: float = 0
    high: float = 0
    low: float = 0
    close: float = 0
    volume: float = 0
    quote_volume: float = 0
    buy_volume: float = 0
    trades: int | None = None
    revision: int = 0
    flags: int = 0


class BarPage(Schema):
    items: list[BarOut]
    next: str | None


class TickOut(Schema):
    """One trade."""

    trade_id: int = 0
    traded_at: Time = ""
    price: float = 0
    size: float = 0
    is_buyer_maker: bool = False


class TickPage(Schema):
    items: list[TickOut]
    next: str | None


class SnapshotOut(Schema):
    """The statistics of a pair at one final bar; null is unknown."""

    opened_at: Time = ""
    price_y: float | None = None
    price_x: float | None = None
    hedge_ratio: float | None = None
    intercept: float | None = None
    spread: float | None = None
    zscore: float | None = None
    correlation: float | None = None
    hedge_stderr: float | None = None
    intercept_stderr: float | None = None
    hedge_r2: float | None = None
    hedge_n: int | None = None
    innovation: float | None = None


class SnapshotPage(Schema):
    items: list[SnapshotOut]
    next: str | None


class LatestOut(SnapshotOut):
    """The newest snapshot, with the reason of each unknown value by its name on the wire."""

    unknown: dict[str, str] = {}


class PairOut(Schema):
    """A pair of your list, its settings, and its newest snapshot (null before the first bar)."""

    id: int = 0
    name: str = ""
    note: str = ""
    y: str = ""
    x: str = ""
    topic: str = ""
    timeframe: str = ""
    hedge: str = ""
    prices: str = ""
    hedge_window: int = 0
    z_window: int = 0
    correlation_window: int = 0
    lags: str = ""
    created_at: Time = ""
    latest: LatestOut | None = None


class PairList(Schema):
    items: list[PairOut]
    next: str | None


class QuotaOut(Schema):
    used: int
    limit: int


class RateOut(Schema):
    """Requests of this minute; null where they are not counted."""

    used: int
    limit: int
    reset_s: int


class TokenOut(Schema):
    """The token that asks."""

    name: str
    scopes: list[str]
    expires_at: Time


class MeOut(Schema):
    """Whose token or session this is, and how much of what it may hold is used."""

    id: int
    username: str
    email: str
    time_zone: str
    is_staff: bool
    quotas: dict[str, QuotaOut]
    rate: RateOut | None
    token: TokenOut | None


class Found(Schema):
    label: str
    detail: str
    href: str


class SearchOut(Schema):
    results: list[Found]


class FrameOut(Schema):
    """A frame of the live API (docs/live-api.md)."""

    topic: str
    seq: int
    prev: int | None
    at: int
    kind: str
    data: dict[str, Any]


class Anything(Schema):
    """An object; docs/live-api.md says what is in it."""

    model_config = {"extra": "allow"}
