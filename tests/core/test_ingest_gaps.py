"""Gap detection by consecutive ids (exchange-protocol 4.2)."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from market.ingest.gaps import GapDetector, Mark
from tests.core.ingest_rows import ticks


def detector(**marks: int) -> GapDetector:
    found = GapDetector()
    found.marks = {int(name[1:]): Mark(trade_id, 1_700_000_000_000) for name, trade_id in marks.items()}
    return found


def spans(found: GapDetector, *ids: int) -> list[tuple[int, int]]:
    return [(hole.first_id, hole.last_id) for hole in found.observe(ticks(1, ids)).holes]


def test_first_tick_of_an_unknown_symbol_opens_no_gap() -> None:
    assert spans(detector(), 500) == []


def test_consecutive_ids_open_no_gap() -> None:
    assert spans(detector(i1=9), 10, 11, 12) == []


def test_a_jump_against_the_mark_is_a_gap() -> None:
    assert spans(detector(i1=9), 13) == [(10, 12)]


def test_each_jump_inside_a_batch_is_a_gap() -> None:
    assert spans(detector(i1=9), 10, 12, 13, 20) == [(11, 11), (14, 19)]


def test_reordering_within_a_batch_opens_no_gap() -> None:
    assert spans(detector(i1=9), 12, 10, 11) == []


def test_repeated_and_late_ids_are_not_new() -> None:
    observation = detector(i1=10).observe(ticks(1, [9, 10, 11, 11]))
    assert observation.is_new.tolist() == [False, False, True]
    assert len(observation.order) == 3
    assert not observation.all_new


def test_the_mark_never_moves_back() -> None:
    found = detector(i1=10)
    found.commit(found.observe(ticks(1, [7])))
    assert found.marks[1].trade_id == 10


def test_nothing_changes_without_commit() -> None:
    found = detector(i1=10)
    found.observe(ticks(1, [15]))
    assert spans(found, 15) == [(11, 14)]


def test_symbols_do_not_mix() -> None:
    found = detector(i1=1, i2=100)
    rows = np.concatenate((ticks(2, [101]), ticks(1, [2, 4]), ticks(2, [103])))
    holes = {(h.instrument, h.first_id, h.last_id) for h in found.observe(rows).holes}
    assert holes == {(1, 3, 3), (2, 102, 102)}


def test_the_gap_knows_the_times_around_it() -> None:
    found = detector(i1=10)
    hole = found.observe(ticks(1, [13])).holes[0]
    assert (hole.first_ms, hole.last_ms) == (1_700_000_000_000, 1_700_000_000_130)


def test_the_cause_told_holds_for_the_next_jump_only() -> None:
    found = detector(i1=10)
    found.expect([1], "cut")
    first = found.observe(ticks(1, [12]))
    found.commit(first)
    assert [h.cause for h in first.holes] == ["cut"]
    assert [h.cause for h in found.observe(ticks(1, [14])).holes] == ["jump"]


@given(
    st.sets(st.integers(1, 200), min_size=1),
    st.lists(st.integers(0, 199), max_size=6),
)
def test_what_is_missing_equals_the_naive_answer(present: set[int], cuts: list[int]) -> None:
    """Any cutting into batches of rising ids finds the ids between the lowest and the highest that never came."""
    ids = sorted(present)
    found = GapDetector()
    missing: set[int] = set()
    bounds = sorted({0, len(ids), *(c for c in cuts if c < len(ids))})
    for start, end in pairwise(bounds):
        observation = found.observe(ticks(1, ids[start:end]))
        found.commit(observation)
        for hole in observation.holes:
            missing |= set(range(hole.first_id, hole.last_id + 1))
    assert missing == set(range(ids[0], ids[-1] + 1)) - present


def test_a_batch_without_ticks_changes_nothing() -> None:
    found = detector(i1=10)
    observation = found.observe(ticks(1, []))
    found.commit(observation)
    assert (observation.holes, found.marks[1].trade_id) == ([], 10)
