"""Where trades come from: something that hands out what is due, in order. Here: the generated market."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from market.simulator.ledger import Ledger, Rows
from market.simulator.market import MINUTE_MS, MarketModel, minute_of, start_of
from market.simulator.symbols import Contract

#: The next minute is made ahead, one symbol per call, so that no call is long
_AHEAD_MS = 30_000


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
        for symbol in self._active:
            for minute in range(minute_of(since_ms), minute_of(wall_ms)):
                ledger.append(symbol, self._model.trades(symbol, minute))
        self.start(wall_ms - MINUTE_MS)
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
