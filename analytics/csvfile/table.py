"""Some columns of a table with a header: their cells, and the line of each row."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter

from analytics.csvfile.errors import CellError, CsvError

DELIMITERS = ",;\t|"
_MOST_NAMES = 40
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns of the file `name`, found at `line`."""

    name: str
    line: int
    columns: tuple[str, ...]

    def at(self, column: str) -> int:
        """Place of a column that is there once."""
        if column not in self.columns:
            names = ", ".join(self.columns[:_MOST_NAMES])
            more = f" and {len(self.columns) - _MOST_NAMES} more" if len(self.columns) > _MOST_NAMES else ""
            raise CsvError(f"{self.name}: there is no column {column!r}; the columns are {names}{more}.")
        if self.columns.count(column) > 1:
            raise CsvError(f"{self.name}, line {self.line}: two columns are called {column!r}; rename one.")
        return self.columns.index(column)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of the chosen columns, by the column's name, and for each row the line of the file on which it ends."""

    header: Header
    cells: dict[str, tuple[str, ...]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def error(self, row: int, what: str) -> CsvError:
        return CsvError(f"{self.header.name}, line {self.lines[row]}: {what}.")

    @contextmanager
    def complaints(self, column: str) -> Iterator[None]:
        """A complaint about a cell becomes one about a line and a column."""
        try:
            yield
        except CellError as error:
            raise self.error(error.row, f"column {column}: {error.what}") from None


def read_table(lines: Iterator[str], name: str, choose: Callable[[Header], list[str]]) -> Table:
    """The columns that `choose` takes from the header, the first line with text; blank rows are passed over."""
    start, first = next(((n, line) for n, line in enumerate(lines, 1) if line.strip()), (0, ""))
    rows = _rows(_chained(first, lines), name, start, _delimiter(first))
    line, columns = next(rows)
    if not any(cell.strip() for cell in columns):
        raise CsvError(f"{name}: the file is empty; its first line must name the columns.")
    header = Header(name, line, tuple(cell.strip() for cell in columns))
    chosen = choose(header)
    places = [header.at(column) for column in chosen]
    # Two places make itemgetter return tuples whatever the number of columns
    take = itemgetter(*places, places[0])
    width, kept, ends = len(columns), [], []
    for line, row in rows:
        if len(row) != width or not row[places[0]]:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != width:
                raise CsvError(f"{name}, line {line}: {len(row)} cells, but the header has {width}.")
        kept.append(take(row))
        ends.append(line)
    cells = list(zip(*kept, strict=True)) or [()] * len(places)
    return Table(header, dict(zip(chosen, cells, strict=False)), ends)


def _delimiter(first: str) -> str:
    """The most frequent candidate outside quotes."""
    return max(DELIMITERS, key=_QUOTED.sub("", first).count)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _rows(lines: Iterator[str], name: str, start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row; what the csv module refuses is said with the line where the row begins."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    end = start - 1
    try:
        for row in reader:
            end = start - 1 + reader.line_num
            yield end, row
    except csv.Error as error:
        raise CsvError(f"{name}, line {end + 1}: {_in_words(error)}.") from None


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return f"a cell of more than {csv.field_size_limit():,} characters; is a quote not closed?"
    if "unexpected end" in text:
        return "a quote that begins here is never closed"
    return f"the quotes do not fit ({text})"
