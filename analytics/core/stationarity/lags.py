"""How many lagged differences a unit-root regression takes; the choice is always shown, since it flips verdicts."""

import math
from dataclasses import dataclass
from typing import Literal, Self

Criterion = Literal["fixed", "aic", "bic"]


@dataclass(frozen=True, slots=True)
class Lags:
    """By an information criterion up to `count` (None: Schwert's rule), or exactly `count`."""

    criterion: Criterion = "bic"
    count: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Lags of "bic", "aic" or a number; ValueError says which words are allowed."""
        word = text.strip().lower()
        if word == "aic":
            return cls("aic")
        if word == "bic":
            return cls("bic")
        if word.isdecimal():
            return cls("fixed", int(word))
        raise ValueError(f"Unknown lags {text!r}: use bic, aic or a number of lagged differences.")

    def most(self, n: int, terms: int) -> int:
        """Greatest number of lags for `n` bars and `terms` deterministic terms: ceil(12 (n/100)^(1/4)), as statsmodels.

        ValueError when the series is too short for the number asked for.
        """
        room = n // 2 - terms - 1
        if self.count is None:
            if room < 0:
                raise ValueError(f"{n} bars are too few for a unit-root regression.")
            return min(math.ceil(12.0 * math.pow(n / 100.0, 0.25)), room)
        if self.count > room:
            raise ValueError(f"{self.count} lags are too many for {n} bars: at most {max(room, 0)}.")
        return self.count

    def __str__(self) -> str:
        return str(self.count) if self.criterion == "fixed" else self.criterion
