"""Gathers what is heard into the states of symbols and connection, and their picture for the topic `feed`."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from market.ingest.feed import Feed
from market.ingest.silence import Rhythm
from market.ingest.states import (
    ConnectionReport,
    Heard,
    Last,
    Missing,
    Standing,
    State,
    StateBook,
    SymbolReport,
    missing_by_instrument,
    symbol_standing,
)
from market.ingest.symbols import Orders
from market.venues.base import Rows


class Status:
    """`hear` in the event loop, `write` in the desk thread."""

    def __init__(self, venue: str, feed: Feed, clock: Callable[[], float]) -> None:
        self.venue = venue
        self._feed = feed
        self._clock = clock
        self._rhythms: dict[int, Rhythm] = {}
        self._last: dict[int, Last] = {}
        self._last_frame_at: float | None = None
        self._book = StateBook()
        self._link: ConnectionReport | None = None
        self._symbols: list[SymbolReport] = []
        self._shown: Any = None
        self._was_live = False

    def hear(self, rows: Rows) -> list[int]:
        """Note the newest tick of each instrument; the instruments heard."""
        now = self._clock()
        self._last_frame_at = received_at = time.time()
        instruments, last = np.unique(rows["instrument"][::-1], return_index=True)
        heard: list[int] = instruments.tolist()
        for instrument, index in zip(heard, (len(rows) - 1 - last).tolist(), strict=True):
            row = rows[index]
            traded_ms = int(row["traded_ms"])
            lag_ms = int(received_at * 1000) - traded_ms
            self._last[instrument] = Last(int(row["trade_id"]), traded_ms, float(row["price"]), lag_ms)
            self._rhythms.setdefault(instrument, Rhythm(now)).hear(now)
        return heard

    def forget(self, instruments: list[int]) -> None:
        for instrument in instruments:
            self._rhythms.pop(instrument, None)
            self._last.pop(instrument, None)

    def write(self, orders: Orders) -> bool:
        """Store what changed; whether the picture differs from the last one (times of trades aside)."""
        missing = missing_by_instrument(self.venue)
        self._restart_rhythms()
        feed = self._feed
        watermarks = [connection.watermark_ms for connection in feed.connections]
        self._link = ConnectionReport(
            name=self.venue,
            venue=self.venue,
            standing=feed.standing,
            connected_at=feed.connected_at,
            last_frame_at=self._last_frame_at,
            watermark_ms=max(watermarks, default=0),
            reconnects=feed.reconnects,
        )
        self._symbols = [
            self._report(symbol, instrument, orders, missing.get(instrument, Missing()))
            for symbol, instrument in orders.instruments.items()
        ]
        self._book.write(self._link, self._symbols)
        shown = (
            feed.standing.state,
            feed.reconnects,
            orders.is_paused,
            [(r.name, r.standing.state, r.open_gaps) for r in self._symbols],
        )
        is_changed = bool(shown != self._shown)
        self._shown = shown
        return is_changed

    def _restart_rhythms(self) -> None:
        """Time without a connection is no silence of the symbols."""
        is_live = self._feed.standing.state == State.LIVE
        if is_live and not self._was_live:
            for rhythm in self._rhythms.values():
                rhythm.restart(self._clock())
        self._was_live = is_live

    def _report(self, symbol: str, instrument: int, orders: Orders, missing: Missing) -> SymbolReport:
        now = self._clock()
        rhythm = self._rhythms.get(instrument)
        if rhythm is None:
            rhythm = self._rhythms[instrument] = Rhythm(now)
        silent = now - rhythm.since if rhythm.is_silent(now) else None
        heard = Heard(ever=instrument in self._last, silent_seconds=silent)
        standing = symbol_standing(self._feed.standing, orders.halted.get(instrument, ""), heard, missing)
        return SymbolReport(instrument, f"{self.venue}:{symbol}", standing, self._last.get(instrument), missing.gaps)

    def payload(self, orders: Orders, rest_refusal: str) -> dict[str, Any]:
        """Data of the topic `feed`."""
        link = self._link
        standing = link.standing if link else Standing(State.CONNECTING)
        connection = {
            "name": self.venue,
            "state": standing.state,
            "reason": standing.reason,
            "changed_ms": _ms(self._book.since(self.venue, standing).timestamp()),
            "last_frame_ms": _ms(link.last_frame_at) if link else None,
            "watermark_ms": link.watermark_ms or None if link else None,
            "reconnects": link.reconnects if link else 0,
        }
        return {
            "venue": self.venue,
            "is_paused": orders.is_paused,
            "reason": rest_refusal,
            "connections": [connection],
            "symbols": [
                {
                    "name": report.name,
                    "state": report.standing.state,
                    "reason": report.standing.reason,
                    "last_trade_ms": report.last.ms if report.last else None,
                    "lag_ms": report.last.lag_ms if report.last else None,
                    "open_gaps": report.open_gaps,
                }
                for report in self._symbols
            ],
        }


def _ms(seconds: float | None) -> int | None:
    return int(seconds * 1000) if seconds else None
