"""When silence is a fault. Pure: the monotonic clock is passed in with each call."""

from dataclasses import dataclass

#: Seconds from the acknowledgement to the first frame before the route or the symbols are doubted
FIRST_FRAME = 30.0
SHORTEST = 15.0
USUAL_GAPS = 5.0
# Usual gap before anything is known: as patient as with the first frame
FIRST_GUESS = FIRST_FRAME / USUAL_GAPS
# Weight of the newest gap in the usual one: calm is learnt faster than bursts, which must not make calm look silent
_LONGER, _SHORTER = 0.3, 0.02


@dataclass(slots=True)
class Rhythm:
    """How often something is heard: the moment it was last heard and its usual gap in seconds."""

    since: float
    heard: bool = False
    usual: float = FIRST_GUESS

    def hear(self, now: float) -> None:
        if self.heard:
            gap = now - self.since
            self.usual += (_LONGER if gap > self.usual else _SHORTER) * (gap - self.usual)
        self.heard = True
        self.since = now

    def restart(self, now: float) -> None:
        """Forget the time that has passed (a new connection), keep the rhythm."""
        self.since, self.heard = now, False

    @property
    def patience(self) -> float:
        """Seconds of silence that are still normal."""
        shortest = SHORTEST if self.heard else FIRST_FRAME
        return max(shortest, USUAL_GAPS * self.usual)

    def is_silent(self, now: float) -> bool:
        return now - self.since > self.patience
