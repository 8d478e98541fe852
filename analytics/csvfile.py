"""Two price columns of a CSV file, checked cell by cell; every complaint names the line and how to mend it."""

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from market.core.types import F64, I64
from market.errors import LivepairsError

TIME_NAMES = ("open_time", "opened_at", "datetime", "timestamp", "time", "date", "ts", "date_time", "opened_ms", "t")
_MORE_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d", "%d %b %Y")
#: an epoch below the bound is in the unit that has so many in a millisecond: s, ms, us, ns
_EPOCH_UNITS = ((1e11, 1e-3), (1e14, 1.0), (1e17, 1e3), (math.inf, 1e6))
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE]\+?\d+)?")


class CsvError(LivepairsError):
    """A file that cannot be read as prices."""


@dataclass(frozen=True, slots=True)
class PricePair:
    """Prices in the order of the file, shape (n,); times are epoch ms, None when the file has none."""

    y: F64
    x: F64
    opened_ms: I64 | None


def read_pair(path: Path, y: str, x: str, *, time: str | None = None, is_log: bool = True) -> PricePair:
    """Columns `y` and `x` of a file with a header; the time column is `time` or one of TIME_NAMES.

    Refuses cells that are no number, prices that have no log (when `is_log`) and times that do not rise.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except FileNotFoundError:
        raise CsvError(f"{path}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CsvError(f"{path}: cannot be read as UTF-8 text ({error}).") from None
    return _Reader(path.name, text, is_log).read(y, x, time)


class _Reader:
    def __init__(self, name: str, text: str, is_log: bool) -> None:
        self._name = name
        self._is_log = is_log
        first_line = text.partition("\n")[0]
        delimiter = max(",;\t", key=first_line.count)
        self._rows = csv.reader(text.splitlines(), delimiter=delimiter)
        self._header = [cell.strip() for cell in next(self._rows, [])]
        if not any(self._header):
            raise CsvError(f"{name}: the file is empty; its first line must name the columns.")

    def read(self, y: str, x: str, time: str | None) -> PricePair:
        if y == x:
            raise CsvError(f"{self._name}: --y and --x are both {y!r}; name two columns.")
        at_y, at_x, at_time = self._column(y), self._column(x), self._time_column(time, {y, x})
        prices_y: list[float] = []
        prices_x: list[float] = []
        times: list[float] = []
        for line, row in self._lines():
            prices_y.append(self._price(row[at_y], line, y))
            prices_x.append(self._price(row[at_x], line, x))
            if at_time is not None:
                times.append(self._time(row[at_time], line, self._header[at_time]))
                if len(times) > 1 and times[-1] <= times[-2]:
                    how = "repeats the time before" if times[-1] == times[-2] else "is earlier than the line before"
                    raise self._error(line, f"{row[at_time]!r} {how}; sort the file by time and keep each bar once")
        if len(prices_y) < 3:
            raise CsvError(f"{self._name}: {len(prices_y)} rows are too few; at least 3 are needed.")
        opened_ms = np.rint(np.array(times)).astype(np.int64) if at_time is not None else None
        return PricePair(np.array(prices_y), np.array(prices_x), opened_ms)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        for row in self._rows:
            line = self._rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(self._header):
                raise self._error(line, f"{len(row)} cells, but the header has {len(self._header)}")
            yield line, row

    def _column(self, name: str) -> int:
        if name not in self._header:
            raise CsvError(f"{self._name}: there is no column {name!r}; the columns are {', '.join(self._header)}.")
        if self._header.count(name) > 1:
            raise CsvError(f"{self._name}: two columns are called {name!r}; rename one.")
        return self._header.index(name)

    def _time_column(self, name: str | None, taken: set[str]) -> int | None:
        if name is not None:
            return self._column(name)
        lower = [column.lower() if column not in taken else "" for column in self._header]
        return next((lower.index(known) for known in TIME_NAMES if known in lower), None)

    def _price(self, cell: str, line: int, column: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            what = f"{cell!r} is no number" if cell.strip() else "the cell is empty"
            raise self._error(line, f"column {column}: {what}; leave such rows out or mend them") from None
        if not math.isfinite(value):
            raise self._error(line, f"column {column}: {cell.strip()!r} is no price; leave such rows out or mend them")
        if self._is_log and value <= 0.0:
            raise self._error(line, f"column {column}: {cell.strip()} has no logarithm; use --prices raw or mend it")
        return value

    def _time(self, cell: str, line: int, column: str) -> float:
        ms = epoch_ms(cell.strip())
        if ms is None:
            raise self._error(line, f"column {column}: {cell!r} is no time; use ISO 8601 or an epoch, or --time")
        return ms

    def _error(self, line: int, what: str) -> CsvError:
        return CsvError(f"{self._name}, line {line}: {what}.")


def epoch_ms(text: str) -> float | None:
    """Epoch milliseconds of a date, time or epoch in s, ms, us or ns; times without a zone are UTC; None if none."""
    if len(text) != 8 and _NUMBER.fullmatch(text):
        value = float(text)
        return next(value / per_ms for bound, per_ms in _EPOCH_UNITS if abs(value) < bound)
    moment = _moment(text.removesuffix(" UTC"))
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000.0


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _MORE_FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
