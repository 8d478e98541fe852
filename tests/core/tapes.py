"""Tapes for the quick check: made-up ones, and the check written again the slow way."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.core.quickcheck import Rules, Tape
from market.core.types import F64

MINUTE = 60_000


def tape_of(zscore: npt.ArrayLike, *, width_ms: int = MINUTE, timed: bool = True, **columns: Any) -> Tape:
    """Steady prices (y 100, x 50), ratio 0.5, bars from time 0; `columns` replaces what a test is about."""
    z = np.asarray(zscore, np.float64)
    n = len(z)
    y, x = np.full(n, 100.0), np.full(n, 50.0)
    opened = np.arange(n) * width_ms if timed else None
    return replace(Tape(opened, width_ms, y, x, y, x, z, np.full(n, 0.5)), **columns)


def random_tape(n: int, seed: int, *, holes: float = 0.0, **columns: Any) -> Tape:
    """Random-walk prices with gaps between close and open, z-scores that come and go, a share of bars missing."""
    random = np.random.default_rng(seed)
    opens = 100.0 * np.exp(np.cumsum(random.normal(0.0, 1e-3, (2, n)), axis=1))
    closes = opens * np.exp(random.normal(0.0, 5e-4, (2, n)))
    z = np.zeros(n)
    for t in range(1, n):
        z[t] = 0.8 * z[t - 1] + random.normal()
    z[random.random(n) < holes] = np.nan
    for legs in (opens, closes):
        legs[random.random((2, n)) < holes] = np.nan
    tape = Tape(np.arange(n) * MINUTE, MINUTE, opens[0], opens[1], closes[0], closes[1], z, random.uniform(0.3, 1.5, n))
    return replace(tape, **columns)


def part(tape: Tape, stop: int) -> Tape:
    """The first bars of a tape."""
    names = ("fill_y", "fill_x", "mark_y", "mark_x", "zscore", "ratio")
    cut = {name: getattr(tape, name)[:stop] for name in names}
    return replace(tape, opened_ms=None if tape.opened_ms is None else tape.opened_ms[:stop], **cut)


def naive_equity(tape: Tape, rules: Rules) -> F64:
    """Net P&L by the words of D18: each leg's quantity times the change of its newest price, bar by bar, less fees."""
    assert tape.opened_ms is not None
    quantities = np.zeros(2)
    known = np.full(2, np.nan)
    orders: list[tuple[int, int, float]] = []
    held, last, armed, total = 0, 0, True, 0.0
    equity = []
    for slot, opened in enumerate(tape.opened_ms):
        fills = np.array([tape.fill_y[slot], tape.fill_x[slot]])
        total += moved(quantities, known, fills)
        for order in [order for order in orders if order[0] <= opened]:
            side = order[1]
            if np.isnan(fills).any():
                if side:
                    orders.clear()
                continue
            orders.remove(order)
            before = quantities
            quantities = sized(fills, side, order[2], tape, rules) if side else np.zeros(2)
            total -= rules.fee_bps / 1e4 * float(np.abs(quantities - before) @ fills)
            armed, last, held = armed and bool(side), side or held, side
        marks = np.array([tape.mark_y[slot], tape.mark_x[slot]])
        total += moved(quantities, known, marks)
        equity.append(total)
        z = tape.zscore[slot]
        wish = orders[-1][1] if orders else held
        side = held or (orders[0][1] if orders else 0)
        due = next((t for t in tape.opened_ms if t >= opened + tape.width_ms + 2_000 + rules.latency_ms), 1 << 60)
        if np.isnan(z):
            continue
        if wish and z * side >= -rules.exit:
            orders.append((due, 0, np.nan))
        elif not side and not orders:
            armed = armed or abs(z) <= rules.exit or z * last >= 0
            if armed and abs(z) >= rules.entry:
                orders.append((due, -int(np.sign(z)), tape.ratio[slot]))
    return np.array(equity)


def moved(quantities: F64, known: F64, prices: F64) -> float:
    """P&L of a step to new prices; `known` takes those that exist."""
    is_new = ~np.isnan(prices)
    change = np.where(is_new & ~np.isnan(known), prices - known, 0.0)
    known[is_new] = prices[is_new]
    return float(quantities @ change)


def sized(fills: F64, side: int, ratio: float, tape: Tape, rules: Rules) -> F64:
    weights = np.array([1.0, -ratio])
    if tape.prices == "log":
        return side * weights * rules.gross / (1.0 + abs(ratio)) / fills
    return side * weights * rules.gross / float(np.abs(weights) @ fills)
