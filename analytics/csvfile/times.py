"""Times of every common form to epoch milliseconds; a time without a zone is UTC.

Cells that differ in their digits only have one form: it is read off the first of them, and numpy reads the rest.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from analytics.csvfile.errors import CellError, shown
from analytics.csvfile.forms import Form, form_of, why_no_time
from market.core.types import F64, I64

#: an epoch below the bound is in the unit that has so many in a millisecond: s, ms, us, ns
_EPOCH_UNITS = ((1e11, 1e-3), (1e14, 1.0), (1e17, 1e3), (np.inf, 1e6))
_EPOCH = re.compile(r"-?0+(\.0*)?(e\+?0+)?", re.IGNORECASE)
#: the year 10000
_LATEST_MS = 253_402_300_800_000
#: so many digits alone are a date, or may be one: as an epoch the last two would lie in 1976 and after 2286
_DATE = "0" * 8
_MAYBE_DATES = ("0" * 12, "0" * 14)
_DIGITS = str.maketrans("123456789", "0" * 9)
_DAY_MS, _HOUR_MS, _MINUTE_MS = 86_400_000, 3_600_000, 60_000

Rows = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


class _Group:
    """Cells of one form, at `rows` of their column."""

    def __init__(self, cells: Sequence[str], rows: Iterable[int], form: Form) -> None:
        self.rows: Rows = np.fromiter(rows, np.intp)
        self.form = form
        size = len(cells[self.rows[0]])
        text = "".join(cells[row] for row in self.rows).encode("ascii")
        self._text = np.frombuffer(text, np.uint8).reshape(len(self.rows), size)

    def number(self, name: str, default: int = 0) -> I64:
        """Numbers of one span, shape (rows,)."""
        if name not in self.form.spans:
            return np.full(len(self.rows), default, np.int64)
        start, stop = self.form.spans[name]
        digits = self._text[:, start:stop].astype(np.int64) - ord("0")
        return digits @ (10 ** np.arange(stop - start - 1, -1, -1, dtype=np.int64))


def epoch_ms(text: str) -> float | None:
    """Epoch milliseconds of a date, time or epoch in s, ms, us or ns; None when it is none or may be two dates."""
    try:
        return float(times_ms([text])[0])
    except CellError:
        return None


def times_ms(cells: Sequence[str]) -> F64:
    """Epoch milliseconds of a column, shape (n,); its epochs share one unit, its dates one order of day and month.

    CellError names a cell that is no time, and the first date of a column in which nothing tells day from month.
    """
    cells = [cell.strip() for cell in cells]
    rows_of: dict[str, list[int]] = {}
    for row, cell in enumerate(cells):
        rows_of.setdefault(cell.translate(_DIGITS), []).append(row)
    result = np.empty(len(cells))
    epochs: list[int] = []
    groups: list[_Group] = []
    for template, rows in rows_of.items():
        if _EPOCH.fullmatch(template) and not _is_date(template, [cells[row] for row in rows]):
            epochs += rows
        elif form := form_of(cells[rows[0]]):
            groups.append(_Group(cells, rows, form))
        else:
            raise CellError(rows[0], why_no_time(cells[rows[0]]))
    if epochs:
        result[epochs] = _epochs(cells, epochs)
    is_day_first = _is_day_first(cells, groups)
    for group in groups:
        result[group.rows] = _moments(cells, group, is_day_first)
    return result


def _is_date(template: str, cells: list[str]) -> bool:
    if template == _DATE:
        return True
    form = form_of(template) if template in _MAYBE_DATES else None
    if form is None or not all(cell[:2] in ("19", "20") for cell in cells):
        return False
    try:
        _moments(cells, _Group(cells, range(len(cells)), form), True)
    except CellError:
        return False
    return True


def _epochs(cells: Sequence[str], rows: list[int]) -> F64:
    values: F64 = np.array([float(cells[row]) for row in rows])
    largest = float(np.abs(values).max())
    values /= next((per_ms for bound, per_ms in _EPOCH_UNITS if largest < bound), 1.0)
    if not (is_valid := np.abs(values) < _LATEST_MS).all():
        row = rows[int(np.argmin(is_valid))]
        raise CellError(row, why_no_time(cells[row]))
    return values


def _is_day_first(cells: Sequence[str], groups: list[_Group]) -> bool:
    """Whether 1/2/2024 is in February: a number above 12 in one of the two places has to show it."""
    unsure = [group for group in groups if "one" in group.form.spans]
    day_first = [int(row) for group in unsure for row in group.rows[group.number("one") > 12]]
    month_first = [int(row) for group in unsure for row in group.rows[group.number("two") > 12]]
    if day_first and month_first:
        other, row = sorted((min(day_first), min(month_first)))
        raise CellError(row, f"{shown(cells[row])} has day and month the other way round than {shown(cells[other])}")
    if unsure and not day_first and not month_first:
        row = min(int(group.rows[0]) for group in unsure)
        what = f"{shown(cells[row])} may have the day or the month first, and no row shows which"
        raise CellError(row, f"{what}; write it as 2024-12-31")
    return bool(day_first)


def _moments(cells: Sequence[str], group: _Group, is_day_first: bool) -> F64:
    days, is_valid = _days(group, is_day_first)
    clock_ms, is_clock = _clock_ms(group)
    if not (is_valid := is_valid & is_clock).all():
        row = int(group.rows[np.argmin(is_valid)])
        raise CellError(row, why_no_time(cells[row]))
    start, stop = group.form.spans.get("part", (0, 0))
    moments: F64 = days * _DAY_MS + clock_ms + group.number("part") * 10.0 ** (3 + start - stop)
    return moments


def _days(group: _Group, is_day_first: bool) -> tuple[I64, Flags]:
    """Days since 1970, and whether there are such days."""
    day, month = "day", "month"
    if "one" in group.form.spans:
        day, month = ("one", "two") if is_day_first else ("two", "one")
    days, months = group.number(day), group.number(month, group.form.month or 0)
    since_1970 = (group.number("year") - 1970) * 12 + months - 1
    first, after = (
        month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for month in (since_1970, since_1970 + 1)
    )
    return first + days - 1, (months >= 1) & (months <= 12) & (days >= 1) & (days <= after - first)


def _clock_ms(group: _Group) -> tuple[I64, Flags]:
    """Whole seconds of the day, less what its zone is ahead of UTC, and whether there are such clocks."""
    names = ("hour", "minute", "second", "zone_hour", "zone_minute")
    hours, minutes, seconds, zone_hours, zone_minutes = (group.number(name) for name in names)
    is_valid = (hours < 24) & (minutes < 60) & (seconds < 60) & (zone_hours < 24) & (zone_minutes < 60)
    if group.form.is_afternoon is not None:
        is_valid &= (hours >= 1) & (hours <= 12)
        hours = hours % 12 + 12 * group.form.is_afternoon
    zone_ms = group.form.zone_sign * (zone_hours * _HOUR_MS + zone_minutes * _MINUTE_MS)
    return hours * _HOUR_MS + minutes * _MINUTE_MS + seconds * 1_000 - zone_ms, is_valid
