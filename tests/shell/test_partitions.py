"""Day partitions: made ahead, on demand, by two at once; dropped by age."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from market.partitions import ensure_ahead, ensure_day, existing_days, partition_of, prune

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2024, 2, 28, 23, 59, 59, tzinfo=UTC)
TODAY = 19_781


def names() -> set[str]:
    return {partition_of(day) for day in existing_days()}


def test_a_week_ahead_exists_over_leap_day_and_month_end() -> None:
    ensure_ahead(NOW)
    assert {"market_tick_20240228", "market_tick_20240229", "market_tick_20240301", "market_tick_20240306"} <= names()


def test_making_days_again_costs_one_question() -> None:
    ensure_ahead(NOW)
    with CaptureQueriesContext(connection) as queries:
        ensure_ahead(NOW)
    assert len(queries) == 1


def test_two_may_make_the_same_day_at_once() -> None:
    start = threading.Barrier(2)
    failures: list[Exception] = []

    def make() -> None:
        start.wait()
        try:
            for day in range(15_000, 15_010):
                ensure_day(day)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(range(15_000, 15_010)) <= existing_days()
    prune(datetime(2012, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("price", ["'NaN'", "'Infinity'", "0", "-1"])
def test_a_partition_refuses_what_is_no_price(price: str) -> None:
    ensure_day(TODAY)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {partition_of(TODAY)} VALUES (1, '2024-02-28 12:00+00', {price}, 1, 1, true)")


def test_a_partition_holds_an_id_once() -> None:
    ensure_day(TODAY)
    with connection.cursor() as cursor:
        insert = f"INSERT INTO {partition_of(TODAY)} VALUES (1, '2024-02-28 12:00+00', 1, 1, 1, true)"
        cursor.execute(insert)
        with pytest.raises(IntegrityError):
            cursor.execute(insert)
        cursor.execute(f"TRUNCATE {partition_of(TODAY)}")


def test_only_whole_days_before_the_limit_are_dropped() -> None:
    for day in range(TODAY - 2, TODAY + 1):
        ensure_day(day)
    dropped = prune(datetime(2024, 2, 28, 13, tzinfo=UTC))
    assert {partition_of(TODAY - 2), partition_of(TODAY - 1)} <= set(dropped)
    assert partition_of(TODAY) in names()
