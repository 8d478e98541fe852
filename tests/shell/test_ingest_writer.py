"""Batches into Postgres and the spool: exact values, idempotent, in order, nothing lost while the server is away."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.db import connection

from market.ingest.batch import Batch, Fill
from market.ingest.recorder import Receipt, Recorder
from market.ingest.spool import Spool
from market.ingest.writer import DatabaseAwayError, Writer
from market.models import Gap, IngestBatch, Instrument, QuarantineCount, QuarantinedFrame
from market.partitions import DAY_MS
from market.venues.base import Rejected, Rows
from tests.core.ingest_rows import ticks

pytestmark = pytest.mark.django_db(transaction=True)

MIDNIGHT = 1_700_006_400_000


@pytest.fixture(autouse=True)
def no_ticks() -> None:
    """The tick table is not Django's, so nothing else empties it between tests."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE market_tick")


@pytest.fixture
def instrument() -> int:
    return int(Instrument.objects.create(venue="test", symbol="AAAUSDT").pk)


@pytest.fixture
def recorder() -> Recorder:
    made = Recorder("test")
    made.prepare([])
    return made


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def writer(recorder: Recorder, tmp_path: Path, clock: Clock) -> Writer:
    return Writer(recorder, Spool(tmp_path / "spool", 10_000_000), clock=clock)


@pytest.fixture
def postgres_can_go(settings: object) -> Iterator[dict[str, object]]:
    """The address of the server; changing it is an outage for each new session."""
    address = connection.settings_dict
    before = dict(address)
    yield address
    address.update(before)
    connection.close()


def stored_ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT trade_id FROM market_tick ORDER BY instrument_id, trade_id")
        return [row[0] for row in cursor.fetchall()]


def stored_rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, instrument_id, "
            "is_buyer_maker FROM market_tick ORDER BY trade_id"
        )
        return [tuple(row) for row in cursor.fetchall()]


def odd_rows(instrument: int) -> Rows:
    rows = ticks(instrument, [1, 2, 3])
    rows["price"] = [0.00000123456789, 123456789012345.0, 85299.9]
    rows["size"] = [1e-8, 0.1, 999999.999]
    rows["is_buyer_maker"] = [True, False, True]
    return rows


@pytest.mark.parametrize("path", ["direct", "staging"])
def test_values_survive_the_binary_copy_exactly(recorder: Recorder, instrument: int, path: str) -> None:
    if path == "staging":
        recorder.record(Batch(rows=ticks(instrument, [100])))
    rows = odd_rows(instrument)
    receipt = recorder.record(Batch(rows=rows))
    assert receipt.path == path
    assert stored_rows()[:3] == rows.tolist()


def test_the_same_batch_twice_changes_nothing(recorder: Recorder, instrument: int) -> None:
    batch = Batch(rows=ticks(instrument, range(1, 50)))
    recorder.record(batch)
    receipt = recorder.record(batch)
    assert (receipt.path, receipt.inserted) == ("staging", 0)
    assert stored_ids() == list(range(1, 50))
    assert IngestBatch.objects.count() == 1


def test_an_id_wrongly_thought_new_goes_through_staging(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [5])))
    recorder.detector.marks.clear()
    receipt = recorder.record(Batch(rows=ticks(instrument, [5, 6])))
    assert (receipt.path, receipt.inserted) == ("staging", 1)
    assert stored_ids() == [5, 6]


def test_a_batch_across_midnight_is_split_by_day(recorder: Recorder, instrument: int) -> None:
    receipt = recorder.record(Batch(rows=ticks(instrument, range(-50, 50), start_ms=MIDNIGHT)))
    assert receipt.path == "direct"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM market_tick GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("market_tick_20231114", 50), ("market_tick_20231115", 50)]


def test_gaps_are_written_with_the_ticks_that_revealed_them(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1, 2])))
    recorder.detector.expect([instrument], "cut")
    recorder.record(Batch(rows=ticks(instrument, [6, 9])))
    gaps = Gap.objects.order_by("first_id").values_list("first_id", "last_id", "cause", "state")
    assert list(gaps) == [(3, 5, "cut", "open"), (7, 8, "jump", "open")]


def test_ids_without_price_open_no_gap_and_are_quarantined(recorder: Recorder, instrument: int) -> None:
    refused = Rejected("zero price", "id 2", "{}")
    recorder.record(Batch(rows=ticks(instrument, [1, 3]), voids=ticks(instrument, [2]), rejected=(refused,)))
    assert stored_ids() == [1, 3]
    assert Gap.objects.count() == 0
    assert QuarantineCount.objects.get(reason="zero price").frames == 1


def test_the_newest_few_refused_frames_are_kept_and_all_are_counted(recorder: Recorder) -> None:
    for number in range(3):
        refused = tuple(Rejected("json", "", f"frame {number}-{n} \0 \ud800") for n in range(15))
        recorder.record(Batch(rows=ticks(1, []), rejected=refused))
    assert QuarantineCount.objects.get(reason="json").frames == 45
    kept = list(QuarantinedFrame.objects.order_by("id").values_list("text", flat=True))
    assert len(kept) == 20
    assert kept[-1].startswith("frame 2-14")


def test_a_row_the_database_refuses_is_put_aside_alone(recorder: Recorder, instrument: int) -> None:
    rows = ticks(instrument, range(1, 10))
    rows["price"][4] = np.nan
    receipts = recorder.record_bisecting(Batch(rows=rows))
    assert sum(receipt.inserted for receipt in receipts) == 8
    assert stored_ids() == [1, 2, 3, 4, 6, 7, 8, 9]
    assert QuarantineCount.objects.get(reason="database").frames == 1


def test_late_and_new_ticks_are_ranges_of_their_own(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [10])))
    recorder.record(Batch(rows=ticks(instrument, [4, 11, 12])))
    newest = IngestBatch.objects.order_by("-id")[0]
    start = 1_700_000_000_000
    assert newest.ranges == [
        [instrument, 4, 4, start + 40, start + 40, 1],
        [instrument, 11, 12, start + 110, start + 120, 2],
    ]


class Dying(Recorder):
    """Ends, as by kill -9, after a number of commits."""

    commits_left = 0

    def record(self, batch: Batch) -> Receipt:
        if not self.commits_left:
            raise KeyboardInterrupt
        receipt = super().record(batch)
        self.commits_left -= 1
        return receipt


@pytest.mark.parametrize("commits", range(6))
def test_a_gap_is_not_called_filled_before_the_last_row_of_its_page(instrument: int, commits: int) -> None:
    recorder = Dying("test")
    recorder.prepare([])
    recorder.commits_left = 1
    recorder.record(Batch(rows=ticks(instrument, [1, 9])))
    recorder.commits_left = commits
    page = ticks(instrument, [2, 3, 4, 5, 6, 7, 8])
    page["price"][1] = np.inf
    gap = Gap.objects.get()
    with contextlib.suppress(KeyboardInterrupt):
        recorder.record_bisecting(Batch(rows=page, fill=Fill(gap.id, None, 1, 9, filled=7)))
    gap.refresh_from_db()
    assert gap.state != Gap.State.FILLED or stored_ids() == [1, 2, 4, 5, 6, 7, 8, 9]


def test_the_watermark_never_falls_and_pages_do_not_move_it(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1, 5]), watermark_ms=500))
    recorder.record(Batch(rows=ticks(instrument, [6]), watermark_ms=400))
    gap = Gap.objects.get()
    fill = Fill(gap.pk, None, gap.first_ms, gap.last_ms, filled=3)
    recorder.record(Batch(rows=ticks(instrument, [2, 3, 4]), watermark_ms=900, fill=fill))
    assert list(IngestBatch.objects.order_by("id").values_list("watermark_ms", flat=True)) == [500, 500, 500]


def test_a_filled_gap_shows_the_whole_hole_again(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1, 10])))
    gap = Gap.objects.get()
    first = Fill(gap.pk, (6, 9), 1_700_000_000_050, gap.last_ms, filled=4)
    recorder.record(Batch(rows=ticks(instrument, range(2, 6)), fill=first))
    shrunk = Gap.objects.get()
    assert (shrunk.first_id, shrunk.last_id, shrunk.state) == (6, 9, "filling")
    last = Fill(gap.pk, None, shrunk.first_ms, shrunk.last_ms, filled=4)
    recorder.record(Batch(rows=ticks(instrument, range(6, 10)), fill=last))
    closed = Gap.objects.get()
    assert (closed.first_id, closed.last_id, closed.state, closed.filled_rows) == (2, 9, "filled", 8)
    assert (closed.first_ms, closed.last_ms) == (gap.first_ms, gap.last_ms)
    assert stored_ids() == list(range(1, 11))


def test_ids_beyond_rest_become_a_gap_that_waits(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1, 10])))
    gap = Gap.objects.get()
    fill = Fill(gap.pk, (8, 9), 1_700_000_000_070, gap.last_ms, filled=2, unreachable=(2, 5))
    recorder.record(Batch(rows=ticks(instrument, [6, 7]), fill=fill))
    states = Gap.objects.order_by("first_id").values_list("first_id", "last_id", "state")
    assert list(states) == [(2, 5, "waiting_for_dump"), (8, 9, "filling")]


def test_marks_come_from_the_database_at_the_start(recorder: Recorder, instrument: int) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1, 2, 3])))
    again = Recorder("test")
    again.prepare([instrument])
    again.record(Batch(rows=ticks(instrument, [5])))
    assert list(Gap.objects.values_list("first_id", "last_id")) == [(4, 4)]


def test_ticks_wait_in_the_spool_while_postgres_is_away(
    writer: Writer, clock: Clock, instrument: int, postgres_can_go: dict[str, object]
) -> None:
    writer.start([])
    writer.write(Batch(rows=ticks(instrument, [1, 2]), watermark_ms=20))
    host = postgres_can_go["HOST"]
    postgres_can_go["HOST"] = "/nowhere"
    connection.close()
    for ids in ([3, 4], [5], [9]):
        clock.now += 5
        assert writer.write(Batch(rows=ticks(instrument, ids), watermark_ms=ids[-1] * 10)) == []
    assert writer.spool.size() > 0
    postgres_can_go["HOST"] = host
    clock.now += 5
    writer.write(Batch(rows=ticks(instrument, [10]), watermark_ms=100))
    assert writer.spool.size() == 0
    assert stored_ids() == [1, 2, 3, 4, 5, 9, 10]
    assert list(Gap.objects.values_list("first_id", "last_id")) == [(6, 8)]
    assert list(IngestBatch.objects.order_by("id").values_list("watermark_ms", flat=True)) == [20, 40, 50, 90, 100]


def test_a_spool_of_an_earlier_life_is_stored_before_new_ticks(
    writer: Writer, recorder: Recorder, instrument: int
) -> None:
    recorder.record(Batch(rows=ticks(instrument, [1])))
    writer.spool.append(Batch(rows=ticks(instrument, [1, 2]), watermark_ms=20))
    writer.spool.append(Batch(rows=ticks(instrument, [3]), watermark_ms=30))
    writer.start([instrument])
    assert stored_ids() == [1, 2, 3]
    assert not writer.spool


def test_a_page_is_not_spooled_but_asked_again(
    writer: Writer, instrument: int, postgres_can_go: dict[str, object]
) -> None:
    writer.start([])
    postgres_can_go["HOST"] = "/nowhere"
    connection.close()
    with pytest.raises(DatabaseAwayError):
        writer.write(Batch(rows=ticks(instrument, [3]), fill=Fill(1, None, 0, 0, filled=1)))
    assert not writer.spool


def test_a_full_spool_stops_reading_and_rest_gets_the_rest(
    recorder: Recorder, tmp_path: Path, clock: Clock, instrument: int, postgres_can_go: dict[str, object]
) -> None:
    writer = Writer(recorder, Spool(tmp_path, 400), clock=clock)
    writer.start([])
    writer.write(Batch(rows=ticks(instrument, [1])))
    host = postgres_can_go["HOST"]
    postgres_can_go["HOST"] = "/nowhere"
    connection.close()
    writer.write(Batch(rows=ticks(instrument, [2])))
    writer.write(Batch(rows=ticks(instrument, range(3, 50))))
    hold = [writer.is_full]
    postgres_can_go["HOST"] = host
    clock.now += 5
    writer.write(Batch(rows=ticks(instrument, [50])))
    hold.append(writer.is_full)
    assert hold == [True, False]
    assert stored_ids() == [1, 2, 50]
    assert list(Gap.objects.values_list("first_id", "last_id")) == [(3, 49)]


def test_a_day_dropped_meanwhile_is_made_again(recorder: Recorder, instrument: int) -> None:
    rows = ticks(instrument, [1])
    recorder.record(Batch(rows=rows))
    day = int(rows["traded_ms"][0]) // DAY_MS
    assert day in recorder._days
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE market_tick_20231114")
    recorder.forget_connection()
    recorder.record(Batch(rows=ticks(instrument, [2])))
    assert stored_ids() == [2]
