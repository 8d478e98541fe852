"""What can be wrong with a file."""

from market.errors import LivepairsError

_LONGEST_QUOTE = 60


class CsvError(LivepairsError):
    """A file that cannot be read as prices."""


class CellError(Exception):
    """A cell of a column, counted from 0, and what is wrong with it; the table adds the line."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(what)
        self.row = row
        self.what = what


def shown(cell: str) -> str:
    """A cell as a complaint quotes it."""
    text = cell.strip()
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…")
