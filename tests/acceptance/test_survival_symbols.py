"""Symbols come and go with the pairs of users, staff pause and resume; the others never notice."""

from collections.abc import Iterator

import pytest

from tests.acceptance.checker import Checker
from tests.acceptance.scene import GUARD, OTHERS, WINDOWS, Scene, running_scene, settled
from tests.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running_scene(tmp_path_factory.mktemp("exchange") / "log") as scene:
        yield scene


def subscribed(scene: Scene) -> set[str]:
    return {name.partition("@")[0].upper() for name in scene.exchange.control("state")["subscriptions"]}


def test_a_new_pair_brings_its_symbols_and_takes_them_away_with_no_gap_in_the_others(scene: Scene) -> None:
    before = scene.stack.value("SELECT count(*) FROM market_gap")
    reconnects = scene.stack.value("SELECT reconnects FROM market_connectionstate")
    y, x = OTHERS
    spec = scene.visitor.add_pair(y, x, timeframe="1s", **WINDOWS)
    wait_until(lambda: subscribed(scene) >= set(OTHERS), guard=GUARD, what="the new symbols are subscribed")
    asked_ms = scene.stack.value(
        "SELECT (extract(epoch FROM min(created_at)) * 1000)::bigint FROM market_symboldemand d"
        " JOIN market_instrument i ON i.id = d.instrument_id WHERE symbol = ANY(%s)",
        list(OTHERS),
    )
    added = Checker(scene.stack, scene.exchange, OTHERS)
    wait_until(added.begin, guard=GUARD, what="ticks of the new symbols")
    first_ms = scene.stack.value(
        "SELECT (extract(epoch FROM min(traded_at)) * 1000)::bigint FROM market_tick"
        " JOIN market_instrument i ON i.id = instrument_id WHERE symbol = ANY(%s)",
        list(OTHERS),
    )
    wait_until(lambda: scene.visitor.topic(f"spec.{spec}")["data"]["points"]["t"], guard=GUARD, what="points")
    scene.recovers()
    horizon = added.horizon()
    settled(lambda: added.behind(horizon) + added.tick_faults(horizon))
    assert scene.stack.value("SELECT count(*) FROM market_gap") == before
    assert scene.stack.value("SELECT reconnects FROM market_connectionstate") == reconnects
    assert first_ms - asked_ms <= 10_000

    scene.visitor.post(f"/pairs/{pair_of(scene, spec)}/remove/")
    wait_until(lambda: not subscribed(scene) & set(OTHERS), guard=GUARD, what="the symbols are dropped")
    scene.recovers()


def pair_of(scene: Scene, spec: int) -> int:
    return int(scene.stack.value("SELECT id FROM analytics_pair WHERE spec_id = %s", spec))


def test_a_symbol_that_two_pairs_want_stays_when_one_is_removed(scene: Scene) -> None:
    page = scene.visitor.post("/pairs/add/", y=OTHERS[0], x="BTCUSDT")
    pair = int(str(page.url).rpartition("=")[2])
    wait_until(lambda: OTHERS[0] in subscribed(scene), guard=GUARD, what="the symbol is subscribed")
    scene.visitor.post(f"/pairs/{pair}/remove/")
    wait_until(lambda: OTHERS[0] not in subscribed(scene), guard=GUARD, what="the symbol is dropped")
    assert "BTCUSDT" in subscribed(scene)
    scene.recovers()


def test_staff_pause_the_feed_and_what_was_traded_meanwhile_is_fetched(scene: Scene) -> None:
    scene.stack.rows("UPDATE accounts_user SET is_staff = true WHERE username = 'alice'")
    scene.visitor.post("/health/feed/", action="pause")
    wait_until(lambda: scene.state_of_connection() == "paused", guard=GUARD, what="the feed is paused")
    wait_until(lambda: scene.exchange.control("state")["sockets"] == 0, guard=GUARD, what="the socket is closed")
    assert "paused by alice" in scene.visitor.http.get("/health/").text
    scene.visitor.post("/health/feed/", action="resume")
    wait_until(lambda: scene.state_of_connection() == "live", guard=GUARD, what="the feed is live")
    scene.recovers()
