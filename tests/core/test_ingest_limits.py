"""Weight budget, backoff and silence on an injected clock."""

import itertools
import random

import pytest

from market.ingest.backoff import delays
from market.ingest.budget import WeightBudget
from market.ingest.silence import Rhythm
from market.venues.base import Refusal


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> WeightBudget:
    return WeightBudget(100, 2400, clock)


def test_calls_within_the_budget_need_not_wait(budget: WeightBudget) -> None:
    budget.spend(80)
    assert budget.wait_for(20) == 0


def test_a_call_beyond_the_budget_waits_until_enough_has_aged(budget: WeightBudget, clock: Clock) -> None:
    budget.spend(60)
    clock.now += 10
    budget.spend(40)
    assert budget.wait_for(20) == pytest.approx(50)
    assert budget.wait_for(61) == pytest.approx(60)
    clock.now += 50
    assert budget.wait_for(20) == 0


def test_no_minute_ever_holds_more_than_the_limit(budget: WeightBudget, clock: Clock) -> None:
    spent: list[tuple[float, int]] = []
    for weight in itertools.islice(itertools.cycle((20, 1, 40, 7)), 200):
        clock.now += budget.wait_for(weight) + 0.001
        budget.spend(weight)
        spent.append((clock.now, weight))
    for at, _ in spent:
        assert sum(w for t, w in spent if at - 60 < t <= at) <= 100


def test_the_address_near_its_own_limit_is_left_alone(budget: WeightBudget, clock: Clock) -> None:
    budget.report(2_150)
    assert budget.wait_for(20) == pytest.approx(60)
    clock.now += 30
    budget.report(40)
    assert budget.wait_for(20) == 0


def test_retry_after_is_obeyed(budget: WeightBudget, clock: Clock) -> None:
    budget.refuse(Refusal("rate", "slow", wait=5))
    assert budget.wait_for(1) >= 5
    clock.now += 6
    assert budget.wait_for(1) == 0


def test_no_call_inside_a_ban(budget: WeightBudget, clock: Clock) -> None:
    budget.refuse(Refusal("ban", "banned", wait=120))
    budget.refuse(Refusal("failure", "later"))
    assert budget.wait_for(1) >= 120
    clock.now += 119
    assert budget.wait_for(1) > 0


def test_a_refused_region_is_asked_rarely(budget: WeightBudget) -> None:
    budget.refuse(Refusal("blocked", "region"))
    assert budget.wait_for(1) >= 600


def test_failures_wait_longer_each_time_and_an_answer_forgives(budget: WeightBudget, clock: Clock) -> None:
    waits = []
    for _ in range(8):
        budget.refuse(Refusal("failure", "500"))
        waits.append(budget.wait_for(1))
        clock.now += waits[-1]
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60])
    budget.accept()
    budget.refuse(Refusal("failure", "500"))
    assert budget.wait_for(1) == pytest.approx(1)


def test_an_unknown_symbol_does_not_stop_the_others(budget: WeightBudget) -> None:
    budget.refuse(Refusal("symbol", "-1121"))
    assert budget.wait_for(20) == 0


def test_backoff_stays_between_one_and_sixty_seconds() -> None:
    found = list(itertools.islice(delays(random.Random(1).random), 50))
    assert min(found) >= 1
    assert max(found) <= 60
    assert found[-1] > 25


def test_backoff_doubles_without_jitter() -> None:
    assert list(itertools.islice(delays(lambda: 1.0), 8)) == [1, 2, 4, 8, 16, 32, 60, 60]


def test_backoff_differs_between_two_processes() -> None:
    one, two = (list(itertools.islice(delays(random.Random(seed).random), 6)) for seed in (1, 2))
    assert one != two


def heard(rhythm: Rhythm, gaps: list[float]) -> float:
    now = rhythm.since
    rhythm.hear(now)
    for gap in gaps:
        now += gap
        rhythm.hear(now)
    return now


def test_the_first_frame_is_awaited_thirty_seconds() -> None:
    rhythm = Rhythm(since=0)
    assert not rhythm.is_silent(30)
    assert rhythm.is_silent(30.1)


def test_a_busy_symbol_is_silent_after_fifteen_seconds() -> None:
    rhythm = Rhythm(since=0)
    now = heard(rhythm, [0.25] * 400)
    assert not rhythm.is_silent(now + 15)
    assert rhythm.is_silent(now + 15.1)


def test_a_quiet_symbol_is_judged_by_its_own_gaps() -> None:
    rhythm = Rhythm(since=0)
    now = heard(rhythm, [20.0] * 30)
    assert not rhythm.is_silent(now + 90)
    assert rhythm.is_silent(now + 101)


def test_a_burst_does_not_make_calm_look_silent() -> None:
    rhythm = Rhythm(since=0)
    heard(rhythm, [20.0] * 30)
    now = heard(rhythm, [0.25] * 20)
    assert not rhythm.is_silent(now + 40)


def test_a_new_connection_starts_the_wait_anew() -> None:
    rhythm = Rhythm(since=0)
    heard(rhythm, [0.25] * 400)
    rhythm.restart(1_000)
    assert not rhythm.is_silent(1_029)
    assert rhythm.is_silent(1_031)
