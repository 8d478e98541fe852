"""Recordings to play: the shared real one, and a seeded one made here so that the test runs everywhere."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ticks" / "ws_usdm_20240718-19"


@dataclass(frozen=True)
class Print:
    """One market trade of a recording, prices and sizes as text."""

    trade_id: int
    ms: int
    price: str
    size: str
    is_buyer_maker: bool


def read_prints(folder: Path) -> dict[str, list[Print]]:
    """All market trades of a recording by symbol, read without any code of livepairs."""
    found: dict[str, list[Print]] = {}
    for file in sorted(folder.glob("*.gz")):
        for line in gzip.decompress(file.read_bytes()).decode().splitlines():
            data = json.loads(line[line.index("{") :]).get("data", {})
            if data.get("e") == "trade" and data["X"] == "MARKET":
                trade_id = data["t"]
            elif data.get("e") == "aggTrade":
                trade_id = data["a"]
            else:
                continue
            found.setdefault(data["s"], []).append(Print(trade_id, data["T"], data["p"], data["q"], data["m"]))
    return found


def make_recording(folder: Path, *, seed: int, seconds: int = 400) -> None:
    """Frames of two cointegrated symbols across a midnight, as a recorder writes them."""
    rng = np.random.default_rng(seed)
    start = 1_721_347_200_000 - seconds * 500
    factor = np.cumsum(rng.normal(0, 2e-5, seconds * 10))
    spread = np.zeros(seconds * 10)
    for i in range(1, len(spread)):
        spread[i] = 0.995 * spread[i - 1] + rng.normal(0, 1e-5)
    legs = {"BTCUSDT": (64_000.0, factor, 1), "ETHUSDT": (3_400.0, factor / 1.2 + spread, 2)}
    for symbol, (level, path, decimals) in legs.items():
        trade_id = int(rng.integers(10**9, 4 * 10**9))
        with gzip.open(folder / f"{symbol.lower()}.gz", "wt", encoding="utf-8") as stream:
            for step in range(len(path)):
                for offset in np.sort(rng.integers(0, 100, rng.poisson(0.6))):
                    ms = start + step * 100 + int(offset)
                    data = {
                        "e": "aggTrade",
                        "E": ms + 150,
                        "a": trade_id,
                        "s": symbol,
                        "p": f"{level * np.exp(path[step]):.{decimals}f}",
                        "q": f"{rng.exponential(0.2) + 0.001:.3f}",
                        "f": trade_id * 2,
                        "l": trade_id * 2 + 1,
                        "T": ms,
                        "m": bool(rng.random() < 0.5),
                    }
                    frame = {"stream": f"{symbol.lower()}@aggTrade", "data": data}
                    stream.write(f"{(ms + 160) * 1_000_000} {json.dumps(frame, separators=(',', ':'))}\n")
                    trade_id += 1
