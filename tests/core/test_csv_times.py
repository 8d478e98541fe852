"""Times as people write them, against datetime; what may be read in two ways is refused."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.csvfile import epoch_ms
from analytics.csvfile.errors import CellError
from analytics.csvfile.times import times_ms

MOMENT = datetime(2024, 1, 2, 15, 4, 5, tzinfo=UTC)
MS = MOMENT.timestamp() * 1000.0
MIDNIGHT = datetime(2024, 1, 2, tzinfo=UTC).timestamp() * 1000.0


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02T15:04:05Z",
        "2024-01-02 15:04:05",
        "2024-1-2 15:04:05",
        "2024/01/02 15:04:05",
        "2024.01.02 15:04:05",
        "2024-01-02_15:04:05",
        "2024-01-02, 15:04:05",
        "2024-01-02t15:04:05z",
        "2024-01-02T15:04:05.000",
        "2024-01-02T15:04:05.000000000Z",
        "2024-01-02T15:04:05,000Z",
        "2024-01-02 15:04:05+00:00",
        "2024-01-02 20:34:05+05:30",
        "2024-01-02 20:34:05 +0530",
        "2024-01-02T10:04:05-05",
        "2024-01-03 00:49:05+09:45",
        "2024-01-02 15:04:05 UTC",
        "2024-01-02 15:04:05 GMT",
        "2024-01-02 03:04:05 PM",
        "2024-01-02 3:04:05pm",
        "2024-01-02 3:04:05 p.m.",
        "20240102 150405",
        "20240102T150405Z",
        "20240102150405",
        "20240102 15:04:05",
        "02.01.2024 15:04:05",
        "2.1.2024 15:04:05",
        "2 Jan 2024 15:04:05",
        "02-Jan-2024 15:04:05",
        "2 January 2024, 15:04:05",
        "Tue, 2 Jan 2024 15:04:05 GMT",
        "Jan 2, 2024 15:04:05",
        "Jan. 2nd, 2024, 3:04:05 PM",
        "JANUARY 2 2024 15:04:05",
        "1704207845",
        "1704207845.0",
        "1704207845000",
        "1704207845000.000",
        "1704207845000000",
        "1704207845000000000",
        "1.704207845e+09",
    ],
)
def test_one_moment_in_every_common_form(text: str) -> None:
    assert epoch_ms(text) == MS


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2024-01-02", 0),
        ("20240102", 0),
        ("2 Jan 2024", 0),
        ("Jan 2, 2024", 0),
        ("02.01.2024", 0),
        ("2024-01-02 UTC", 0),
        ("2024-01-02 03:04", 11_040_000),
        ("2024-01-02T03", 10_800_000),
        ("202401020304", 11_040_000),
        ("2024-01-02 12:00 AM", 0),
        ("2024-01-02 12:30 PM", 45_000_000),
        ("Jan 2, 2024 3 PM", 54_000_000),
        ("2024-01-02T00:00:00.123Z", 123),
        ("2024-01-02T00:00:00.1234567Z", 123.4567),
        ("1704153600.25", 250),
    ],
)
def test_parts_of_a_day(text: str, ms: float) -> None:
    assert epoch_ms(text) == pytest.approx(MIDNIGHT + ms, abs=1e-3)


@pytest.mark.parametrize("order", [("01/02/2024", "13/02/2024"), ("01-02-2024 00:00", "13-02-2024 00:00")])
def test_a_day_above_12_shows_that_the_day_comes_first(order: tuple[str, str]) -> None:
    first = datetime(2024, 2, 1, tzinfo=UTC).timestamp() * 1000.0
    assert times_ms(order).tolist() == [first, first + 12 * 86_400_000]


def test_a_day_above_12_shows_that_the_month_comes_first() -> None:
    days = [datetime(2024, *date, tzinfo=UTC).timestamp() * 1000.0 for date in ((1, 2), (2, 13), (12, 1))]
    assert times_ms(["01/02/2024", "2/13/2024", "12/1/2024"]).tolist() == days


@pytest.mark.parametrize(
    ("cells", "row", "complaint"),
    [
        (["2024-01-02", "01/02/2024"], 1, "'01/02/2024' may have the day or the month first, and no row shows which"),
        (["13/01/2024", "01/14/2024"], 1, "'01/14/2024' has day and month the other way round than '13/01/2024'"),
        (["01/02/24"], 0, "'01/02/24' has a year of two digits; write all four"),
        (["2024-01-02 03:04 EST"], 0, "the time zone 'EST' of '2024-01-02 03:04 EST' is not known"),
        (["2024-01-02 03:04 Europe/Berlin"], 0, "the time zone 'Europe/Berlin'"),
        (["2024-01-02", "2024-02-30"], 1, "'2024-02-30' is no time; use ISO 8601 or an epoch"),
        (["2024-01-02", ""], 1, "'' is no time"),
    ],
)
def test_a_column_says_which_cell_is_wrong(cells: list[str], row: int, complaint: str) -> None:
    with pytest.raises(CellError) as error:
        times_ms(cells)
    assert error.value.row == row
    assert error.value.what.startswith(complaint)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-13-01", "2024-00-01", "2024-01-00", "2023-02-29", "20241301", "12345678", "31.04.2024", "2 Jam 2024"),
        *("2024-01-02 24:00", "2024-01-02 12:60", "2024-01-02 12:00:60", "2024-01-02 13:00 PM", "2024-01-02 0:00 AM"),
        *(
            "2024-01-02 12:00+24:00",
            "2024-01/02",
            "nan",
            "inf",
            "1_700_000_000",
            "٢٠٢٤-٠١-٠٢",
            "1e400",
            "1e300",
        ),
    ],
)
def test_what_is_no_time_or_two(text: str) -> None:
    assert epoch_ms(text) is None


def test_a_column_of_epochs_has_one_unit() -> None:
    assert times_ms(["0", "500", "100000000000"]).tolist() == [0.0, 500.0, 100_000_000_000.0]


FORMS = ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d %b %Y %I:%M:%S %p", "%B %d, %Y %H:%M:%S", "%Y%m%d %H%M%S")


@given(
    moments=st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), min_size=1, max_size=20),
    forms=st.lists(st.sampled_from(FORMS), min_size=20, max_size=20),
    offset=st.integers(-14 * 60, 14 * 60),
)
@settings(max_examples=60, deadline=None)
def test_equals_datetime(moments: list[datetime], forms: list[str], offset: int) -> None:
    zone = timezone(timedelta(minutes=offset))
    aware = [moment.replace(microsecond=0, tzinfo=zone) for moment in moments]
    cells = [moment.strftime(form + " %z") for moment, form in zip(aware, forms, strict=False)]
    expected = [moment.timestamp() * 1000.0 for moment in aware]
    np.testing.assert_array_equal(times_ms(cells), expected)


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_time_or_none(text: str) -> None:
    ms = epoch_ms(text)
    assert ms is None or np.isfinite(ms)
