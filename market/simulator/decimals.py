"""Decimal text of the wire as (mantissa, scale), and back, without a float in between."""

import re

_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)


def split(text: str) -> tuple[int, int]:
    """Mantissa and number of decimals: "63943.90" -> (6394390, 2). ValueError when the text is not a plain decimal."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a plain decimal number such as 63943.90")
    mantissa = int(text.replace(".", ""))
    if mantissa >= 2**63:
        raise ValueError(f"{text!r} has more digits than an exchange sends")
    return mantissa, len(match[1] or "")


def join(mantissa: int, scale: int) -> str:
    """Text of mantissa / 10**scale with exactly `scale` decimals: (6394390, 2) -> "63943.90"."""
    if not scale:
        return str(mantissa)
    sign, digits = ("-", str(-mantissa)) if mantissa < 0 else ("", str(mantissa))
    digits = digits.rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"
