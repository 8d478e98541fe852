"""The lines of a text file, whatever it is packed and encoded in."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from analytics.csvfile.errors import CsvError

_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[str]]:
    """Lines with their ends, of UTF-8 or UTF-16 with or without a byte order mark, plain or gzip."""
    try:
        with path.open("rb") as file, _unpacked(file) as raw:
            encoding = _encoding(raw)
            with io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
                yield _without_nul(stream, path.name)
    except FileNotFoundError:
        raise CsvError(f"{path}: there is no such file.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CsvError(f"{path}: the gzip file is cut or damaged ({error}).") from None
    except UnicodeError as error:
        label = "UTF-16" if encoding.startswith("utf-16") else "UTF-8"
        raise CsvError(f"{path}: cannot be read as {label} text ({error}); save it as UTF-8.") from None
    except OSError as error:
        raise CsvError(f"{path}: cannot be read ({error}).") from None


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    is_packed = file.read(2) == _GZIP
    file.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_packed else file


def _encoding(raw: IO[bytes]) -> str:
    """UTF-16 by its mark, or by the NUL that every other byte of its first two characters is."""
    start = raw.read(4)
    raw.seek(0)
    if start[:2] in _UTF_16:
        return "utf-16"
    is_nul = [byte == 0 for byte in start]
    if is_nul == [False, True] * 2:
        return "utf-16-le"
    return "utf-16-be" if is_nul == [True, False] * 2 else "utf-8-sig"


def _without_nul(stream: IO[str], name: str) -> Iterator[str]:
    for number, line in enumerate(stream, 1):
        if "\0" in line:
            raise CsvError(f"{name}, line {number}: a NUL byte; the file is damaged or no text, export it again.")
        yield line
