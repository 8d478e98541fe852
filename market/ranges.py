"""A range of time that somebody asks stored data of, with its limits."""

from dataclasses import dataclass

from market.errors import LivepairsError

#: of an answer with every row
MOST_ROWS = 20_000
LEAST_PIXELS, MOST_PIXELS = 3, 4_000
_LATEST_MS = 4_102_444_800_000  # 2100


@dataclass(frozen=True, slots=True)
class Span:
    """Both ends inclusive, epoch ms. `pixels` None: every row."""

    from_ms: int
    to_ms: int
    pixels: int | None = None

    @classmethod
    def asked(cls, from_ms: int, to_ms: int, pixels: int | None) -> "Span":
        """What a request says; RangeError where it is no range."""
        if not 0 <= from_ms < to_ms <= _LATEST_MS:
            raise RangeError(
                "This is no range of time.",
                f"from={from_ms} to={to_ms}",
                "Give two times in epoch ms, the earlier one as `from`.",
            )
        if pixels is not None and not LEAST_PIXELS <= pixels <= MOST_PIXELS:
            raise RangeError(
                f"{pixels} pixels are outside {LEAST_PIXELS} to {MOST_PIXELS:,}.",
                "pixels",
                "Give the width of the drawing.",
            )
        return cls(from_ms, to_ms, pixels)

    @property
    def pixel_ms(self) -> float:
        """Time that one pixel stands for."""
        return (self.to_ms - self.from_ms) / (self.pixels or 1)


class RangeError(LivepairsError):
    """A range that cannot be answered: what, where, how to mend."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}) {mend}")
        self.what = what
        self.where = where
        self.mend = mend


class TooManyRowsError(RangeError):
    def __init__(self, span: Span) -> None:
        super().__init__(
            f"This range holds more than {MOST_ROWS:,} rows.",
            f"from={span.from_ms} to={span.to_ms}",
            "Ask for a shorter range, or give `pixels` for as many points as a drawing of that width can show.",
        )
