"""Every aggregate trade that exists: growing columns per symbol, oldest rows dropped by age."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Rows: TypeAlias = npt.NDArray[np.void]
#: a, traded_ms, sent_ms, first, last, price, size, net size, the scales of the three, taker sold
Row: TypeAlias = tuple[int, int, int, int, int, int, int, int, int, int, int, bool]

#: Numbers are (mantissa, decimals) so that the text of the wire comes back exactly.
LEDGER_DTYPE = np.dtype(
    [
        ("a", "<i8"),
        ("traded_ms", "<i8"),
        ("sent_ms", "<i8"),
        ("first", "<i8"),
        ("last", "<i8"),
        ("price", "<i8"),
        ("size", "<i8"),
        ("net", "<i8"),
        ("price_scale", "i1"),
        ("size_scale", "i1"),
        ("net_scale", "i1"),
        ("is_buyer_maker", "?"),
    ]
)
_FIRST_CAPACITY = 256


class SymbolLedger:
    """Trades of one symbol in rising `a`; what does not rise is a repeat and is not kept."""

    def __init__(self, *, max_rows: int) -> None:
        self._rows: Rows = np.empty(_FIRST_CAPACITY, LEDGER_DTYPE)
        self._begin = 0
        self._end = 0
        self._max_rows = max_rows

    @property
    def rows(self) -> Rows:
        """View of all rows; valid until the next `append`."""
        return self._rows[self._begin : self._end]

    def append(self, new: Rows) -> None:
        if self._end > self._begin:
            new = new[new["a"] > self._rows["a"][self._end - 1]]
        if len(new) == 0:
            return
        self._make_room(len(new))
        self._rows[self._end : self._end + len(new)] = new
        self._end += len(new)
        self._begin = max(self._begin, self._end - self._max_rows)

    def drop_before(self, traded_ms: int) -> None:
        self._begin += int(np.searchsorted(self.rows["traded_ms"], traded_ms))

    def from_id(self, a: int) -> Rows:
        """Rows with an id of `a` or above."""
        rows = self.rows
        return rows[np.searchsorted(rows["a"], a) :]

    def between(self, start_ms: int, end_ms: int) -> Rows:
        """Rows traded in [start_ms, end_ms], both inclusive."""
        rows = self.rows
        times = rows["traded_ms"]
        return rows[np.searchsorted(times, start_ms) : np.searchsorted(times, end_ms, side="right")]

    def _make_room(self, count: int) -> None:
        if self._end + count <= len(self._rows):
            return
        kept = self._end - self._begin
        capacity = max(_FIRST_CAPACITY, 2 * (kept + count))
        larger = np.empty(capacity, LEDGER_DTYPE)
        larger[:kept] = self.rows
        self._rows, self._begin, self._end = larger, 0, kept


class Ledger:
    """The ledgers of all symbols."""

    def __init__(self, *, max_rows: int = 4_000_000) -> None:
        self._symbols: dict[str, SymbolLedger] = {}
        self._max_rows = max_rows

    def __getitem__(self, symbol: str) -> SymbolLedger:
        """Ledger of a symbol; an empty one when nothing was traded yet."""
        if symbol not in self._symbols:
            self._symbols[symbol] = SymbolLedger(max_rows=self._max_rows)
        return self._symbols[symbol]

    def items(self) -> list[tuple[str, SymbolLedger]]:
        return list(self._symbols.items())

    def append(self, symbol: str, rows: Rows) -> None:
        self[symbol].append(rows)

    def drop_before(self, traded_ms: int) -> None:
        for ledger in self._symbols.values():
            ledger.drop_before(traded_ms)


def rows_of(rows: Sequence[Row]) -> Rows:
    return np.array(rows, LEDGER_DTYPE)
