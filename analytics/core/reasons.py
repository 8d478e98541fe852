"""Why a value is unknown or not yet final: a small code with two numbers, and the sentence it stands for."""

from enum import IntEnum


class Reason(IntEnum):
    """Codes that a kernel can store for each slot; `have` and `need` are counted in bars."""

    NONE = 0
    #: the value is shown, from `have` of `need` bars
    WARMING = 1
    #: no value yet: `have` of the `need` bars of a first value
    SHORT = 2
    #: `have` of `need` bars are missing or filled
    HOLES = 3
    #: leg x did not move in the window
    FLAT_X = 4
    #: the spread did not move in the window
    FLAT_SPREAD = 5
    #: a leg did not move in the window of returns
    FLAT_RETURNS = 6
    #: a leg has no price in this slot that is young enough
    STALE = 7
    #: the method found no line; `have` is the place of its sentence
    NO_FIT = 8


_SENTENCES = {
    Reason.NONE: "",
    Reason.WARMING: "warming up {have} of {need}",
    Reason.SHORT: "warming up {have} of {need}",
    Reason.HOLES: "{have} of {need} bars missing or filled",
    Reason.FLAT_X: "the hedge leg did not move",
    Reason.FLAT_SPREAD: "the spread did not move",
    Reason.FLAT_RETURNS: "a leg did not move",
    Reason.STALE: "stale",
    Reason.NO_FIT: "the hedge method found no line",
}


def sentence(reason: Reason, have: int, need: int) -> str:
    """Text of a reason; empty for NONE. The grid words STALE, the hedge method NO_FIT."""
    return _SENTENCES[reason].format(have=have, need=need)
