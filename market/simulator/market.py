"""The generated market as a pure function of (seed, time): prices and trades of any minute, in any order.

A minute is made without the minutes before it, so a restart continues the very same market with the very same trade
ids, whatever history is asked for. Leaders walk (Brownian, tied to their base price every `_TIE` minutes so that they
stay in reach of it); followers are intercept + ratio * log(leader) + an Ornstein-Uhlenbeck spread (see `truth`).
Prices exist on a grid of 100 ms, the width in which the venue merges fills.
"""

import math
import zlib
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from market.simulator.ledger import LEDGER_DTYPE, Rows
from market.simulator.symbols import Contract
from market.simulator.truth import Truth, truths

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

EPOCH_MS = 1_577_836_800_000  # 2020-01-01, minute 0 of the market
MINUTE_MS = 60_000
STEP_MS = 100
STEPS = MINUTE_MS // STEP_MS
#: Ids pass 2**31, as the real ones do
FIRST_ID = 2_400_000_000
RAW_PER_TRADE = 3
LATENCY_MS = 148

_TIE = 4_096
_BRIDGE, _WITHIN, _SPREAD, _TRADES = 2, 3, 4, 5
#: The forgotten part of a spread is below 2**-24 of it
_MEMORY_HALF_LIVES = 24


def minute_of(ms: int) -> int:
    return (ms - EPOCH_MS) // MINUTE_MS


def start_of(minute: int) -> int:
    return EPOCH_MS + minute * MINUTE_MS


class MarketModel:
    """Prices and trades of `contracts`, together `rate` trades a second (quiet ones keep their own pace)."""

    def __init__(self, *, seed: int, contracts: tuple[Contract, ...], leaders: tuple[Contract, ...], rate: float):
        self.contracts = contracts
        self._seed = seed
        self._by_symbol = {contract.symbol: contract for contract in (*leaders, *contracts)}
        self._truths = {truth.y: truth for truth in truths(seed)}
        total = sum(contract.weight for contract in contracts if contract.per_minute is None)
        self._per_minute = {
            contract.symbol: round(60 * rate * contract.weight / total)
            if contract.per_minute is None
            else contract.per_minute
            for contract in contracts
        }
        # Leaders are read by all their followers, spreads by the minutes after them
        self._leader_path = lru_cache(64)(self._walk)
        self._bridge = lru_cache(64)(self._make_bridge)
        self._shock = lru_cache(32_768)(self._make_shock)

    def trades_per_minute(self, symbol: str) -> int:
        return self._per_minute[symbol]

    def log_prices(self, symbol: str, minute: int) -> F64:
        """Log mid price at the 600 steps of a minute, shape (600,)."""
        truth = self._truths.get(symbol)
        if truth is None:
            return self._leader_path(symbol, minute)
        leader = self._leader_path(truth.x, minute)
        return truth.intercept + truth.hedge_ratio * leader + self.spread(truth, minute)

    def spread(self, truth: Truth, minute: int) -> F64:
        """Ornstein-Uhlenbeck spread at the steps of a minute: s' = phi*s + noise, exact for any step width."""
        phi, noise = self._reversion(truth)
        reach = math.ceil(_MEMORY_HALF_LIVES * truth.half_life_seconds / 60)
        decay = phi**STEPS
        start = sum(decay ** (age - 1) * self._shock(truth.y, phi, minute - age) for age in range(1, reach + 1))
        shocks = self._normals(_SPREAD, truth.y, minute, STEPS).tolist()
        path = accumulate(shocks[:-1], lambda value, shock: phi * value + shock, initial=start)
        return np.fromiter(path, np.float64, STEPS) * noise

    def trades(self, symbol: str, minute: int) -> Rows:
        """Aggregate trades of a minute in ledger form, rising in id and time."""
        contract = self._by_symbol[symbol]
        count = self._per_minute[symbol]
        rng = self._rng(_TRADES, symbol, minute)
        offsets = _offsets(rng, count, is_bursty=contract.is_bursty)
        is_maker = rng.random(count) < 0.5
        rows = np.empty(count, LEDGER_DTYPE)
        rows["a"] = FIRST_ID + minute * count + np.arange(count)
        rows["traded_ms"] = start_of(minute) + offsets
        rows["sent_ms"] = np.maximum.accumulate(rows["traded_ms"] + LATENCY_MS + rng.integers(0, 7, count))
        self._number_fills(rng, rows, minute)
        self._price(rows, contract, offsets, is_maker, self.log_prices(symbol, minute))
        self._size(rng, rows, contract)
        return rows

    def _price(self, rows: Rows, contract: Contract, offsets: I64, is_maker: npt.NDArray[np.bool_], log: F64) -> None:
        """Takers walk the book: the k-th fill of one side inside 100 ms is k ticks away, so no two frames agree."""
        steps = offsets // STEP_MS
        level = _rank_within(steps * 2 + is_maker)
        below = np.floor(np.exp(log[steps]) / contract.tick_size + 1e-9).astype(np.int64)
        ticks = np.where(is_maker, below - level, below + 1 + level)
        mantissa, scale = contract.tick_parts
        rows["price"] = np.maximum(ticks, 1) * mantissa
        rows["price_scale"] = scale
        rows["is_buyer_maker"] = is_maker

    def _size(self, rng: np.random.Generator, rows: Rows, contract: Contract) -> None:
        """Sizes are log-normal; about one trade in 25 has a part filled by retail orders, which `net` leaves out."""
        count = len(rows)
        mantissa, scale = contract.step_parts
        lots = np.maximum(1, np.round(contract.median_lots * np.exp(rng.normal(0.0, 1.2, count)))).astype(np.int64)
        retail = np.where(rng.random(count) < 0.04, np.round(lots * rng.random(count)).astype(np.int64), 0)
        rows["size"] = lots * mantissa
        rows["net"] = (lots - retail) * mantissa
        rows["size_scale"] = rows["net_scale"] = scale

    def _number_fills(self, rng: np.random.Generator, rows: Rows, minute: int) -> None:
        """Raw ids: one to three fills a trade, now and then an id that no market trade has."""
        count = len(rows)
        fills = rng.choice([1, 2, 3], count, p=[0.72, 0.2, 0.08])
        skipped = (rng.random(count) < 0.03) & (fills < RAW_PER_TRADE)
        before = np.cumsum(fills + skipped) - fills
        rows["first"] = (FIRST_ID + minute * count) * RAW_PER_TRADE + before
        rows["last"] = rows["first"] + fills - 1

    def _walk(self, symbol: str, minute: int) -> F64:
        contract = self._by_symbol[symbol]
        sigma = contract.volatility * math.sqrt(STEP_MS / 1000)
        begin, end = (self._tied(contract, at) for at in (minute, minute + 1))
        wiggle = np.concatenate(([0.0], np.cumsum(self._normals(_WITHIN, symbol, minute, STEPS) * sigma)))
        share = np.arange(STEPS) / STEPS
        path: F64 = begin + share * (end - begin) + wiggle[:-1] - share * wiggle[-1]
        return path

    def _tied(self, contract: Contract, minute: int) -> float:
        period, place = divmod(minute, _TIE)
        return math.log(contract.base_price) + float(self._bridge(contract.symbol, period)[place])

    def _make_bridge(self, symbol: str, period: int) -> F64:
        sigma = self._by_symbol[symbol].volatility * math.sqrt(MINUTE_MS / 1000)
        walk = np.cumsum(self._normals(_BRIDGE, symbol, period, _TIE) * sigma)
        walk -= np.arange(1, _TIE + 1) / _TIE * walk[-1]
        return np.concatenate(([0.0], walk[:-1]))

    def _make_shock(self, symbol: str, phi: float, minute: int) -> float:
        """What the noise of a minute has left of itself at the minute's end (in units of the step noise)."""
        powers = phi ** np.arange(STEPS - 1, -1, -1)
        return float(powers @ self._normals(_SPREAD, symbol, minute, STEPS))

    @staticmethod
    def _reversion(truth: Truth) -> tuple[float, float]:
        phi = math.exp(-truth.reversion_per_second * STEP_MS / 1000)
        return phi, truth.spread_std * math.sqrt(1.0 - phi * phi)

    def _normals(self, purpose: int, symbol: str, index: int, count: int) -> F64:
        return self._rng(purpose, symbol, index).standard_normal(count)

    def _rng(self, purpose: int, symbol: str, index: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, purpose, zlib.crc32(symbol.encode()), index])


def _offsets(rng: np.random.Generator, count: int, *, is_bursty: bool) -> I64:
    """Sorted milliseconds within the minute: half of them spread evenly, half anywhere, bursts in 3 s."""
    even = (np.arange(count) + rng.random(count)) * (MINUTE_MS / max(count, 1))
    free = rng.random(count) * MINUTE_MS
    offsets = np.where(np.arange(count) % 2 == 0, even, free)
    if is_bursty:
        begin = rng.integers(0, MINUTE_MS - 3_000)
        offsets = np.where(rng.random(count) < 0.4, begin + rng.random(count) * 3_000, offsets)
    return np.sort(offsets.astype(np.int64))


def _rank_within(keys: I64) -> I64:
    """How many equal keys stand before each one."""
    order = np.argsort(keys, kind="stable")
    places = np.arange(len(keys))
    ordered = keys[order]
    is_first = np.concatenate(([True], ordered[1:] != ordered[:-1])) if len(keys) else np.empty(0, bool)
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = places - np.maximum.accumulate(np.where(is_first, places, 0))
    return ranks


def model_of(*, seed: int, contracts: tuple[Contract, ...], rate: float) -> MarketModel:
    """The model of these contracts, with the leaders they follow even when those are not traded here."""
    from market.simulator.symbols import CONTRACTS

    return MarketModel(seed=seed, contracts=contracts, leaders=CONTRACTS, rate=rate)
