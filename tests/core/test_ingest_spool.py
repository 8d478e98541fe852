"""The spool on disk: order, limits, torn and altered records."""

from pathlib import Path

import numpy as np
import pytest

from market.ingest.batch import Batch
from market.ingest.spool import Spool, SpoolFullError
from tests.core.ingest_rows import ticks


def batch(*ids: int) -> Batch:
    return Batch(rows=ticks(1, ids), voids=ticks(2, [7]), received_ms=5, watermark_ms=6, had_rejects=True)


def stored(spool: Spool) -> list[list[int]]:
    return [b.rows["trade_id"].tolist() for segment in spool.segments() for b in spool.read(segment)]


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", 1_000_000, segment_bytes=300)


def test_a_batch_comes_back_whole(spool: Spool) -> None:
    spool.append(batch(1, 2))
    (found,) = spool.read(spool.segments()[0])
    assert np.array_equal(found.rows, ticks(1, [1, 2]))
    assert np.array_equal(found.voids, ticks(2, [7]))
    assert (found.received_ms, found.watermark_ms, found.had_rejects) == (5, 6, True)


def test_batches_come_back_in_order_over_segments_and_restarts(spool: Spool) -> None:
    for number in range(12):
        spool.append(batch(number))
    again = Spool(spool.folder, 1_000_000, segment_bytes=300)
    again.append(batch(12))
    assert len(again.segments()) > 2
    assert stored(again) == [[number] for number in range(13)]


def test_a_full_spool_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 400)
    spool.append(batch(1))
    with pytest.raises(SpoolFullError, match="LIVEPAIRS_SPOOL_MEGABYTES"):
        spool.append(batch(*range(100)))
    assert stored(spool) == [[1]]


@pytest.mark.parametrize("lost", [1, 5, 40, 100])
def test_a_torn_record_ends_its_segment(spool: Spool, lost: int) -> None:
    spool.append(batch(1))
    whole = spool.segments()[0].read_bytes()
    spool.append(batch(2))
    segment = spool.segments()[0]
    segment.write_bytes(segment.read_bytes()[: max(len(whole), segment.stat().st_size - lost)])
    assert stored(spool) == [[1]]


def test_an_altered_record_is_not_believed(spool: Spool) -> None:
    spool.append(batch(1))
    segment = spool.segments()[0]
    data = bytearray(segment.read_bytes())
    data[-3] ^= 1
    segment.write_bytes(bytes(data))
    assert stored(spool) == []


def test_a_removed_segment_leaves_an_empty_spool(spool: Spool) -> None:
    spool.append(batch(1))
    assert spool
    spool.remove(spool.segments()[0])
    assert not spool
    spool.append(batch(2))
    assert stored(spool) == [[2]]
