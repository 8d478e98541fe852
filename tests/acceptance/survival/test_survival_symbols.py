"""Symbols come and go with the pairs of users, staff pause and resume; the others never notice."""

import time

import httpx
import pytest

from tests.acceptance.survival.checker import Checker
from tests.acceptance.survival.scene import GUARD, OTHERS, SYMBOLS, WINDOWS, Scene, settled
from tests.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]


def subscribed(scene: Scene) -> set[str]:
    return {name.partition("@")[0].upper() for name in scene.exchange.control("state")["subscriptions"]}


def gaps_of_the_others(scene: Scene) -> int:
    query = "SELECT count(*) FROM market_gap g JOIN market_instrument i ON i.id = instrument_id WHERE symbol = ANY(%s)"
    return int(scene.stack.value(query, list(SYMBOLS)))


def test_a_new_pair_brings_its_symbols_and_takes_them_away_with_no_gap_in_the_others(scene: Scene) -> None:
    gaps = gaps_of_the_others(scene)
    reconnects = scene.stack.value("SELECT reconnects FROM market_connectionstate")
    y, x = OTHERS
    spec = scene.visitor.add_pair(y, x, timeframe="1s", **WINDOWS)
    wait_until(lambda: subscribed(scene) >= set(OTHERS), guard=GUARD, what="the new symbols are subscribed")
    seconds = time.time() - scene.stack.value(
        "SELECT extract(epoch FROM max(created_at))::float8 FROM market_symboldemand"
    )
    added = Checker(scene.stack, scene.exchange, OTHERS)
    wait_until(added.begin, guard=GUARD, what="ticks of the new symbols")
    wait_until(lambda: scene.visitor.topic(f"spec.{spec}")["data"]["points"]["t"], guard=GUARD, what="points")
    horizon = added.horizon()
    settled(lambda: added.behind(horizon) + added.tick_faults(horizon))

    scene.visitor.post(f"/pairs/{pair_of(scene, spec)}/remove/")
    wait_until(lambda: not subscribed(scene) & set(OTHERS), guard=GUARD, what="the symbols are dropped")
    scene.recovers()
    assert gaps_of_the_others(scene) == gaps
    assert scene.stack.value("SELECT reconnects FROM market_connectionstate") == reconnects
    assert seconds <= 10


def pair_of(scene: Scene, spec: int) -> int:
    return int(scene.stack.value("SELECT id FROM analytics_pair WHERE spec_id = %s", spec))


@pytest.mark.slow
def test_a_symbol_that_two_pairs_want_stays_until_the_last_is_removed(scene: Scene) -> None:
    shared, alone = OTHERS
    pairs = [pair_id(scene.visitor.post("/pairs/add/", y=shared, x=x)) for x in (alone, SYMBOLS[0])]
    wait_until(lambda: subscribed(scene) >= set(OTHERS), guard=GUARD, what="the symbols are subscribed")
    scene.visitor.post(f"/pairs/{pairs[0]}/remove/")
    wait_until(lambda: alone not in subscribed(scene), guard=GUARD, what="the symbol of one pair is dropped")
    assert shared in subscribed(scene)
    scene.visitor.post(f"/pairs/{pairs[1]}/remove/")
    wait_until(lambda: shared not in subscribed(scene), guard=GUARD, what="the shared symbol is dropped")
    scene.recovers()


def pair_id(page: httpx.Response) -> int:
    return int(str(page.url).rpartition("=")[2])


def test_staff_pause_the_feed_and_what_was_traded_meanwhile_is_fetched(scene: Scene) -> None:
    scene.stack.rows("UPDATE accounts_user SET is_staff = true WHERE username = 'alice'")
    scene.visitor.post("/health/feed/", action="pause")
    wait_until(lambda: scene.state_of_connection() == "paused", guard=GUARD, what="the feed is paused")
    wait_until(lambda: scene.exchange.control("state")["sockets"] == 0, guard=GUARD, what="the socket is closed")
    assert "paused by alice" in scene.visitor.http.get("/health/").text
    scene.visitor.post("/health/feed/", action="resume")
    wait_until(lambda: scene.state_of_connection() == "live", guard=GUARD, what="the feed is live")
    scene.recovers()
