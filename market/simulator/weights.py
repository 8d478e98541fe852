"""The venue's request budget: weight per minute, 429 beyond it, a growing 418 ban for those who go on."""

from collections import deque
from dataclasses import dataclass, field

_FUNDING_REQUESTS, _FUNDING_WINDOW_MS = 500, 300_000
_MINUTE_MS = 60_000


@dataclass
class Budget:
    """Weight used in the current minute; the minute resets at :00 of the exchange's clock."""

    limit: int = 2_400
    patience: int = 5
    ban_ms: int = 120_000
    used: int = 0
    banned_until_ms: int = 0
    _minute: int = -1
    _refused: int = 0
    _bans: int = 0
    _funding: deque[int] = field(default_factory=deque)

    def spend(self, weight: int, now_ms: int) -> int:
        """HTTP status of a request of this weight: 200, 429 over the limit, 418 while banned."""
        minute = now_ms // _MINUTE_MS
        if minute != self._minute:
            self._minute, self.used, self._refused = minute, 0, 0
        if now_ms < self.banned_until_ms:
            return 418
        self.used += weight
        if self.used <= self.limit:
            return 200
        self._refused += 1
        if self._refused <= self.patience:
            return 429
        self.banned_until_ms = now_ms + (self.ban_ms << self._bans)
        self._bans += 1
        return 418

    def spend_funding(self, now_ms: int) -> int:
        """HTTP status of a request from the funding pool: 500 requests in 5 minutes."""
        while self._funding and self._funding[0] <= now_ms - _FUNDING_WINDOW_MS:
            self._funding.popleft()
        self._funding.append(now_ms)
        return 200 if len(self._funding) <= _FUNDING_REQUESTS else 429

    def retry_after(self, now_ms: int) -> int:
        """Seconds until it is worth asking again."""
        if now_ms < self.banned_until_ms:
            return -(-(self.banned_until_ms - now_ms) // 1000)
        return -(-(_MINUTE_MS - now_ms % _MINUTE_MS) // 1000)
