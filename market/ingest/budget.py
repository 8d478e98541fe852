"""When the next REST call may be made. Pure: the monotonic clock is passed in."""

from collections import deque
from collections.abc import Callable

from market.venues.base import Refusal

WINDOW = 60.0
# Share of the venue's own limit that other programs of this address leave us
HARD_SHARE = 0.9
# Seconds without a call after a refusal that names no time
WAITS = {"rate": 60.0, "ban": 120.0, "blocked": 900.0, "firewall": 300.0}
LONGEST_FAILURE = 60.0


class WeightBudget:
    """At most `limit` weight in any 60 s, nothing inside a ban, nothing while the address is near its own limit."""

    def __init__(self, limit: int, venue_limit: int, clock: Callable[[], float]) -> None:
        self.limit = limit
        self.hard_limit = venue_limit * HARD_SHARE
        self._clock = clock
        self._spent: deque[tuple[float, int]] = deque()
        self._closed_until = 0.0
        self._reported = (0.0, 0)
        self._failures = 0
        self.refusal: Refusal | None = None

    def wait_for(self, weight: int) -> float:
        """Seconds until a call of this weight may be made; 0 when now."""
        now = self._clock()
        while self._spent and self._spent[0][0] <= now - WINDOW:
            self._spent.popleft()
        wait = max(0.0, self._closed_until - now)
        over = sum(w for _, w in self._spent) + weight - self.limit
        for at, spent in self._spent:
            if over <= 0:
                break
            over -= spent
            wait = max(wait, at + WINDOW - now)
        reported_at, used = self._reported
        if used + weight > self.hard_limit:
            wait = max(wait, reported_at + WINDOW - now)
        return wait

    def spend(self, weight: int) -> None:
        self._spent.append((self._clock(), weight))

    def report(self, used: int | None) -> None:
        """What the venue says this address has used in the current minute."""
        if used is not None:
            self._reported = (self._clock(), used)

    def accept(self) -> None:
        """A call was answered."""
        self._failures, self.refusal = 0, None

    def refuse(self, refusal: Refusal) -> None:
        """A call was refused: stay away for the time told, or a time that grows."""
        if refusal.kind in ("symbol", "unreadable"):
            return
        self._failures += 1
        self.refusal = refusal
        wait = refusal.wait
        if wait is None:
            wait = WAITS.get(refusal.kind, min(LONGEST_FAILURE, 2.0 ** min(self._failures - 1, 10)))
        # A ban counts from when it was told; a second early would prolong it
        margin = 1.0 if refusal.kind in ("rate", "ban") else 0.0
        self._closed_until = max(self._closed_until, self._clock() + wait + margin)
