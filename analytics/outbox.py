"""What one client is owed: a window of unacknowledged frames, and what waits behind it. Pure, the clock is given.

daphne has no back pressure: what is handed to it is kept in memory until the client reads. So the client
says what it has received, and no more than a window is ever under way. What waits is merged per topic.
"""

from collections import deque
from collections.abc import Callable, Iterator

from analytics.frames import Frame, Merge, fold, notice
from market.errors import LivepairsError

WINDOW_FRAMES = 32
WINDOW_BYTES = 512_000
#: text that may wait for one client, beside the window: together they stay below 1 MB
WAITING_BYTES = 400_000
STALL_SECONDS = 30.0
#: frames of a topic that wait before they become one
FOLD_AT = 8
#: below this a waiting topic is not worth dropping
SMALL_BYTES = 8_000


class AcknowledgementError(LivepairsError):
    """A client acknowledged frames that it was never sent."""


class OutboxFullError(LivepairsError):
    """A client owes too much reading, of frames that may not be merged."""


class Outbox:
    """Decides for each frame of one client: now, later, or merged with others that wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._sent = 0
        self._waiting: dict[str, list[Frame]] = {}
        self._waiting_bytes = 0
        self._heard_at = clock()
        self._merged = 0

    @property
    def merged(self) -> int:
        """Frames that reached the client only within another one, or were given up for a fetch."""
        return self._merged

    @property
    def sent(self) -> int:
        """Frames handed out so far."""
        return self._sent

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiting)

    @property
    def held_bytes(self) -> int:
        """Text kept for this client: under way and waiting."""
        return self._bytes + self._waiting_bytes

    def offer(self, frame: Frame) -> bool:
        """True: send it now. False: it waits. OutboxFullError when nothing more may wait."""
        if not self._waiting and self._fits(frame.size):
            self._count(frame.size)
            return True
        self._hold(frame)
        return False

    def acknowledge(self, received: int) -> bool:
        """The client has received `received` frames since it connected; True when that is news."""
        acked = self._sent - len(self._sizes)
        if received > self._sent:
            raise AcknowledgementError(
                f"ack of {received} frames, but only {self._sent} were sent on this socket: "
                "send the number of frames received since it opened."
            )
        for _ in range(received - acked):
            self._bytes -= self._sizes.popleft()
        if received > acked:
            self._heard_at = self._clock()
        return received > acked

    def ready(self) -> Iterator[Frame]:
        """Frames that waited and may go now, the topic that waited longest first."""
        while self._waiting:
            topic, frames = next(iter(self._waiting.items()))
            frame = frames[0] if frames[0].merge is Merge.NEVER else self._folded(topic)
            if not self._fits(frame.size):
                return
            del frames[0]
            if not frames:
                del self._waiting[topic]
            self._waiting_bytes -= frame.size
            self._count(frame.size)
            yield frame

    def drop(self, topic: str) -> None:
        """Forget what waits of a topic."""
        self._waiting_bytes -= sum(frame.size for frame in self._waiting.pop(topic, []))

    def is_stalled(self) -> bool:
        """Frames wait and the client has acknowledged nothing for STALL_SECONDS."""
        return bool(self._waiting) and self._clock() - self._heard_at > STALL_SECONDS

    def _fits(self, size: int) -> bool:
        if not self._sizes:
            return True
        return len(self._sizes) < WINDOW_FRAMES and self._bytes + size <= WINDOW_BYTES

    def _count(self, size: int) -> None:
        if not self._sizes:
            self._heard_at = self._clock()
        self._sizes.append(size)
        self._bytes += size
        self._sent += 1

    def _hold(self, frame: Frame) -> None:
        frames = self._waiting.setdefault(frame.topic, [])
        frames.append(frame)
        self._waiting_bytes += frame.size
        if frame.merge is not Merge.NEVER and len(frames) >= FOLD_AT:
            self._folded(frame.topic)
        while self._waiting_bytes > WAITING_BYTES:
            self._shrink()

    def _folded(self, topic: str) -> Frame:
        frames = self._waiting[topic]
        frame = fold(frames)
        self._merged += len(frames) - 1
        self._waiting_bytes += frame.size - sum(each.size for each in frames)
        frames[:] = [frame]
        return frame

    def _shrink(self) -> None:
        """Give up the largest topic that waits: the client is told to fetch it anew."""
        mergeable = [topic for topic, frames in self._waiting.items() if frames[0].merge is not Merge.NEVER]
        topic = max(mergeable, key=self._size_of, default="")
        if not topic or self._size_of(topic) < SMALL_BYTES:
            raise OutboxFullError(f"{self._waiting_bytes} bytes wait for a client that does not read.")
        if self._size_of(topic) > self._folded(topic).size:
            return
        reason = {"reason": "the client reads too slowly; fetch the topic anew"}
        resync = notice(topic, "resync", reason, self._waiting[topic][0].merge)
        self._merged += len(self._waiting[topic])
        self.drop(topic)
        self._waiting[topic] = [resync]
        self._waiting_bytes += resync.size

    def _size_of(self, topic: str) -> int:
        return sum(frame.size for frame in self._waiting[topic])
