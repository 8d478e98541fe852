"""Where trades come from: something that hands out what is due, in order. Here: the generated market."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from market.simulator.frames import agg_trade
from market.simulator.ledger import Ledger, Rows
from market.simulator.market import MINUTE_MS, MarketModel, minute_of, start_of
from market.simulator.symbols import Contract

#: The next minute is made ahead, one symbol per call, so that no call is long
_AHEAD_MS = 30_000
#: A flood is sliced so that one batch is a good write and the symbols still alternate
_SLICE = 250
_SLICES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """Trades of one symbol that happened now; `texts` are their frames where they were recorded."""

    symbol: str
    rows: Rows
    texts: Sequence[str] | None = None


class Source(Protocol):
    """A market: `due` is called again and again with the time of the exchange."""

    contracts: tuple[Contract, ...]

    @property
    def is_finished(self) -> bool: ...

    @property
    def waits_for(self) -> Sequence[str]:
        """Symbols that must be subscribed before it starts."""

    @property
    def has_backlog(self) -> bool:
        """True when more is ready than was handed out."""

    def clock_ms(self, wall_ms: int) -> int:
        """The time the exchange itself shows."""

    def start(self, wall_ms: int) -> None: ...

    def due(self, wall_ms: int) -> list[Batch]: ...


class MarketSource:
    """The generated market, with its past already in the ledger."""

    waits_for: Sequence[str] = ()
    is_finished = False
    has_backlog = False

    def __init__(self, model: MarketModel) -> None:
        self.contracts = model.contracts
        self._model = model
        self._active = [contract.symbol for contract in model.contracts if model.trades_per_minute(contract.symbol) > 0]
        self._minute = dict.fromkeys(self._active, 0)
        self._now: dict[str, Rows] = {}
        self._next: dict[str, Rows] = {}

    def clock_ms(self, wall_ms: int) -> int:
        return wall_ms

    def fill(self, ledger: Ledger, *, since_ms: int, wall_ms: int) -> None:
        """Put the past of the market, up to now, into the ledger."""
        self.start(since_ms)
        for batch in self.due(wall_ms):
            ledger.append(batch.symbol, batch.rows)

    def start(self, wall_ms: int) -> None:
        """Begin with the trades sent after `wall_ms`; without effect once begun."""
        if self._now:
            return
        for symbol in self._active:
            minute = minute_of(wall_ms)
            rows = self._model.trades(symbol, minute)
            self._minute[symbol] = minute
            self._now[symbol] = rows[np.searchsorted(rows["sent_ms"], wall_ms, side="right") :]

    def due(self, wall_ms: int) -> list[Batch]:
        batches = [batch for symbol in self._active for batch in self._due_of(symbol, wall_ms)]
        self._make_ahead(wall_ms)
        return batches

    def _due_of(self, symbol: str, wall_ms: int) -> list[Batch]:
        batches = []
        while True:
            rows = self._now[symbol]
            count = int(np.searchsorted(rows["sent_ms"], wall_ms, side="right"))
            if count:
                batches.append(Batch(symbol, rows[:count]))
            self._now[symbol] = rows[count:]
            if count < len(rows) or start_of(self._minute[symbol] + 1) > wall_ms:
                return batches
            self._minute[symbol] += 1
            ahead = self._next.pop(symbol, None)
            self._now[symbol] = self._model.trades(symbol, self._minute[symbol]) if ahead is None else ahead

    def _make_ahead(self, wall_ms: int) -> None:
        for symbol in self._active:
            minute = self._minute[symbol]
            if symbol not in self._next and start_of(minute + 1) - wall_ms < _AHEAD_MS:
                self._next[symbol] = self._model.trades(symbol, minute + 1)
                return


class FloodSource:
    """Trades made in advance, frames included, handed out as fast as somebody takes them: for benchmarks."""

    def __init__(self, model: MarketModel, *, count: int, until_ms: int) -> None:
        self.contracts = model.contracts
        self._slices = _prebuilt(model, count, until_ms)
        self.waits_for: Sequence[str] = sorted({batch.symbol for batch in self._slices})
        self._taken = 0
        self._has_begun = False

    @property
    def is_finished(self) -> bool:
        return self._taken >= len(self._slices)

    @property
    def has_backlog(self) -> bool:
        return self._has_begun and not self.is_finished

    def clock_ms(self, wall_ms: int) -> int:
        return wall_ms

    def start(self, wall_ms: int) -> None:
        self._has_begun = True

    def due(self, wall_ms: int) -> list[Batch]:
        batches = self._slices[self._taken : self._taken + _SLICES_AT_ONCE]
        self._taken += len(batches)
        return batches


def _prebuilt(model: MarketModel, count: int, until_ms: int) -> list[Batch]:
    """The last minute before `until_ms` in slices by time, cut off after `count` trades."""
    market = MarketSource(model)
    market.start(until_ms - MINUTE_MS)
    slices = [
        Batch(batch.symbol, batch.rows[at : at + _SLICE])
        for batch in market.due(until_ms)
        for at in range(0, len(batch.rows), _SLICE)
    ]
    slices.sort(key=lambda batch: int(batch.rows["traded_ms"][0]))
    found, left = [], count
    for batch in slices:
        rows = batch.rows[:left]
        left -= len(rows)
        if len(rows):
            found.append(Batch(batch.symbol, rows, [agg_trade(batch.symbol, row) for row in rows.tolist()]))
    return found
