"""Decimal texts of an exchange to float64, exactly or not at all.

15 significant digits survive text -> float64 -> text; only plain ASCII decimals pass, so that nothing Python or JSON
would accept besides ("1_000", full-width digits, NaN, exponents) becomes a price.
"""

import re
from collections.abc import Sequence

import numpy as np

from market.core.types import F64
from market.errors import FrameError

SIGNIFICANT = 15
_ONE = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")
# Possessive: no state is kept per repetition, a batch of 10,000 numbers is one match
_MANY = re.compile(r"(?:[0-9]{1,15}+(?:\.[0-9]{1,15}+)?+\n)*+")


def decimal(text: str) -> float:
    """One number; FrameError when it is no plain decimal of at most 15 significant digits."""
    if not _ONE.fullmatch(text):
        raise FrameError("number", f"{text[:40]!r} is not a plain decimal number")
    digits = text.replace(".", "").lstrip("0")
    if "." in text:
        digits = digits.rstrip("0")
    if len(digits) > SIGNIFICANT:
        raise FrameError("digits", f"{text[:40]!r} has more than {SIGNIFICANT} significant digits")
    return float(text)


def decimals(texts: Sequence[str]) -> F64:
    """Many numbers at once; FrameError when any of them is not plain."""
    if not texts:
        return np.empty(0, np.float64)
    # 15 digits and a point: shorter texts cannot have too many digits
    if max(map(len, texts)) > SIGNIFICANT + 1:
        return np.array([decimal(text) for text in texts], np.float64)
    joined = "\n".join(texts) + "\n"
    # The count: a separator inside a text must not pass as two numbers
    if not _MANY.fullmatch(joined) or joined.count("\n") != len(texts):
        raise FrameError("number", "a number is not a plain decimal")
    return np.fromiter(map(float, texts), np.float64, len(texts))
