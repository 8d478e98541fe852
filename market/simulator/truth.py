"""What is true of the simulated market: hedge ratios and half-lives, known before a single trade is made."""

import math
from dataclasses import dataclass

import numpy as np

from market.simulator.symbols import CONTRACTS, Contract

_HALF_LIVES = (45.0, 90.0, 30.0, 180.0, 60.0, 300.0, 20.0, 120.0, 600.0)
_RATIOS = (1.20, 1.45, 0.80, 1.10, 1.30, 0.90, 1.00, 1.25, 0.75)
_QUARTERLY_HALF_LIFE = 240.0


@dataclass(frozen=True)
class Truth:
    """log(y) = intercept + hedge_ratio * log(x) + spread, the spread an Ornstein-Uhlenbeck process.

    `spread_std` is the stationary standard deviation of the spread (log units).
    """

    y: str
    x: str
    hedge_ratio: float
    intercept: float
    half_life_seconds: float
    spread_std: float

    @property
    def reversion_per_second(self) -> float:
        return math.log(2.0) / self.half_life_seconds


def truths(seed: int) -> tuple[Truth, ...]:
    """The cointegrated pairs of the market with this seed, each symbol against the leader of its group."""
    base = {contract.symbol: contract.base_price for contract in CONTRACTS}
    followers = [contract for contract in CONTRACTS if contract.leader]
    return tuple(_truth(seed, place, contract, base) for place, contract in enumerate(followers))


def _truth(seed: int, place: int, contract: Contract, base: dict[str, float]) -> Truth:
    assert contract.leader is not None
    wobble = np.random.default_rng([seed, 1, place]).uniform(0.92, 1.08, 2)
    if contract.contract_type == "PERPETUAL":
        ratio = _RATIOS[place % len(_RATIOS)] * float(wobble[0])
        half_life, std = _HALF_LIVES[place % len(_HALF_LIVES)] * float(wobble[1]), 8e-4
    else:  # a dated contract follows its underlying one to one
        ratio, half_life, std = 1.0, _QUARTERLY_HALF_LIFE, 3e-4
    return Truth(
        y=contract.symbol,
        x=contract.leader,
        hedge_ratio=ratio,
        intercept=math.log(contract.base_price) - ratio * math.log(base[contract.leader]),
        half_life_seconds=half_life,
        spread_std=std,
    )
