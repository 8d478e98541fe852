"""kill -9 under load: whatever process dies, no tick is lost or doubled and the open page is live again by itself."""

import math
import random

import pytest

from tests.acceptance.survival.scene import Scene, settled

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]

PROCESSES = ("ingest", "bars.0", "live.0", "daphne", "redis", "postgres")


def test_the_checker_sees_each_kind_of_damage(scene: Scene) -> None:
    """Damage done by hand, each undone before the next: a checker that cannot fail proves nothing."""
    scene.recovers()
    horizon, checker, run = scene.checker.horizon(), scene.checker, scene.stack.rows
    settled(lambda: checker.behind(horizon))
    settled(lambda: checker.tick_faults(horizon))
    settled(lambda: checker.bar_faults(horizon))
    symbol, tick, price = run(
        "SELECT symbol, trade_id, price FROM market_tick JOIN market_instrument i ON i.id = instrument_id LIMIT 1"
    )[0]
    own = "trade_id = %s AND instrument_id = (SELECT id FROM market_instrument WHERE symbol = %s)"

    run(f"UPDATE market_tick SET price = %s WHERE {own}", math.nextafter(price, 0), tick, symbol)
    assert checker.tick_faults(horizon) == [f"{symbol}: 1 altered, [{tick}]"]
    assert checker.bar_faults(horizon) != []
    run(f"UPDATE market_tick SET price = %s, trade_id = -1 WHERE {own}", price, tick, symbol)
    assert checker.tick_faults(horizon) == [f"{symbol}: 1 lost, [{tick}]", f"{symbol}: 1 unexpected, [-1]"]
    run(f"UPDATE market_tick SET trade_id = %s WHERE {own}", tick, -1, symbol)
    # The key belongs to a day: the same id in another day's partition is seen by counting only
    columns = "trade_id, traded_at + interval '1 day', price, size, instrument_id, is_buyer_maker"
    run(f"INSERT INTO market_tick SELECT {columns} FROM market_tick WHERE {own}", tick, symbol)
    assert f"{symbol}: 1 doubled, [{tick}]" in checker.tick_faults(horizon)
    run(f"DELETE FROM market_tick WHERE {own} AND traded_at > now() + interval '12 hours'", tick, symbol)
    assert checker.tick_faults(horizon) == checker.bar_faults(horizon) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_is_lost_when_a_process_is_killed(scene: Scene, process: str) -> None:
    scene.records()
    scene.stack.kill(process)
    scene.recovers()


@pytest.mark.slow
def test_nothing_is_lost_when_processes_are_killed_at_random(scene: Scene) -> None:
    chance = random.Random(20_260_101)
    for process in chance.sample((*PROCESSES, "beat") * 2, 6):
        scene.records(more=chance.randrange(1, 400))
        scene.stack.kill(process)
    scene.recovers()
