"""Files as programs export them: encodings, packing, delimiters, decimal commas; and what is refused with its line."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.csvfile import CsvError, Prices, read_columns

TEXT = "date,BTC,ETH,SOL\n2025-01-01,10,1.5,7\n2025-01-02,11,2.5,8\n2025-01-03,12,3.5,9\n"
NAMES = ("ETH", "BTC")
VALUES = [[1.5, 10.0], [2.5, 11.0], [3.5, 12.0]]


def read(folder: Path, content: str | bytes, names: tuple[str, ...] = NAMES, time: str | None = None) -> Prices:
    path = folder / "prices.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_columns(path, names, time=time)


def complaint(folder: Path, content: str | bytes, names: tuple[str, ...] = NAMES) -> str:
    with pytest.raises(CsvError) as error:
        read(folder, content, names)
    return str(error.value).replace(str(folder) + "/", "")


@pytest.mark.parametrize(
    "pack",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: gzip.compress(text.encode(), mtime=0),
        lambda text: gzip.compress(text.replace("\n", "\r\n").encode("utf-16")),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace(",", "|").encode(),
        lambda text: ("\n\n" + text.replace("\n", "\n\n").rstrip()).encode(),
        lambda text: "\n".join(",".join(f' "{c}"' for c in line.split(",")) for line in text.split()).encode(),
        lambda text: text.replace("BTC", '"BTC"').replace("\n", ",\n").encode(),
        lambda text: (text + ",,,\n").encode(),
    ],
    ids=[
        *("utf-8 mark", "utf-16", "utf-16 big", "utf-16 little bare", "utf-16 big bare", "gzip", "gzip of windows"),
        *("old mac", "tabs of a spreadsheet", "bars", "blank lines", "all quoted", "comma at the end", "blank row"),
    ],
)
def test_one_table_in_many_clothes(tmp_path: Path, pack: Callable[[str], bytes]) -> None:
    found = read(tmp_path, pack(TEXT))
    assert found.values.tolist() == VALUES
    assert found.opened_ms is not None
    assert found.opened_ms.tolist() == [1_735_689_600_000 + day * 86_400_000 for day in range(3)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_decimal_comma_is_read_where_cells_prove_it(tmp_path: Path, delimiter: str) -> None:
    text = TEXT.replace(",", delimiter).replace(".", ",")
    assert read(tmp_path, text).values.tolist() == VALUES


def test_a_quoted_decimal_comma_is_read_between_commas(tmp_path: Path) -> None:
    text = 'BTC,ETH\n10,"1,5"\n11,"2,5"\n12,"1,234"\n'
    assert read(tmp_path, text).values[:, 0].tolist() == [1.5, 2.5, 1.234]


def test_baskets_have_as_many_columns_as_named(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT, ("SOL", "BTC", "ETH")).values.tolist() == [[7, 10, 1.5], [8, 11, 2.5], [9, 12, 3.5]]
    assert read(tmp_path, TEXT, ("SOL",)).values.shape == (3, 1)


def test_the_index_of_pandas_is_a_time_or_a_count(tmp_path: Path) -> None:
    dated = read(tmp_path, TEXT.replace("date", "", 1))
    assert dated.opened_ms is not None
    counted = read(tmp_path, ",BTC,ETH\n0,1,2\n1,2,3\n2,3,4\n")
    assert counted.opened_ms is None


@pytest.mark.parametrize("name", ["Date", "OPEN TIME", "timestamp"])
def test_the_time_column_is_found_in_any_case(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, TEXT.replace("date", name, 1)).opened_ms is not None


def test_dates_of_a_spreadsheet_are_read_when_a_row_shows_the_order(tmp_path: Path) -> None:
    text = "Date;BTC;ETH\n11/02/2025;1;2\n12/02/2025;1;2\n13/02/2025;1;2\n"
    found = read(tmp_path, text)
    assert found.opened_ms is not None
    assert found.opened_ms[0] == 1_739_232_000_000


TWO = "BTC;ETH\n1;1\n2;2\n3;"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TWO + "1,234.50\n", "line 4: column ETH: '1,234.50' has a thousands separator; write plain digits"),
        (TWO + "1.234,50\n", "line 4: column ETH: '1.234,50' has a thousands separator"),
        (TWO + "1.234.567\n", "line 4: column ETH: '1.234.567' has a thousands separator"),
        (TWO + "1 234\n", "line 4: column ETH: '1 234' has a thousands separator"),
        (TWO + "1\u202f234,5\n", "line 4: column ETH: '1\\u202f234,5' has a thousands separator"),
        (TWO + "1'234'567.5\n", "line 4: column ETH: \"1'234'567.5\" has a thousands separator"),
        (TWO + "1_234\n", "line 4: column ETH: '1_234' has a thousands separator"),
        (TWO + "12_34\n", "line 4: column ETH: '12_34' is no number"),
        (TWO + "60,123\n", "line 4: column ETH: '60,123' may be 60123 or 60.123; write it with a decimal point"),
        (TWO + "1,5\n4;2.5\n", "line 4: column ETH: '1,5' has a decimal comma where other cells have a point"),
        (TWO + "$5\n", "line 4: column ETH: '$5' is no number"),
        (TWO + "9" * 500 + "x\n", "line 4: column ETH: '" + "9" * 60 + "…' is no number"),
        (
            "1;2;3\n4;5;6\n",
            "line 1: the first line holds numbers, not names; put a line such as time,ETH,BTC above it.",
        ),
        ("2025-01-01,2,3\n", "line 1: the first line holds numbers, not names"),
        ("ETH,ETH,BTC\n1,2,3\n", "line 1: two columns are called 'ETH'; rename one."),
        ("\n\nETH,ETH,BTC\n1,2,3\n", "line 3: two columns are called 'ETH'; rename one."),
        ("BTC,ETH\n1,2\n3,4\n5,\x006\n", "line 4: a NUL byte; the file is damaged or no text, export it again."),
        ('BTC,ETH\n1,2\n3,"4\n5,6\n', "line 3: a quote that begins here is never closed."),
        ('BTC,ETH\n1,2\n3,"4"5\n', "line 3: the quotes do not fit (',' expected after '\"')."),
        ("BTC,ETH\n1,2\n3," + "4" * 200_000 + "\n", "line 3: a cell of more than 131,072 characters; is a quote not"),
        ('BTC,ETH\n"1\n",2\n1,2\n1,x\n', "line 5: column ETH: 'x' is no number"),
        ("date,BTC,ETH\n1/2/2025,1,2\n", "line 2: column date: '1/2/2025' may have the day or the month first"),
        ("date,BTC,ETH\n1 EST,1,2\n", "line 2: column date: '1 EST' is no time"),
        ("t,BTC,ETH\n1.1,1,2\n1.1001,1,2\n", "line 3: '1.1001' repeats the time before, to the millisecond"),
        (" \n\n", "the file is empty; its first line must name the columns."),
        (",,\n1,2,3\n", "the file is empty; its first line must name the columns."),
        (gzip.compress(TEXT.encode(), mtime=0)[:-12], "the gzip file is cut or damaged"),
        (b"\x1f\x8bnonsense", "the gzip file is cut or damaged"),
        ("BTC,ETH\n1,2\n".encode("utf-16")[:-1], "cannot be read as UTF-16 text"),
        ("BTC,ETH,Größe\n1,2,3\n".encode("latin-1"), "cannot be read as UTF-8 text"),
    ],
)
def test_what_is_refused_says_where_and_how_to_mend_it(tmp_path: Path, content: str | bytes, expected: str) -> None:
    text = complaint(tmp_path, content)
    assert text.startswith("prices.csv")
    assert expected in text


def test_a_wide_table_is_not_recited(tmp_path: Path) -> None:
    names = [f"C{number}" for number in range(500)]
    text = complaint(tmp_path, ",".join(names) + "\n")
    assert "C39 and 460 more" in text
    assert "C40" not in text


def test_columns_are_named_once(tmp_path: Path) -> None:
    assert "name each column once" in complaint(tmp_path, TEXT, ("BTC", "BTC"))
    assert "none was named" in complaint(tmp_path, TEXT, ())
    with pytest.raises(CsvError, match="cannot be the time and a price"):
        read(tmp_path, TEXT, time="BTC")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CsvError, match="cannot be read"):
        read_columns(tmp_path, NAMES)


@given(st.binary(max_size=300) | st.text(alphabet='BTCETHdate,;\t\n\r"01.5-/: ', max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_prices_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for start in (b"", b"date,BTC,ETH\n"):
        try:
            found = read(folder, start + content)
        except CsvError:
            continue
        assert np.isfinite(found.values).all()


@given(
    values=st.lists(st.tuples(*[st.floats(1e-9, 1e9)] * 2), min_size=3, max_size=20),
    delimiter=st.sampled_from([";", "\t"]),
)
@settings(max_examples=50, deadline=None)
def test_point_and_comma_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[float, float]], delimiter: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    rows = [delimiter.join(f"{value:.6f}".replace("0.000000", "0.000001") for value in row) for row in values]
    text = f"ETH{delimiter}BTC\n" + "\n".join(rows) + "\n"
    point, comma = read(folder, text), read(folder, text.replace(".", ","))
    assert point.values.tobytes() == comma.values.tobytes()
