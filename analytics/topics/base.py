"""What every kind of live topic offers: who may see it, its frame now, and how its frames merge."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

from analytics.frames import Merge
from market.errors import LivepairsError

#: a user's id and a topic's key, the part of its name behind the first dot
Ask = tuple[int, str]

#: points of a first snapshot, and of the longest answer to `since`
POINTS = 3_600
MOST_POINTS = 5_000
_LONGEST_NAME = 120


class RefusedError(LivepairsError):
    """A topic that cannot be given, with the HTTP status that says so."""

    def __init__(self, status: int, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.status = status
        self.what = what
        self.where = where
        self.mend = mend

    @property
    def data(self) -> dict[str, str | int]:
        return {"status": self.status, "what": self.what, "where": self.where, "mend": self.mend}


def no_such(topic: str) -> RefusedError:
    """The same words for a topic that does not exist and for one that belongs to somebody else."""
    return RefusedError(404, "No such topic.", topic[:_LONGEST_NAME], "Use a topic of the pairs on your list.")


class TopicKind(ABC):
    """One kind of topic, e.g. `spec.<id>`. `name` is the part before the first dot."""

    name: ClassVar[str]
    merge: ClassVar[Merge]

    def __init_subclass__(cls) -> None:
        _kinds[cls.name] = cls()

    @abstractmethod
    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """Those of the asks that are granted; one query however many there are."""

    @abstractmethod
    def frame(self, key: str, since: int | None, points: int) -> str:
        """What a client must know that has seen frame number `since`, or nothing yet. Raises RefusedError."""


_kinds: dict[str, TopicKind] = {}


def known_kinds() -> dict[str, TopicKind]:
    return dict(_kinds)


def kind_of(topic: str) -> tuple[TopicKind, str]:
    """The kind of a topic and its key; RefusedError 404 for a name that no kind has."""
    name, _, key = topic.partition(".")
    kind = _kinds.get(name)
    if kind is None or len(topic) > _LONGEST_NAME or not topic.isprintable():
        raise no_such(topic)
    return kind, key


def topic_frame(topic: str, since: int | None = None, points: int = POINTS) -> str:
    """The frame that brings a client up to date: a snapshot, or a delta after frame number `since`.

    Of a long absence (more than MOST_POINTS changed rows) it is a snapshot again.
    """
    kind, key = kind_of(topic)
    return kind.frame(key, since, max(1, min(points, MOST_POINTS)))


def row_id(topic: str, key: str) -> int:
    """The database id in a topic's name; RefusedError 404 when it is none."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise no_such(topic)
    return int(key)
