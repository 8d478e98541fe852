"""The contracts of the simulated market: names, sizes, how often they trade, and what drives their price."""

import zlib
from dataclasses import dataclass
from functools import cached_property

from market.simulator.decimals import split

PERPETUAL_END_MS = 4_133_404_800_000


@dataclass(frozen=True)
class Contract:
    """One symbol. `weight` is its share of the market's rate; `per_minute` fixes the number instead.

    `leader` names the symbol whose log price drives this one; None: a random walk of its own. Perpetuals are funded
    every `funding_hours`, counted from midnight.
    """

    symbol: str
    base_price: float
    tick: str
    step: str
    weight: float = 1.0
    leader: str | None = None
    per_minute: int | None = None
    is_bursty: bool = False
    status: str = "TRADING"
    contract_type: str = "PERPETUAL"
    delivery_ms: int = PERPETUAL_END_MS
    volatility: float = 2e-4
    funding_hours: int = 8

    @property
    def is_perpetual(self) -> bool:
        return self.contract_type == "PERPETUAL"

    @property
    def pair(self) -> str:
        return self.symbol.partition("_")[0]

    @property
    def base_asset(self) -> str:
        return self.pair.removesuffix("USDT")

    @cached_property
    def tick_parts(self) -> tuple[int, int]:
        return split(self.tick)

    @cached_property
    def step_parts(self) -> tuple[int, int]:
        return split(self.step)

    @property
    def tick_size(self) -> float:
        return float(self.tick)

    @property
    def median_lots(self) -> float:
        """A typical trade is worth about 400 USDT."""
        return max(1.0, 400.0 / self.base_price / float(self.step))


MAJORS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT")

CONTRACTS = (
    Contract("BTCUSDT", 85_299.9, "0.10", "0.001", weight=9.0),
    Contract("ETHUSDT", 3_120.55, "0.01", "0.001", weight=8.0, leader="BTCUSDT"),
    Contract("SOLUSDT", 164.38, "0.0010", "0.01", weight=6.0, leader="BTCUSDT"),
    Contract("BNBUSDT", 904.12, "0.010", "0.01", weight=5.0, leader="BTCUSDT"),
    Contract("XRPUSDT", 2.2184, "0.0001", "0.1", weight=5.0, leader="BTCUSDT"),
    Contract("ADAUSDT", 0.61234, "0.00001", "1", weight=5.0, leader="BTCUSDT"),
    Contract("LTCUSDT", 98.42, "0.001", "0.001", weight=2.5),
    Contract("BCHUSDT", 512.37, "0.01", "0.001", weight=2.0, leader="LTCUSDT"),
    Contract("ETCUSDT", 18.214, "0.0001", "0.01", weight=2.0, leader="LTCUSDT", is_bursty=True),
    Contract("XLMUSDT", 0.31405, "0.00001", "1", weight=1.5, leader="LTCUSDT"),
    Contract("AVAXUSDT", 22.415, "0.0010", "1", weight=2.0),
    Contract("LINKUSDT", 17.842, "0.001", "0.01", weight=2.0, leader="AVAXUSDT"),
    Contract("DOTUSDT", 4.1285, "0.0001", "0.1", weight=1.5, leader="AVAXUSDT"),
    Contract("ATOMUSDT", 4.3271, "0.0001", "0.01", weight=1.5, leader="AVAXUSDT", is_bursty=True),
    Contract(
        "BTCUSDT_261225",
        86_120.4,
        "0.1",
        "0.001",
        weight=1.0,
        leader="BTCUSDT",
        contract_type="CURRENT_QUARTER",
        delivery_ms=1_798_185_600_000,
    ),
    Contract("DOGEUSDT", 0.18342, "0.000010", "1", weight=2.0, is_bursty=True, volatility=3e-4, funding_hours=4),
    Contract("SUIUSDT", 2.4817, "0.000100", "0.1", weight=1.5, volatility=3e-4, funding_hours=4),
    Contract("1000PEPEUSDT", 0.0102731, "0.0000001", "1", weight=1.5, is_bursty=True, volatility=4e-4, funding_hours=1),
    Contract("龙虾USDT", 0.04127, "0.00001", "1", weight=0.5, volatility=4e-4),
    Contract("FILUSDT", 1.5874, "0.0001", "0.1", per_minute=3),
    Contract("ALGOUSDT", 0.17452, "0.00001", "0.1", per_minute=3),
    Contract("LUNAUSDT", 0.0934, "0.0001", "1", per_minute=0, status="SETTLING"),
)


def contracts_named(names: tuple[str, ...]) -> tuple[Contract, ...]:
    """The contracts of these names (all when empty); a name the market does not know becomes a walk of its own."""
    known = {contract.symbol: contract for contract in CONTRACTS}
    return tuple(known.get(name) or _walk(name) for name in names) if names else CONTRACTS


def _walk(name: str) -> Contract:
    return Contract(name, 1.0 + zlib.crc32(name.encode()) % 10_000 / 100, "0.0001", "0.01")
