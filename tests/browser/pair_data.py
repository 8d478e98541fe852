"""A recorded pair as rows, and live frames of it, without the pipeline."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from accounts.models import User
from analytics.choices import Choice
from analytics.core.payloads import POINT_FIELDS, Point, spec_data
from analytics.core.report.as_json import as_json
from analytics.core.report.pair import pair_report
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.windows import Windows
from analytics.models import Pair, PairReport, PairSpec, Snapshot
from analytics.pairs import add_pair
from analytics.publish import publish
from market.core.types import BarFlag, Timeframe
from market.models import Bar, FeedControl, Instrument, SymbolState
from market.topics import encode

PASSWORD = "correct horse battery"
STEP_MS = 1_000
BARS = 900
#: what the forming bar is scored with: z = (ln y - 2 - 1.1 ln x) / 0.0002
FORMING = {"ratio": 1.1, "intercept": 2.0, "mean": 0.0, "std": 2e-4}
#: of the line of every bar
FIT: dict[str, Any] = {
    "hedge_ratio": 1.1,
    "intercept": 2.0,
    "hedge_stderr": 4.2e-3,
    "intercept_stderr": 3.3e-2,
    "hedge_r2": 0.9931,
}
#: slots that miss in the record, so that the charts have an open stretch
HOLE = range(400, 440)


def make_user(name: str = "alice", **more: Any) -> User:
    return User.objects.create_user(name, f"{name}@example.org", PASSWORD, **more)


def make_market(venue: str = "simulated") -> list[Instrument]:
    FeedControl.objects.update_or_create(id=1, defaults={"venue": venue, "reason": "The exchange cannot be reached."})
    symbols = {"AAAUSDT": "0.10", "BBBUSDT": "0.01", "CCCUSDT": "0.0001", "DDDUSDT": "0.5"}
    return [
        Instrument.objects.create(venue=venue, symbol=symbol, tick_size=tick, step_size="0.001")
        for symbol, tick in symbols.items()
    ]


@dataclass
class LivePair:
    """Alice's pair with fifteen minutes of 1 s bars that end now."""

    user: User
    pair: Pair
    now_ms: int = field(default_factory=lambda: int(time.time()) * 1000)

    @classmethod
    def make(cls, user: User, y: Instrument, x: Instrument, **when: int) -> "LivePair":
        """`now_ms`: where the record ends, if not now."""
        windows = Windows(hedge=300, z=120, correlation=120)
        live = cls(user, add_pair(user, y, x, Choice(Timeframe.S1, windows)), **when)
        live._store()
        return live

    @property
    def first_open_ms(self) -> int:
        return self.now_ms - BARS * STEP_MS

    @property
    def spec(self) -> PairSpec:
        return self.pair.spec

    @property
    def last_open_ms(self) -> int:
        return self.now_ms - STEP_MS

    def _store(self) -> None:
        random = np.random.default_rng(7)
        x = 2_400 * np.exp(np.cumsum(random.normal(0, 2e-4, BARS)))
        spread = np.zeros(BARS)
        for index in range(1, BARS):
            spread[index] = 0.85 * spread[index - 1] + random.normal(0, 1e-4)
        y = np.exp(2.0 + 1.1 * np.log(x) + spread)
        z = spread / spread.std()
        opened = self.now_ms - STEP_MS * np.arange(BARS, 0, -1)
        Snapshot.objects.bulk_create(
            Snapshot(
                spec=self.spec,
                opened_at=datetime.fromtimestamp(opened[index] / 1000, UTC),
                seq=1,
                price_y=float(y[index]),
                price_x=float(x[index]),
                **FIT,
                hedge_n=300,
                spread=float(spread[index]),
                zscore=float(z[index]) if index > 120 else None,
                correlation=float(0.8 + 0.15 * np.sin(index / 60)),
                unknown={} if index > 120 else {"z": f"warming up {index} of 120"},
            )
            for index in range(BARS)
            if index not in HOLE
        )
        PairSpec.objects.filter(pk=self.spec.pk).update(seq=1, forming=FORMING)
        for leg, closes in ((self.spec.y, y), (self.spec.x, x)):
            self._store_bars(leg, closes, opened)
        params = ReportParams(prices="log", hedge="ols", z_window=120)
        symbols = (self.spec.y.symbol, self.spec.x.symbol)
        report, whole = (
            as_json(pair_report(Sample(symbols, "log", y[-bars:], x[-bars:], opened[-bars:]), params))
            for bars in (300, BARS)
        )
        checked = {name: value for name, value in whole["metrics"].items() if name.startswith("check_")}
        report |= {"check": whole["check"], "metrics": report["metrics"] | checked, "as_of_ms": self.now_ms}
        PairReport.objects.create(spec=self.spec, as_of=datetime.fromtimestamp(self.now_ms / 1000, UTC), data=report)
        for instrument, price in ((self.spec.y, y[-1]), (self.spec.x, x[-1])):
            SymbolState.objects.create(
                instrument=instrument,
                state="live",
                changed_at=datetime.now(UTC),
                last_trade_id=10,
                last_trade_ms=self.now_ms,
                last_price=float(price),
            )

    def _store_bars(self, leg: Instrument, closes: np.ndarray, opened: np.ndarray) -> None:
        """Final bars; each opens where the one before it closed."""
        opens = np.r_[closes[0], closes[:-1]]
        Bar.objects.bulk_create(
            Bar(
                instrument=leg,
                timeframe=1,
                opened_at=datetime.fromtimestamp(opened[index] / 1000, UTC),
                open=float(opens[index]),
                high=float(max(opens[index], closes[index]) * 1.0001),
                low=float(min(opens[index], closes[index]) * 0.9999),
                close=float(closes[index]),
                volume=float(1 + index % 7),
                quote_volume=float(closes[index]),
                buy_volume=0.5,
                trades=3,
                first_id=3 * index,
                last_id=3 * index + 2,
                first_ms=int(opened[index]),
                last_ms=int(opened[index]) + 900,
                flags=int(BarFlag.FINAL),
            )
            for index in range(BARS)
            if index not in HOLE
        )

    def publish_bar(self, seq: int, *, z: float = 2.75) -> int:
        """The delta of one more bar, stored and sent; its open time."""
        opened_ms = int(time.time()) * 1000 - STEP_MS
        point = Point(
            opened_ms, price_y=6_001.5, price_x=2_411.25, spread=0.00042, zscore=z, correlation=0.91, hedge_n=300, **FIT
        )
        Snapshot.objects.update_or_create(
            spec=self.spec,
            opened_at=datetime.fromtimestamp(opened_ms / 1000, UTC),
            defaults={
                "seq": seq,
                "unknown": {},
                **{name: getattr(point, name) for name in POINT_FIELDS if name not in ("more", "unknown")},
            },
        )
        PairSpec.objects.filter(pk=self.spec.pk).update(seq=seq)
        now_ms = time.time_ns() // 1_000_000
        data = spec_data([point]) | {
            "forming": FORMING,
            "hops": {"received_ms": now_ms, "committed_ms": now_ms, "barred_ms": now_ms, "published_ms": now_ms},
        }
        at = opened_ms + STEP_MS
        publish(self.spec.topic, encode(self.spec.topic, seq=seq, prev=seq - 1, at=at, kind="delta", data=data))
        return opened_ms

    def publish_feed(self, *, is_paused: bool = False, halted: Instrument | None = None) -> None:
        """Stored first: a page that subscribes only now reads it, others get the frame."""
        row = {"state": "halted", "reason": "the exchange says BREAK", "last_trade_ms": self.now_ms, "open_gaps": 0}
        FeedControl.objects.update(is_paused=is_paused)
        SymbolState.objects.update(state="live", reason="")
        if halted:
            SymbolState.objects.filter(instrument=halted).update(state=row["state"], reason=row["reason"])
        now_ms = time.time_ns() // 1_000_000
        data: dict[str, Any] = {"venue": "simulated", "is_paused": is_paused, "reason": "", "connections": []}
        data["symbols"] = [row | {"name": str(halted)}] if halted else []
        publish("feed", encode("feed", seq=now_ms, prev=None, at=now_ms, kind="delta", data=data))

    def publish_price(self, trade_id: int, price: float, *, leg: Instrument | None = None) -> None:
        topic = f"price.{leg or self.spec.y}"
        now_ms = time.time_ns() // 1_000_000
        data = {
            "price": price,
            "size": 1.0,
            "trade_id": trade_id,
            "ms": now_ms,
            "received_ms": now_ms,
            "published_ms": now_ms,
        }
        publish(topic, encode(topic, seq=trade_id, prev=trade_id - 1, at=now_ms, kind="delta", data=data))
