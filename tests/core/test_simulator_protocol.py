"""Control messages of the simulated exchange, by value (exchange protocol reference, 2.1-2.4)."""

import json
from typing import Any

import pytest

from market.simulator.protocol import CLOSE_ABRUPT, CLOSE_NORMAL, CLOSE_POLICY, Entrance, Session, entrance_of

MARKET = Entrance("market", True, ())
VARIANTS = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"


def reply(session: Session, text: str) -> Any:
    (answer,) = session.receive(text).replies
    return json.loads(answer)


def ask(session: Session, method: str, *params: Any, id: Any = 1) -> Any:
    return reply(session, json.dumps({"method": method, "params": list(params), "id": id}))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/market/ws", Entrance("market", False, ())),
        ("/market/stream", Entrance("market", True, ())),
        ("/market/ws/btcusdt@aggTrade/ethusdt@trade", Entrance("market", False, ("btcusdt@aggTrade", "ethusdt@trade"))),
        ("/market/stream?streams=a@aggTrade/b@trade", Entrance("market", True, ("a@aggTrade", "b@trade"))),
        ("/market/ws/%E9%BE%99%E8%99%BEusdt@aggTrade", Entrance("market", False, ("龙虾usdt@aggTrade",))),
        ("/public/stream?streams=x@trade", Entrance("public", True, ("x@trade",))),
        ("/ws", Entrance("", False, ())),
        ("/stream?streams=x@aggTrade", Entrance("", True, ("x@aggTrade",))),
        ("/market/ws/", None),
        ("/market/stream/", None),
        ("/market/ws?x@aggTrade", None),
        ("/market", None),
        ("/", None),
        ("/fapi/v1/ping", None),
    ],
)
def test_addresses_decide_route_form_and_first_streams(target: str, expected: Entrance | None) -> None:
    assert entrance_of(target) == expected


@pytest.mark.parametrize(("route", "carries"), [("market", True), ("public", False), ("", False)])
def test_only_the_market_route_carries_trades(route: str, carries: bool) -> None:
    session = Session(Entrance(route, True, ()))
    assert ask(session, "SUBSCRIBE", "btcusdt@aggTrade") == {"result": None, "id": 1}
    assert session.carries_trades is carries


def test_acknowledgement_is_written_as_on_the_wire() -> None:
    answer = Session(MARKET).receive('{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":99}')
    assert answer.replies == ('{"result":null,"id":99}',)


def test_subscriptions_are_listed_in_order_and_dropped_by_name() -> None:
    session = Session(MARKET)
    ask(session, "SUBSCRIBE", "b@aggTrade", "龙虾usdt@aggTrade", "nonsense", "b@aggTrade")
    ask(session, "UNSUBSCRIBE", "nonsense", "never subscribed")
    assert ask(session, "LIST_SUBSCRIPTIONS", id=7) == {"result": ["b@aggTrade", "龙虾usdt@aggTrade"], "id": 7}


def test_listing_needs_no_params() -> None:
    assert reply(Session(MARKET), '{"method":"LIST_SUBSCRIPTIONS","id":3}') == {"result": [], "id": 3}


@pytest.mark.parametrize("is_combined", [True, False])
def test_combined_is_a_property_of_the_connection(is_combined: bool) -> None:
    session = Session(Entrance("market", is_combined, ()))
    assert ask(session, "GET_PROPERTY", "combined", id=5) == {"result": is_combined, "id": 5}
    assert ask(session, "SET_PROPERTY", "combined", not is_combined, id=6) == {"result": None, "id": 6}
    assert session.is_combined is not is_combined


@pytest.mark.parametrize(
    ("message", "code", "text", "identity"),
    [
        ('{"method":"SET_PROPERTY","params":["colour",true],"id":1}', 0, "Unknown property", 1),
        ('{"method":"GET_PROPERTY","params":["colour"],"id":1}', 0, "Unknown property", 1),
        (
            '{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}',
            1,
            "Invalid value type: expected Boolean",
            1,
        ),
        (
            '{"method":"GET_PROPERTY","params":[7],"id":1}',
            2,
            "Invalid request: property name must be a string",
            1,
        ),
        (
            '{"method":"GET_PROPERTY","params":["combined",true],"id":1}',
            2,
            "Invalid request: too many parameters",
            1,
        ),
        *(
            (
                f'{{"method":"SUBSCRIBE","params":["a"],"id":{identity}}}',
                2,
                "Invalid request: request ID must be an unsigned integer",
                None,
            )
            for identity in ('"one"', "-1", "null", "true", "1.5")
        ),
        (
            '{"method":"SUBSCRIBE","params":["a"]}',
            2,
            "Invalid request: request ID must be an unsigned integer",
            None,
        ),
        (
            '{"method":"BUY","params":[],"id":4}',
            2,
            f"Invalid request: unknown variant `BUY`, expected one of {VARIANTS} at line 1 column 15",
            4,
        ),
        ('{"params":[],"id":4}', 2, "Invalid request: missing field `method` at line 1 column 20", 4),
        ("[1]", 2, "Invalid request: missing field `method` at line 1 column 3", None),
        ('{"method":"SUBSCRIBE","id":4}', 2, "Invalid request: missing field `params` at line 1 column 29", 4),
        ('{"method":"SUBSCRIBE","params":[5],"id":4}', 2, "Invalid request: invalid stream", 4),
    ],
)
def test_error_table(message: str, code: int, text: str, identity: int | None) -> None:
    session = Session(MARKET)
    answer = session.receive(message)
    assert [json.loads(one) for one in answer.replies] == [{"error": {"code": code, "msg": text}, "id": identity}]
    assert answer.close_code is None


@pytest.mark.parametrize("text", ["SUBSCRIBE", "{", "", "NaN"])
def test_bad_json_is_answered_and_ends_the_connection(text: str) -> None:
    answer = Session(MARKET).receive(text)
    error = json.loads(answer.replies[0])
    assert error["error"]["code"] == 3
    assert error["error"]["msg"].startswith("Invalid JSON: expected value at line 1 column ")
    assert answer.close_code == CLOSE_NORMAL


def test_a_stream_beyond_the_limit_is_refused_and_the_others_stay() -> None:
    session = Session(MARKET)
    for part in range(8):
        names = [f"s{part}x{place}@aggTrade" for place in range(128)]
        assert ask(session, "SUBSCRIBE", *names) == {"result": None, "id": 1}
    assert ask(session, "SUBSCRIBE", "one@aggTrade")["error"] == {"code": 4, "msg": "Too many subscriptions"}
    assert len(session.streams) == 1_024


def test_an_overlong_message_costs_the_connection_without_a_word() -> None:
    answer = Session(MARKET).receive(" " * 8_001)
    assert (answer.replies, answer.close_code) == ((), CLOSE_ABRUPT)


def test_ten_frames_a_second_are_heard_the_eleventh_is_too_many() -> None:
    session = Session(MARKET)
    assert all(session.hear(0.09 * place).close_code is None for place in range(10))
    answer = session.hear(0.95)
    assert (answer.close_code, answer.close_reason) == (CLOSE_POLICY, "Too many requests")


def test_the_limit_counts_the_last_second_only() -> None:
    session = Session(MARKET)
    assert all(session.hear(0.101 * place).close_code is None for place in range(100))
