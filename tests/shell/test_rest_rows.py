"""Rows by the API: pages, times, fields, CSV, Arrow, ETag."""

import io
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from analytics.rest import rows
from market.models import Bar, Instrument, Tick
from market.packed import Walk
from market.partitions import ensure_ahead
from tests.shell.rest_support import (
    START_MS,
    STARTED_AT,
    Script,
    make_pair,
    make_script,
    store_bars,
    store_snapshots,
    text_of,
)

pytestmark = pytest.mark.django_db
BARS = "instruments/simulated:AAAUSDT/bars"


@pytest.fixture
def script() -> Script:
    return make_script()


@pytest.fixture
def instrument() -> Instrument:
    return Instrument.objects.create(venue="simulated", symbol="AAAUSDT", tick_size="0.100")


def pages(script: Script, address: str) -> list[list[dict[str, Any]]]:
    found, cursor = [], ""
    while True:
        page = script.read(f"{address}&cursor={cursor}")
        found.append(page["items"])
        if page["next"] is None:
            return found
        cursor = page["next"]


def test_pages_hold_every_row_once(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 7)
    found = pages(script, f"{BARS}?limit=3")
    assert [len(page) for page in found] == [3, 3, 1]
    opens = [row["open"] for page in found for row in page]
    assert opens == [100.0 + at for at in range(7)]


def test_a_page_that_is_just_full_has_no_next(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 3)
    assert [len(page) for page in pages(script, f"{BARS}?limit=3")] == [3]


def test_a_cursor_is_stable_while_rows_come_and_go(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 6)
    first = script.read(f"{BARS}?limit=3")
    Bar.objects.filter(open=101).delete()
    second = script.read(f"{BARS}?limit=3&cursor={first['next']}")
    assert [row["open"] for row in second["items"]] == [103.0, 104.0, 105.0]


def test_times_are_taken_and_given_in_both_forms(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 5)
    iso = script.read(f"{BARS}?from=2026-03-01T12:01:00Z&to=2026-03-01T13:02:00%2B01:00&fields=opened_at")
    assert iso["items"] == [{"opened_at": "2026-03-01T12:01:00.000Z"}, {"opened_at": "2026-03-01T12:02:00.000Z"}]
    ms = script.read(f"{BARS}?from={START_MS + 60_000}&to={START_MS + 120_000}&fields=opened_at&times=ms")
    assert ms["items"] == [{"opened_at": START_MS + 60_000}, {"opened_at": START_MS + 120_000}]


@pytest.mark.parametrize(
    ("query", "where", "word"),
    [
        ("from=yesterday", "query.from", "ISO 8601"),
        ("to=-1", "query.to", "ISO 8601"),
        ("to=99999999999999999999", "query.to", "ISO 8601"),
        ("fields=open,beta", "query.fields", "opened_at, open, high"),
        ("limit=0", "query.limit", "greater than or equal to 1"),
        ("limit=10001", "query.limit", "less than or equal to 10000"),
        ("format=xml", "query.format", "'json', 'csv' or 'arrow'"),
        ("tf=2m", "query.tf", "1s, 5s"),
        ("cursor=abc", "query.cursor", "first page"),
        ("cursor=%F0%9F%98%80", "query.cursor", "first page"),
        ("format=csv&cursor=abc", "query.cursor", "format=json"),
    ],
)
def test_what_cannot_be_answered_says_where_and_how_to_mend(
    query: str, where: str, word: str, script: Script, instrument: Instrument
) -> None:
    answer = script.ask(f"{BARS}?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["where"] == where
    assert word in body["what"] + body["mend"]


def test_a_cursor_of_another_list_is_refused(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 2)
    cursor = script.read(f"{BARS}?limit=1")["next"]
    assert script.ask(f"{BARS}?tf=5m&cursor={cursor}").status_code == 422
    assert script.ask(f"pairs?cursor={cursor}").status_code == 422


def test_csv_is_what_pandas_reads(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 4)
    answer = script.ask(f"{BARS}?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    table = pd.read_csv(io.BytesIO(text_of(answer)), parse_dates=["opened_at"])
    assert list(table.columns)[:3] == ["opened_at", "open", "high"]
    assert table["opened_at"].iloc[1] == pd.Timestamp("2026-03-01T12:01:00Z")
    assert table["close"].tolist() == [100.1, 101.1, 102.1, 103.1]
    assert table["trades"].tolist() == [7] * 4


def test_arrow_holds_the_same(script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 4)
    stream = pa.ipc.open_stream(text_of(script.ask(f"{BARS}?format=arrow&fields=opened_at,close,trades")))
    table = stream.read_all()
    assert table.column_names == ["opened_at", "close", "trades"]
    assert table["opened_at"][1].as_py() == STARTED_AT.replace(minute=1)
    assert table["close"].to_pylist() == [100.1, 101.1, 102.1, 103.1]


def test_an_empty_range_is_a_table_without_rows(script: Script, instrument: Instrument) -> None:
    assert text_of(script.ask(f"{BARS}?format=csv&fields=open,close")) == b"open,close\n"
    assert pa.ipc.open_stream(text_of(script.ask(f"{BARS}?format=arrow"))).read_all().num_rows == 0


def test_files_go_over_many_blocks(script: Script, instrument: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    store_bars(instrument, 10)
    monkeypatch.setattr(Walk.blocks, "__kwdefaults__", {"most": 3})
    answer = script.ask(f"{BARS}?format=csv&fields=open")
    assert len(list(answer.streaming_content)) == 5
    assert pa.ipc.open_stream(text_of(script.ask(f"{BARS}?format=arrow&fields=open"))).read_all().num_rows == 10


def test_a_file_that_would_be_too_long_is_refused(
    script: Script, instrument: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_bars(instrument, 6)
    monkeypatch.setattr(rows, "MOST_FILE_ROWS", 5)
    answer = script.ask(f"{BARS}?format=csv")
    assert (answer.status_code, answer.json()["where"]) == (422, "query.from, query.to")
    monkeypatch.setattr(rows, "MOST_FILE_ROWS", 6)
    assert script.ask(f"{BARS}?format=csv").status_code == 200


def test_unknown_is_unknown_in_every_format(script: Script) -> None:
    pair = make_pair(script.user)
    store_snapshots(pair, 4)
    address = f"pairs/{pair.pk}/snapshots?fields=zscore,hedge_n"
    expected = [(None, None), (0.125, 60), (0.25, 60), (None, 60)]
    assert [tuple(row.values()) for row in script.read(address)["items"]] == expected
    assert text_of(script.ask(f"{address}&format=csv")) == b"zscore,hedge_n\n,\n0.125,60\n0.25,60\n,60\n"
    table = pa.ipc.open_stream(text_of(script.ask(f"{address}&format=arrow"))).read_all()
    assert [tuple(row.values()) for row in table.to_pylist()] == expected


def test_series_come_as_files_under_the_names_of_the_wire(script: Script) -> None:
    pair = make_pair(script.user)
    store_snapshots(pair, 2)
    store_bars(pair.spec.y, 1)
    text = text_of(
        script.ask(f"series/{pair.spec.topic}?from={START_MS}&to={START_MS + 9_000}&format=csv&fields=t,y,z")
    )
    assert text == b"t,y,z\n2026-03-01T12:00:00.000Z,100,\n2026-03-01T12:00:01.000Z,101,0.125\n"
    bars = f"series/bars.simulated:AAAUSDT@1m?from={START_MS}&to={START_MS + 9_000}&format=csv&times=ms&fields=t,o,n,f"
    assert text_of(script.ask(bars)) == f"t,o,n,f\n{START_MS},100,7,1\n".encode()


def test_trades_are_given_in_order_of_their_ids(script: Script, instrument: Instrument) -> None:
    ensure_ahead(datetime.now(UTC))
    now = datetime.now(UTC).replace(microsecond=5_000)
    Tick.objects.bulk_create(
        Tick(instrument=instrument, trade_id=at, traded_at=now, price=1.5, size=2.0, is_buyer_maker=at == 1)
        for at in range(3)
    )
    found = pages(script, "instruments/simulated:AAAUSDT/ticks?limit=2&fields=trade_id,is_buyer_maker")
    assert [tuple(row.values()) for page in found for row in page] == [(0, False), (1, True), (2, False)]
    text = text_of(script.ask("instruments/simulated:AAAUSDT/ticks?format=csv&fields=trade_id,price,is_buyer_maker"))
    assert text == b"trade_id,price,is_buyer_maker\n0,1.5,false\n1,1.5,true\n2,1.5,false\n"


# --- ETag -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["json", "csv", "arrow"])
def test_what_did_not_change_is_not_sent_again(kind: str, script: Script, instrument: Instrument) -> None:
    store_bars(instrument, 3)
    first = script.ask(f"{BARS}?format={kind}")
    again = script.ask(f"{BARS}?format={kind}", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Bar.objects.filter(open=101).update(close=101.2, batch=2)
    changed = script.ask(f"{BARS}?format={kind}", **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_an_answer_belongs_to_who_asked(script: Script, instrument: Instrument) -> None:
    answer = script.ask(BARS)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {word.strip() for word in answer["Vary"].split(",")}
