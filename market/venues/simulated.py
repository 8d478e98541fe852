"""The simulated market: the protocol of Binance USD-M, served on this machine, kept apart by its name."""

from collections.abc import Sequence

from django.conf import settings

from market.venues import register
from market.venues.binance_usdm import BinanceUsdm


class Simulated(BinanceUsdm):
    name = "simulated"

    def stream_url(self) -> str:
        return f"ws://{settings.SIMULATOR_HOST}:{settings.SIMULATOR_PORT}/market/stream"

    def rest_url(self) -> str:
        return f"http://{settings.SIMULATOR_HOST}:{settings.SIMULATOR_PORT}"

    def default_symbols(self) -> Sequence[str]:
        return ("BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT")


register(Simulated())
