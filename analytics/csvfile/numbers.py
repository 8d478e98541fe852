"""Cells to numbers: a decimal point, or a decimal comma where a cell proves that it is one."""

import re
from collections.abc import Sequence

import numpy as np

from analytics.csvfile.errors import CellError, shown
from market.core.types import F64

#: 1,234 and 1.234,5 and 1'234.5: digits in groups of three
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([ ,.'_\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)
_MEND = "leave such rows out or mend them"


def decimal_mark(columns: Sequence[Sequence[str]]) -> str:
    """Comma when no cell has a point and one shows that its comma parts no thousands; otherwise point."""
    texts = ["\n".join(cells) for cells in columns]
    if not any("," in text for text in texts) or any("." in text for text in texts):
        return "."
    cells = (cell.strip() for column in columns for cell in column)
    is_proven = any(_COMMA.fullmatch(cell) and not _GROUPED.fullmatch(cell) for cell in cells)
    return "," if is_proven else "."


def prices(cells: Sequence[str], mark: str, *, is_log: bool) -> F64:
    """Finite numbers, shape (n,), above zero when logs are taken of them; CellError names the first that is none."""
    plain = [cell.replace(",", ".") for cell in cells] if mark == "," else cells
    try:
        # float() would take 1_000
        values = np.array([float(cell) for cell in plain]) if "_" not in "".join(plain) else None
    except ValueError:
        values = None
    if values is None:
        row = next(row for row, cell in enumerate(plain) if not is_number(cell))
        raise CellError(row, _complaint(cells[row]))
    if not (is_finite := np.isfinite(values)).all():
        row = int(np.argmin(is_finite))
        raise CellError(row, f"{shown(cells[row])} is no price; {_MEND}")
    if is_log and not (has_log := values > 0.0).all():
        row = int(np.argmin(has_log))
        raise CellError(row, f"{cells[row].strip()} has no logarithm; use --prices raw or mend it")
    return values


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _complaint(cell: str) -> str:
    text = cell.strip()
    if not text:
        return f"the cell is empty; {_MEND}"
    if grouped := _GROUPED.fullmatch(text):
        if text.count(",") == 1 and grouped[1] == "," and "." not in text:
            return f"{text!r} may be {text.replace(',', '')} or {text.replace(',', '.')}; write it with a decimal point"
        return f"{shown(text)} has a thousands separator; write plain digits with a decimal point"
    if _COMMA.fullmatch(text):
        return f"{shown(text)} has a decimal comma where other cells have a point; use one of them"
    return f"{shown(text)} is no number; {_MEND}"
