"""The trader of a quick check: at each slot first the fills at its open, then the mark and the signal at its close.

It holds one position at most. P&L is that of the two legs with quantities fixed at the fill, never of the spread.
"""

import numpy as np
from numba import njit

from market.core.types import F64, I64

#: numbers of a trade: slots of entry and exit (-1: open), side, quantities, entry and exit prices, gross, fees
TRADE = 11
_ENTERED, _LEFT, _SIDE, _Q_Y, _Q_X, _ENTRY_Y, _ENTRY_X, _EXIT_Y, _EXIT_X, _GROSS, _FEES = range(TRADE)
#: what the trader keeps in mind: side held, side asked for or had last, bar of the entry's signal, slots where the
#: orders are due, whether an entry is allowed, whether the exit has been missed, and three counts
_BOOK = 9
_HELD, _ASKED, _SIGNAL, _ENTRY_AT, _EXIT_AT, _IS_ARMED, _IS_LATE, _MISSED, _TOO_SMALL = range(_BOOK)
_NEVER = np.iinfo(np.int64).max

Legs = tuple[F64, F64, F64, F64]
Signals = tuple[F64, F64, I64]
Limits = tuple[float, float, float, float]
Lots = tuple[float, float, bool]


@njit(cache=True, nogil=True)
def trade(legs: Legs, signals: Signals, rules: Limits, lots: Lots, equity: F64, trades: F64) -> tuple[int, int, int]:
    """(rows of `trades`, missed orders, orders below a step); fills `equity` (n,) and `trades` (n // 2 + 1, TRADE).

    legs: fills and marks of y and x; signals: z-score, ratio and the slot where each bar's signal is filled;
    rules: entry, exit, fee as a share of notional, gross; lots: steps of y and x, whether the ratio is of logs.
    """
    fill_y, fill_x, mark_y, mark_x = legs
    zscore, ratio, due = signals
    entry, leave, fee, gross = rules
    book = np.zeros(_BOOK, np.int64)
    book[_ENTRY_AT] = book[_EXIT_AT] = _NEVER
    book[_IS_ARMED] = True
    count, closed = 0, 0.0
    y = x = np.nan
    for slot in range(len(equity)):
        prices = (fill_y[slot], fill_x[slot])
        if book[_ENTRY_AT] == slot:
            _try_entry(book, trades[count], slot, prices, ratio[book[_SIGNAL]], lots, (gross, fee))
        if book[_HELD] != 0 and book[_EXIT_AT] <= slot and _try_exit(book, trades[count], slot, prices, fee):
            closed += trades[count, _GROSS] - trades[count, _FEES]
            count += 1
        y, x = _newest(y, prices[0], mark_y[slot]), _newest(x, prices[1], mark_x[slot])
        equity[slot] = closed
        if book[_HELD] != 0:
            _mark(trades[count], y, x)
            equity[slot] += trades[count, _GROSS] - trades[count, _FEES]
        if np.isfinite(zscore[slot]):
            _signal(book, slot, zscore[slot], due[slot], (entry, leave), np.isfinite(ratio[slot]))
    return count + abs(book[_HELD]), book[_MISSED], book[_TOO_SMALL]


@njit(cache=True, nogil=True)
def _try_entry(
    book: I64, row: F64, slot: int, prices: tuple[float, float], beta: float, lots: Lots, money: tuple[float, float]
) -> None:
    """Open the trade that was asked for, or give it up with the exit that may already wait behind it."""
    book[_ENTRY_AT] = _NEVER
    if not _both(prices):
        book[_MISSED] += 1
    elif _enter(row, slot, book[_ASKED], beta, prices, lots, money):
        book[_HELD] = book[_ASKED]
    else:
        book[_TOO_SMALL] += 1
    if book[_HELD] == 0:
        book[_EXIT_AT] = _NEVER


@njit(cache=True, nogil=True)
def _try_exit(book: I64, row: F64, slot: int, prices: tuple[float, float], fee: float) -> bool:
    """Close the trade if both legs have a price; an order that waits is missed once."""
    if not _both(prices):
        book[_MISSED] += 1 - book[_IS_LATE]
        book[_IS_LATE] = True
        return False
    y, x = prices
    row[_LEFT] = slot
    row[_FEES] += fee * (abs(row[_Q_Y]) * y + abs(row[_Q_X]) * x)
    _mark(row, y, x)
    book[_HELD], book[_EXIT_AT] = 0, _NEVER
    book[_IS_ARMED] = book[_IS_LATE] = False
    return True


@njit(cache=True, nogil=True)
def _signal(book: I64, slot: int, z: float, due: int, levels: tuple[float, float], has_ratio: bool) -> None:
    """What the close of a bar asks for: an exit of what is held or on its way, or an entry when there is neither."""
    entry, leave = levels
    is_asked = book[_ENTRY_AT] != _NEVER
    if book[_HELD] != 0 or is_asked:
        if book[_EXIT_AT] != _NEVER or z * book[_ASKED] < -leave:
            return
        # After a hole in time both orders would meet in one slot: neither is sent
        if book[_ENTRY_AT] == due:
            book[_ENTRY_AT] = _NEVER
        else:
            book[_EXIT_AT] = due
        return
    book[_IS_ARMED] = book[_IS_ARMED] or abs(z) <= leave or z * book[_ASKED] >= 0.0
    if book[_IS_ARMED] and abs(z) >= entry and has_ratio:
        book[_ASKED] = -1 if z > 0.0 else 1
        book[_SIGNAL], book[_ENTRY_AT] = slot, due


@njit(cache=True, nogil=True)
def _both(prices: tuple[float, float]) -> bool:
    return _is_price(prices[0]) and _is_price(prices[1])


@njit(cache=True, nogil=True)
def _is_price(price: float) -> bool:
    return bool(np.isfinite(price) and price > 0.0)


@njit(cache=True, nogil=True)
def _newest(known: float, opened: float, closed: float) -> float:
    """The youngest price of a slot, or the one known before it."""
    if np.isfinite(closed):
        return closed
    return opened if _is_price(opened) else known


@njit(cache=True, nogil=True)
def _enter(
    row: F64, slot: int, side: int, beta: float, prices: tuple[float, float], lots: Lots, money: tuple[float, float]
) -> bool:
    """Note the entry in `row`; False when a leg comes to less than its step."""
    y, x = prices
    step_y, step_x, is_log = lots
    gross, fee = money
    # 1 of y's notional against beta of x's, or 1 unit against beta units (D1)
    per_y, per_x = (1.0 / y, beta / x) if is_log else (1.0, beta)
    scale = gross / (per_y * y + abs(per_x) * x)
    q_y, q_x = _whole(side * scale * per_y, step_y), _whole(-side * scale * per_x, step_x)
    if not (0.0 < abs(q_y) < np.inf and 0.0 < abs(q_x) < np.inf):
        return False
    row[_ENTERED], row[_LEFT], row[_SIDE] = slot, -1, side
    row[_Q_Y], row[_Q_X] = q_y, q_x
    row[_ENTRY_Y], row[_ENTRY_X] = y, x
    row[_FEES] = fee * (abs(q_y) * y + abs(q_x) * x)
    return True


@njit(cache=True, nogil=True)
def _whole(quantity: float, step: float) -> float:
    """Rounded to a multiple of the step, towards zero; a step that rounding of the division lost is kept."""
    if step == 0.0:
        return quantity
    return float(np.sign(quantity) * np.floor(abs(quantity) / step * (1.0 + 1e-12)) * step)


@njit(cache=True, nogil=True)
def _mark(row: F64, y: float, x: float) -> None:
    """Note what the trade is worth at these prices."""
    row[_EXIT_Y], row[_EXIT_X] = y, x
    row[_GROSS] = row[_Q_Y] * (y - row[_ENTRY_Y]) + row[_Q_X] * (x - row[_ENTRY_X])
