from pathlib import Path

import pytest

from analytics.csvfile import CsvError, PricePair, epoch_ms, read_pair

NOON = 1_735_732_800_000  # 2025-01-01 12:00 UTC


def read(tmp_path: Path, text: str, **options: object) -> PricePair:
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return read_pair(path, "ETH", "BTC", **options)  # type: ignore[arg-type]


GOOD = "date,BTC,ETH\n2025-01-01,10,1\n2025-01-02,11,2\n2025-01-03,12,3\n"


@pytest.mark.parametrize(
    "text",
    [GOOD, GOOD.replace(",", ";"), GOOD.replace(",", "\t"), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD + "\n\n"],
    ids=["comma", "semicolon", "tab", "byte order mark", "windows", "blank lines"],
)
def test_columns_are_found_by_name(tmp_path: Path, text: str) -> None:
    pair = read(tmp_path, text)
    assert (pair.y.tolist(), pair.x.tolist()) == ([1.0, 2.0, 3.0], [10.0, 11.0, 12.0])
    assert pair.opened_ms is not None
    assert pair.opened_ms[0] == 1_735_689_600_000


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-01T12:00:00Z",
        "2025-01-01 12:00:00",
        "2025-01-01 12:00:00+00:00",
        "2025-01-01 17:30:00+05:30",
        "2025-01-01 12:00:00 UTC",
        "2025-01-01T12:00",
        "2025/01/01 12:00:00",
        "20250101T120000Z",
        "1735732800",
        "1735732800.0",
        "1735732800000",
        "1735732800000000",
        "1735732800000000000",
    ],
)
def test_times_of_every_common_form(text: str) -> None:
    assert epoch_ms(text) == NOON


def test_eight_digits_are_a_date() -> None:
    assert epoch_ms("20250101") == NOON - 12 * 3_600_000


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "12345678"])
def test_what_is_no_time(text: str) -> None:
    assert epoch_ms(text) is None


def test_a_time_column_may_be_missing_or_named(tmp_path: Path) -> None:
    assert read(tmp_path, "BTC,ETH\n1,2\n2,3\n3,4\n").opened_ms is None
    named = read(tmp_path, "when,BTC,ETH\n1735732800,2,3\n1735732801,3,4\n1735732802,4,5\n", time="when")
    assert named.opened_ms is not None
    assert named.opened_ms.tolist() == [NOON, NOON + 1000, NOON + 2000]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "there is no column 'ETH'; the columns are a, b."),
        ("ETH,ETH,BTC\n1,2,3\n", "two columns are called 'ETH'"),
        (GOOD.replace("11,", "x11,"), "line 3: column BTC: 'x11' is no number"),
        (GOOD.replace(",2\n", ",\n"), "line 3: column ETH: the cell is empty"),
        (GOOD.replace(",2\n", ",nan\n"), "line 3: column ETH: 'nan' is no price"),
        (GOOD.replace(",2\n", ",inf\n"), "line 3: column ETH: 'inf' is no price"),
        (GOOD.replace(",2\n", ",0\n"), "line 3: column ETH: 0 has no logarithm; use --prices raw"),
        (GOOD.replace(",2\n", ",-1.5\n"), "line 3: column ETH: -1.5 has no logarithm"),
        (GOOD.replace(",2\n", "\n"), "line 3: 2 cells, but the header has 3"),
        (GOOD.replace("2025-01-03", "2025-01-02"), "line 4: '2025-01-02' repeats the time before"),
        (GOOD.replace("2025-01-03", "2024-01-03"), "line 4: '2024-01-03' is earlier than the line before"),
        (GOOD.replace("2025-01-03", "soon"), "line 4: column date: 'soon' is no time"),
        (GOOD.rpartition("2025")[0], "2 rows are too few"),
    ],
)
def test_complaints_name_the_place_and_the_cure(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CsvError) as error:
        read(tmp_path, text)
    assert complaint in str(error.value)
    assert str(error.value).startswith("prices.csv")


def test_raw_prices_need_no_logarithm(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace(",2\n", ",-1.5\n"), is_log=False).y.tolist() == [1.0, -1.5, 3.0]


def test_one_column_is_no_pair(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(GOOD)
    with pytest.raises(CsvError, match="--y and --x are both 'BTC'"):
        read_pair(path, "BTC", "BTC")


def test_a_missing_file_and_a_binary_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(CsvError, match="there is no such file"):
        read_pair(tmp_path / "none.csv", "a", "b")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(CsvError, match="cannot be read as UTF-8 text"):
        read_pair(tmp_path / "image.png", "a", "b")
