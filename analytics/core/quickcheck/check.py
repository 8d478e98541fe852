"""The check itself: a trader over a tape, and what its equity and trades say."""

import numpy as np

from analytics.core.quickcheck.machine import TRADE, trade
from analytics.core.quickcheck.result import QuickCheck, RoundTrip
from analytics.core.quickcheck.tape import Rules, Tape
from market.core.types import F64

#: below either there is no Sharpe ratio (D21)
LEAST_TRADES = 30
LEAST_DAYS = 20
DAY_MS = 86_400_000
DAYS_A_YEAR = 365


def quick_check(tape: Tape, rules: Rules | None = None) -> QuickCheck:
    """What `rules` would have brought on `tape`: signals of closed bars, fills by D18, P&L of both legs, fees.

    Sold at z >= entry, bought at z <= -entry, left where z comes back through the exit, on either side. A trade ends
    before the next begins, and after its exit is filled z must be seen inside the exit or beyond zero before another.
    An entry that finds no price is given up and asked again by the next bar; an exit waits for its price. The ratio
    is frozen while a trade is open. Nothing before a bar depends on what comes after it.
    """
    rules = rules or Rules()
    n = len(tape)
    if not np.any(np.isfinite(tape.zscore)):
        return QuickCheck.unknown(rules, n, f"no z-score in {n} bars")
    equity, rows = np.empty(n), np.zeros((n // 2 + 1, TRADE))
    count, missed, too_small = trade(
        (_plain(tape.fill_y), _plain(tape.fill_x), _plain(tape.mark_y), _plain(tape.mark_x)),
        (_plain(tape.zscore), _plain(tape.ratio), tape.fill_slots(rules.latency_ms)),
        (float(rules.entry), float(rules.exit), rules.fee_bps * 1e-4, float(rules.gross)),
        (float(tape.step_y), float(tape.step_x), tape.prices == "log"),
        equity,
        rows,
    )
    trips = [_round_trip(tape, row) for row in rows[:count]]
    closed = tuple(trip for trip in trips if trip.left_slot is not None)
    sharpe, why_not = _sharpe(tape, equity, len(closed))
    return QuickCheck(
        rules=rules,
        n=n,
        equity=equity,
        gross=sum(trip.gross for trip in trips),
        fees=sum(trip.fees for trip in trips),
        trades=closed,
        open_trade=trips[-1] if len(trips) > len(closed) else None,
        missed=missed,
        too_small=too_small,
        sharpe=sharpe,
        sharpe_reason=why_not,
    )


def _plain(column: F64) -> F64:
    return np.ascontiguousarray(column, np.float64)


def _round_trip(tape: Tape, row: F64) -> RoundTrip:
    entered, left, side = (int(number) for number in row[:3])
    q_y, q_x, entry_y, entry_x, exit_y, exit_x, gross, fees = (float(number) for number in row[3:])
    return RoundTrip(
        entered_slot=entered,
        left_slot=None if left < 0 else left,
        entered_ms=None if tape.opened_ms is None else int(tape.opened_ms[entered]),
        left_ms=None if tape.opened_ms is None or left < 0 else int(tape.opened_ms[left]),
        side=side,
        quantity_y=q_y,
        quantity_x=q_x,
        entry_y=entry_y,
        entry_x=entry_x,
        exit_y=exit_y,
        exit_x=exit_x,
        gross=gross,
        fees=fees,
        bars=(len(tape) - 1 if left < 0 else left) - entered,
    )


def _sharpe(tape: Tape, equity: F64, trades: int) -> tuple[float, str]:
    """Mean over deviation (ddof 1) of the P&L of whole days from the first bar on, times sqrt(365), or why none."""
    if trades < LEAST_TRADES:
        return np.nan, f"not enough trades: {trades} of {LEAST_TRADES}"
    if tape.opened_ms is None:
        return np.nan, "the bars have no time"
    closed_ms = tape.opened_ms + tape.width_ms
    days = int((closed_ms[-1] - tape.opened_ms[0]) // DAY_MS)
    if days < LEAST_DAYS:
        return np.nan, f"not enough days: {days} of {LEAST_DAYS}"
    ends = tape.opened_ms[0] + DAY_MS * np.arange(1, days + 1)
    known = np.searchsorted(closed_ms, ends, side="right")
    daily = np.diff(np.concatenate(([0.0], equity)).take(known), prepend=0.0)
    deviation = float(daily.std(ddof=1))
    if not deviation > 0.0:
        return np.nan, "the equity did not move"
    return float(daily.mean()) / deviation * float(np.sqrt(DAYS_A_YEAR)), ""
