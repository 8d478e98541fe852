"""Price columns of a CSV file, with the times of their rows when it has some."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.csvfile.errors import CsvError, shown
from analytics.csvfile.numbers import decimal_mark, is_number, prices
from analytics.csvfile.table import Header, Table, read_table
from analytics.csvfile.text import lines_of
from analytics.csvfile.times import epoch_ms, times_ms
from market.core.types import F64, I64

TIME_NAMES = ("open_time", "opened_at", "datetime", "timestamp", "time", "date", "ts", "date_time", "opened_ms", "t")
LEAST_ROWS = 3
#: header of an index column as pandas writes it
_INDEX = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in the order of the file, shape (n, k); times are epoch ms, None when the file has none."""

    values: F64
    opened_ms: I64 | None


@dataclass(frozen=True, slots=True)
class PricePair:
    """Prices in the order of the file, shape (n,); times are epoch ms, None when the file has none."""

    y: F64
    x: F64
    opened_ms: I64 | None


def read_pair(path: Path, y: str, x: str, *, time: str | None = None, is_log: bool = True) -> PricePair:
    """Columns `y` and `x` of a file, as `read_columns` reads them."""
    if y == x:
        raise CsvError(f"{path.name}: --y and --x are both {y!r}; name two columns.")
    read = read_columns(path, (y, x), time=time, is_log=is_log)
    return PricePair(read.values[:, 0].copy(), read.values[:, 1].copy(), read.opened_ms)


def read_columns(path: Path, names: Sequence[str], *, time: str | None = None, is_log: bool = True) -> Prices:
    """Columns `names` of a file with a header; the time column is `time` or one of TIME_NAMES.

    CSV parted by comma, semicolon, tab or |, in UTF-8 or UTF-16, plain or gzip. CsvError refuses cells that are no
    number, prices that have no log (when `is_log`) and times that do not rise or may be read in two ways.
    """
    if not names or len(set(names)) < len(names):
        raise CsvError(f"{path.name}: name each column once, at least one ({', '.join(names) or 'none was named'}).")
    with lines_of(path) as lines:
        table = read_table(lines, path.name, lambda header: _chosen(header, names, time))
    mark = decimal_mark([table.cells[name] for name in names])
    values = np.empty((len(table), len(names)))
    for place, name in enumerate(names):
        with table.complaints(name):
            values[:, place] = prices(table.cells[name], mark, is_log=is_log)
    clock = next((column for column in table.cells if column not in names), None)
    opened_ms = None if clock is None or _is_count(table, clock) else _rising(table, clock)
    if len(table) < LEAST_ROWS:
        raise CsvError(f"{path.name}: {len(table)} rows are too few; at least {LEAST_ROWS} are needed.")
    return Prices(values, opened_ms)


def _chosen(header: Header, names: Sequence[str], time: str | None) -> list[str]:
    """The price columns, and behind them the one of times if there is one."""
    _check_names(header, names)
    if time in names:
        raise CsvError(f"{header.name}: column {time!r} cannot be the time and a price; name two columns.")
    if time is not None:
        return [*names, time]
    lower = {column.lower().replace(" ", "_"): column for column in reversed(header.columns) if column not in names}
    known = [lower[name] for name in TIME_NAMES if name in lower]
    if not known and header.columns[0] == _INDEX and header.columns.count(_INDEX) == 1:
        known = [_INDEX]
    return [*names, *known[:1]]


def _is_count(table: Table, column: str) -> bool:
    """Whether an index without a name only counts the rows."""
    return column == _INDEX and is_number(table.cells[column][0] if len(table) else "0")


def _check_names(header: Header, names: Sequence[str]) -> None:
    is_data = all(is_number(cell) or epoch_ms(cell) is not None for cell in header.columns if cell)
    if is_data and not set(names) <= set(header.columns):
        raise CsvError(
            f"{header.name}, line {header.line}: the first line holds numbers, not names; "
            f"put a line such as time,{','.join(names)} above it."
        )


def _rising(table: Table, column: str) -> I64:
    cells = table.cells[column]
    with table.complaints(column):
        moments = times_ms(cells)
    opened_ms = np.rint(moments).astype(np.int64)
    for row in np.flatnonzero(np.diff(opened_ms) <= 0)[:1] + 1:
        is_earlier = moments[row] < moments[row - 1]
        how = "is earlier than the line before" if is_earlier else "repeats the time before, to the millisecond"
        raise table.error(int(row), f"{shown(cells[row])} {how}; sort the file by time and keep each bar once")
    return opened_ms
