"""How a simulated exchange is set up; the defaults of `manage.py simulate`."""

from dataclasses import dataclass
from pathlib import Path

from market.simulator.faults import Fault


@dataclass(frozen=True)
class SimulatorOptions:
    """Port 0 takes any free one. A recording starts when each of its
    symbols has `wait_subscribers` subscribers.

    `speed` 0 plays a recording as fast as the readers allow. `flood` sends that many prebuilt trades so, instead
    of a market that follows the clock.
    """

    port: int = 0
    host: str = "127.0.0.1"
    symbols: tuple[str, ...] = ()
    rate: float = 60.0
    seed: int = 7
    history_minutes: int = 90
    depth_hours: float = 24.0
    recording: tuple[Path, ...] = ()
    speed: float = 1.0
    keep_times: bool = False
    wait_subscribers: int = 1
    faults: tuple[Fault, ...] = ()
    life_seconds: float = 86_400.0
    ping_seconds: float = 180.0
    pong_seconds: float = 600.0
    flood: int = 0
    weight_limit: int = 2_400
