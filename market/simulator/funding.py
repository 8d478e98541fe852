"""Funding of the simulated perpetuals: what will be paid, moving until it is, and what was."""

import zlib
from collections.abc import Sequence
from typing import Any

from market.simulator.decimals import join
from market.simulator.symbols import Contract

HOUR_MS = 3_600_000
_MINUTE_MS = 60_000


def next_funding_ms(contract: Contract, now_ms: int) -> int:
    """Time of the next funding; 0 for a contract that has none."""
    width = contract.funding_hours * HOUR_MS
    return (now_ms // width + 1) * width if contract.is_perpetual else 0


def premium_row(contract: Contract, now_ms: int, mark: str) -> dict[str, Any]:
    """A row of premiumIndex. The rate is what the next funding would be, were it now."""
    return {
        "symbol": contract.symbol,
        "markPrice": mark,
        "indexPrice": mark,
        "estimatedSettlePrice": mark,
        "lastFundingRate": _text(_estimate(contract, now_ms)) if contract.is_perpetual else "",
        "interestRate": "0.00010000" if contract.is_perpetual else "",
        "nextFundingTime": next_funding_ms(contract, now_ms),
        "time": now_ms,
    }


def settled_rows(contracts: Sequence[Contract], first_ms: int, last_ms: int, mark: Any) -> list[dict[str, Any]]:
    """Rows of fundingRate in [first_ms, last_ms], rising in time; `mark` gives the mark price of a contract as text."""
    found = [
        (at_ms, contract)
        for contract in contracts
        if contract.is_perpetual
        for width in (contract.funding_hours * HOUR_MS,)
        for at_ms in range(-(-first_ms // width) * width, last_ms + 1, width)
    ]
    return [
        {
            "symbol": contract.symbol,
            "fundingTime": at_ms,
            "fundingRate": _text(_settled(contract.symbol, at_ms)),
            "markPrice": mark(contract),
            "rateType": "Regular",
        }
        for at_ms, contract in sorted(found, key=lambda each: each[0])
    ]


def interval_rows(contracts: Sequence[Contract]) -> list[dict[str, Any]]:
    """Rows of fundingInfo: the contracts that differ from the usual eight hours."""
    return [
        {
            "symbol": contract.symbol,
            "adjustedFundingRateCap": "0.02000000",
            "adjustedFundingRateFloor": "-0.02000000",
            "fundingIntervalHours": contract.funding_hours,
            "disclaimer": False,
        }
        for contract in contracts
        if contract.is_perpetual and contract.funding_hours != 8
    ]


def _settled(symbol: str, at_ms: int) -> int:
    """A rate between -0.005 % and 0.015 % in units of 1e-8, fixed for a symbol and time."""
    return zlib.crc32(f"{symbol}{at_ms}".encode()) % 20_001 - 5_000


def _estimate(contract: Contract, now_ms: int) -> int:
    """From the last rate to the next one in steps of a minute, less and less uncertain."""
    width = contract.funding_hours * HOUR_MS
    begin_ms = now_ms // width * width
    minute_ms = now_ms // _MINUTE_MS * _MINUTE_MS
    done = (minute_ms - begin_ms) / width
    last, following = (_settled(contract.symbol, at) for at in (begin_ms, begin_ms + width))
    noise = zlib.crc32(f"{contract.symbol}~{minute_ms}".encode()) % 2_001 - 1_000
    return round(last * (1 - done) + following * done + noise * (1 - done))


def _text(units: int) -> str:
    return join(units, 8)
