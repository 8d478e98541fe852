"""The one tree of errors. Each message says what is wrong, where, and how to mend it."""


class LivepairsError(Exception):
    """Base of every error that livepairs raises on purpose."""


class FrameError(LivepairsError):
    """A frame of the exchange that cannot become a tick; `reason` is a short stable word for counting."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class QuotaExceeded(LivepairsError):
    """A user holds as many objects as allowed."""
