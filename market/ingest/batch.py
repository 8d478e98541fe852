"""What the writer is given: ticks of the stream, or a page that fills a gap."""

from dataclasses import dataclass, field

from market.venues.base import Rejected, Rows, no_rows


@dataclass(frozen=True, slots=True)
class Fill:
    """What a REST page did to a gap; written in the same transaction as its ticks.

    The gap keeps `remaining` ids (None: it is filled); `unreachable` ids go on as a gap that waits for the dump file.
    """

    gap_id: int
    remaining: tuple[int, int] | None
    first_ms: int
    last_ms: int
    filled: int
    unreachable: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Ticks that arrived together. `voids` only carry ids; `received_ms` is the receipt of the oldest frame."""

    rows: Rows
    voids: Rows = field(default_factory=no_rows)
    rejected: tuple[Rejected, ...] = ()
    received_ms: int = 0
    watermark_ms: int = 0
    had_rejects: bool = False
    fill: Fill | None = None

    @classmethod
    def of_fill(cls, fill: Fill) -> "Batch":
        """A change of a gap without ticks."""
        return cls(rows=no_rows(), fill=fill)
