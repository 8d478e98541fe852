"""What a REST page does to a gap (exchange-protocol 3.2)."""

import pytest

from market.ingest.batch import Fill
from market.ingest.pages import Filled, Wanted, judge
from market.venues.base import Page, no_rows
from tests.core.ingest_rows import ticks


def wanted(first: int, last: int, *, tries: int = 0, backwards: bool = False) -> Wanted:
    return Wanted(1, first, last, 1_700_000_000_000, 1_700_000_100_000, tries, backwards)


def page(*ids: int, voids: tuple[int, ...] = ()) -> Page:
    return Page(ticks(5, ids), ticks(5, voids) if voids else no_rows())


def filled(gap: Wanted, found: Page, *, limit: int = 1000, is_served: bool = True) -> Filled:
    outcome = judge(gap, found, limit=limit, is_served=is_served)
    assert isinstance(outcome, Filled), outcome
    return outcome


def test_a_page_that_covers_the_gap_closes_it() -> None:
    outcome = filled(wanted(10, 12), page(10, 11, 12, 13))
    assert outcome.rows["trade_id"].tolist() == [10, 11, 12]
    assert outcome.fill.remaining is None
    assert outcome.fill.filled == 3


def test_the_rest_of_a_long_gap_remains() -> None:
    outcome = filled(wanted(10, 20), page(10, 11, 12))
    assert outcome.fill.remaining == (13, 20)
    assert outcome.fill.first_ms == 1_700_000_000_120


def test_ids_without_price_count_as_filled() -> None:
    outcome = filled(wanted(10, 12), page(10, 12, voids=(11,)))
    assert outcome.fill.remaining is None
    assert outcome.fill.filled == 3
    assert outcome.voids["trade_id"].tolist() == [11]


def test_only_the_consecutive_run_counts() -> None:
    outcome = filled(wanted(10, 20), page(10, 11, 15, 20))
    assert outcome.rows["trade_id"].tolist() == [10, 11]
    assert outcome.fill.remaining == (12, 20)


def test_rows_outside_the_range_asked_are_ignored() -> None:
    assert isinstance(judge(wanted(10, 12), page(500, 501), limit=1000, is_served=True), str)


def test_an_empty_page_is_asked_again() -> None:
    assert judge(wanted(10, 12, tries=50), page(), limit=1000, is_served=True) == "the exchange returned no rows"


@pytest.mark.parametrize("tries", [0, 1])
def test_a_page_that_starts_late_is_doubted_while_rest_should_have_the_ids(tries: int) -> None:
    outcome = judge(wanted(10, 20, tries=tries), page(15, 16), limit=1000, is_served=True)
    assert outcome == "the page starts at id 15 instead of 10"


def test_the_third_late_page_leaves_the_missing_part_to_the_dump() -> None:
    outcome = filled(wanted(10, 20, tries=2), page(*range(15, 21)))
    assert outcome.fill == Fill(1, None, 1_700_000_000_200, 1_700_000_100_000, filled=6, unreachable=(10, 14))


def test_a_page_beyond_the_depth_splits_at_once() -> None:
    outcome = filled(wanted(10, 20), page(15, 16), is_served=False)
    assert outcome.fill.unreachable == (10, 14)
    assert outcome.fill.remaining == (17, 20)


def test_nothing_of_an_old_gap_is_served() -> None:
    outcome = filled(wanted(10, 20), page(50, 51), is_served=False)
    assert outcome.fill.unreachable == (10, 20)
    assert outcome.fill.remaining is None


def test_history_grows_backwards_from_the_live_data() -> None:
    gap = wanted(10, 20, backwards=True)
    assert gap.start(limit=4) == 17
    outcome = filled(gap, page(17, 18, 19, 20, 21), limit=4)
    assert outcome.rows["trade_id"].tolist() == [17, 18, 19, 20]
    assert outcome.fill.remaining == (10, 16)
    assert outcome.fill.last_ms == 1_700_000_000_170


def test_the_last_page_of_history_closes_it() -> None:
    outcome = filled(wanted(10, 12, backwards=True), page(10, 11, 12))
    assert outcome.fill.remaining is None


def test_history_that_ends_early_is_not_believed() -> None:
    outcome = judge(wanted(10, 20, backwards=True), page(10, 11), limit=1000, is_served=True)
    assert outcome == "the page ends at id 11 instead of 20"
