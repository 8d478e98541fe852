"""REST answers of the simulated exchange, by value (exchange protocol reference, 3.1-3.4)."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from market.simulator.faults import FaultBox, fault_of
from market.simulator.ledger import Ledger, rows_of
from market.simulator.replies import Reply
from market.simulator.rest import RestApi
from market.simulator.weights import Budget
from tests.core.simulator_rows import CONTRACTS, HOUR_MS, NEW_YEAR_MS, ledger_of, minutely, row

NOW = NEW_YEAR_MS + 30 * HOUR_MS
#: One trade a minute for 30 hours: ids 1000 to 2799, of which the last 24 h (from 1360) are served
COUNT = 30 * 60
OLDEST, NEWEST = 1_360, 2_799


class Exchange:
    """A RestApi at a time the test sets."""

    def __init__(self, ledger: Ledger | None = None, *, limit: int = 10**6) -> None:
        self.now_ms = NOW
        self.faults = FaultBox()
        self.api = RestApi(
            ledger or ledger_of(minutely(COUNT)),
            CONTRACTS,
            clock_ms=lambda: self.now_ms,
            budget=Budget(limit=limit),
            faults=self.faults,
        )

    def get(self, path: str, **query: Any) -> Reply:
        text = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
        return self.api.handle(f"/fapi/v1/{path}?{text}")

    def ids(self, **query: Any) -> list[int]:
        reply = self.get("aggTrades", symbol="AAAUSDT", **query)
        assert reply.status == 200, reply.body
        return [row["a"] for row in json.loads(reply.body)]


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def body(reply: Reply) -> Any:
    return json.loads(reply.body)


def refused(reply: Reply) -> tuple[int, int]:
    return reply.status, body(reply)["code"]


def test_ping_and_time(exchange: Exchange) -> None:
    assert exchange.get("ping").body == b"{}"
    assert body(exchange.get("time")) == {"serverTime": NOW}


def test_from_id_is_inclusive(exchange: Exchange) -> None:
    assert exchange.ids(fromId=2_000, limit=3) == [2_000, 2_001, 2_002]


def test_nothing_given_means_the_newest_rows_oldest_first(exchange: Exchange) -> None:
    assert exchange.ids(limit=2) == [NEWEST - 1, NEWEST]
    assert len(exchange.ids()) == 500


def test_ids_older_than_the_depth_give_the_oldest_served_rows(exchange: Exchange) -> None:
    assert exchange.ids(fromId=0, limit=2) == [OLDEST, OLDEST + 1]
    assert exchange.ids(fromId=1_100, limit=1) == [OLDEST]


def test_ids_beyond_the_newest_give_nothing(exchange: Exchange) -> None:
    assert exchange.ids(fromId=NEWEST + 1) == []


def test_both_times_are_inclusive(exchange: Exchange) -> None:
    start = NOW - 10 * 60_000
    assert exchange.ids(startTime=start, endTime=start + 120_000) == [2_790, 2_791, 2_792]


def test_start_alone_gives_the_first_rows_from_there(exchange: Exchange) -> None:
    assert exchange.ids(startTime=NOW - 2 * HOUR_MS, limit=2) == [2_680, 2_681]


def test_end_alone_gives_the_newest_rows_up_to_it(exchange: Exchange) -> None:
    assert exchange.ids(endTime=NOW - 2 * HOUR_MS, limit=2) == [2_679, 2_680]


def test_times_older_than_the_depth_give_nothing(exchange: Exchange) -> None:
    assert exchange.ids(startTime=NEW_YEAR_MS, endTime=NEW_YEAR_MS + HOUR_MS - 1) == []


def test_a_window_of_an_hour_is_too_big(exchange: Exchange) -> None:
    start = NOW - 5 * HOUR_MS
    assert len(exchange.ids(startTime=start, endTime=start + HOUR_MS - 1)) == 60
    reply = exchange.get("aggTrades", symbol="AAAUSDT", startTime=start, endTime=start + HOUR_MS)
    assert refused(reply) == (400, -1127)
    assert body(reply)["msg"] == "Lookup interval is too big."


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, -1102),
        ({"symbol": ""}, -1102),
        ({"symbol": "NOPEUSDT"}, -1121),
        ({"symbol": "aaausdt"}, -1121),
        ({"symbol": "AAAUSDT", "fromId": "x"}, -1100),
        ({"symbol": "AAAUSDT", "fromId": "-5"}, -1100),
        ({"symbol": "AAAUSDT", "fromId": "５"}, -1100),
        ({"symbol": "AAAUSDT", "fromId": ""}, -1105),
        ({"symbol": "AAAUSDT", "limit": "0"}, -1130),
        ({"symbol": "AAAUSDT", "limit": "1001"}, -1130),
        ({"symbol": "AAAUSDT", "startTime": NOW, "endTime": NOW - 1}, -1130),
        ({"symbol": "AAAUSDT", "fromId": "5", "startTime": NOW}, -1128),
    ],
)
def test_bad_queries_are_refused_with_the_code_of_the_venue(
    exchange: Exchange, query: dict[str, Any], code: int
) -> None:
    assert refused(exchange.get("aggTrades", **query)) == (400, code)


def test_invalid_symbol_has_the_recorded_body(exchange: Exchange) -> None:
    assert exchange.get("aggTrades", symbol="X").body == b'{"code":-1121,"msg":"Invalid symbol."}'


def test_unknown_paths_are_404(exchange: Exchange) -> None:
    reply = exchange.api.handle("/fapi/v9/ping")
    assert refused(reply) == (404, -5000)
    assert body(reply)["msg"] == "Path /fapi/v9/ping, Method GET is invalid"


def test_symbols_are_utf8(exchange: Exchange) -> None:
    assert exchange.get("aggTrades", symbol="龙虾USDT").body == b"[]"


@pytest.mark.parametrize(
    ("path", "query", "weight"),
    [
        ("ping", {}, 1),
        ("exchangeInfo", {}, 1),
        ("aggTrades", {"symbol": "AAAUSDT"}, 20),
        ("trades", {"symbol": "AAAUSDT"}, 5),
        ("klines", {"symbol": "AAAUSDT", "interval": "1m", "limit": 99}, 1),
        ("klines", {"symbol": "AAAUSDT", "interval": "1m", "limit": 100}, 2),
        ("klines", {"symbol": "AAAUSDT", "interval": "1m"}, 5),
        ("klines", {"symbol": "AAAUSDT", "interval": "1m", "limit": 1_001}, 10),
        ("premiumIndex", {"symbol": "AAAUSDT"}, 1),
        ("premiumIndex", {}, 10),
        ("ticker/24hr", {"symbol": "AAAUSDT"}, 1),
        ("ticker/24hr", {}, 40),
        ("fundingRate", {}, 0),
    ],
)
def test_weights(exchange: Exchange, path: str, query: dict[str, Any], weight: int) -> None:
    reply = exchange.get(path, **query)
    assert (reply.status, reply.headers["X-MBX-USED-WEIGHT-1M"]) == (200, str(weight))


def test_over_the_limit_is_429_and_the_minute_forgives() -> None:
    exchange = Exchange(limit=40)
    replies = [exchange.get("aggTrades", symbol="AAAUSDT") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert body(replies[2])["msg"].startswith("Too many requests; current limit is 40 requests per minute.")
    assert replies[2].headers["Retry-After"] == "60"
    exchange.now_ms += 60_000
    assert exchange.get("ping").headers["X-MBX-USED-WEIGHT-1M"] == "1"


def test_going_on_is_banned_until_the_stated_moment() -> None:
    exchange = Exchange(limit=20)
    statuses = [exchange.get("aggTrades", symbol="AAAUSDT").status for _ in range(8)]
    assert statuses == [200, 429, 429, 429, 429, 429, 418, 418]
    exchange.now_ms += 119_000
    reply = exchange.get("ping")
    assert (reply.status, reply.headers["Retry-After"]) == (418, "1")
    assert f"banned until {NOW + 120_000}. " in body(reply)["msg"]
    exchange.now_ms += 1_000
    assert exchange.get("ping").status == 200


def test_funding_has_a_pool_of_its_own(exchange: Exchange) -> None:
    statuses = [exchange.get("fundingInfo").status for _ in range(501)]
    assert (statuses.count(200), statuses[-1], exchange.api.budget.used) == (500, 429, 0)


def test_exchange_info_lists_sizes_as_text(exchange: Exchange) -> None:
    info = body(exchange.get("exchangeInfo"))
    (first, second) = info["symbols"]
    filters = {one["filterType"]: one for one in first["filters"]}
    assert (filters["PRICE_FILTER"]["tickSize"], filters["LOT_SIZE"]["stepSize"]) == ("0.01", "0.001")
    assert (first["status"], first["contractType"], second["baseAsset"]) == ("TRADING", "PERPETUAL", "龙虾")


def test_klines_are_exact_and_carry_empty_minutes() -> None:
    start = NOW - 240_000
    rows = rows_of(
        [
            row(1, start + 1, price=10_000, size=1_000),
            row(2, start + 59_999, price=10_100, size=2_500, is_buyer_maker=True),
            row(3, start + 30 * 60_000 // 10, price=9_990, size=1),
        ]
    )
    exchange = Exchange(ledger_of(rows))
    found = body(exchange.get("klines", symbol="AAAUSDT", interval="1m"))
    assert found[0] == [
        start, "100.00", "101.00", "100.00", "101.00", "3.500", start + 59_999, "352.50000", 4,
        "1.000", "100.00000", "0",
    ]  # fmt: skip
    assert found[1] == [
        start + 60_000, "101.00", "101.00", "101.00", "101.00", "0", start + 119_999, "0", 0, "0", "0", "0",
    ]  # fmt: skip
    assert [kline[0] for kline in found] == [start + 60_000 * place for place in range(5)]


def test_klines_leave_out_prints_without_size() -> None:
    rows = rows_of([row(1, NOW - 3), row(2, NOW - 2, price=0, size=0), row(3, NOW - 1, price=10_200)])
    (kline, *_) = body(Exchange(ledger_of(rows)).get("klines", symbol="AAAUSDT", interval="5m"))
    assert kline[1:5] == ["100.00", "102.00", "100.00", "102.00"]


@pytest.mark.parametrize(("interval", "opened"), [("1w", "2025-12-29"), ("1M", "2026-01-01"), ("1d", "2026-01-01")])
def test_long_klines_open_where_the_calendar_says(interval: str, opened: str) -> None:
    from datetime import UTC, datetime

    exchange = Exchange(ledger_of(minutely(1)))
    (first, *_) = body(exchange.get("klines", symbol="AAAUSDT", interval=interval))
    assert datetime.fromtimestamp(first[0] / 1000, UTC).date().isoformat() == opened


def test_bad_interval(exchange: Exchange) -> None:
    assert refused(exchange.get("klines", symbol="AAAUSDT", interval="7m")) == (400, -1120)


def test_raw_trades_are_the_newest_fills(exchange: Exchange) -> None:
    (trade,) = body(exchange.get("trades", symbol="AAAUSDT", limit=1))
    assert trade == {
        "id": 3 * NEWEST + 1,
        "price": "100.00",
        "qty": "1.500",
        "quoteQty": "150.00000",
        "time": NOW - 60_000,
        "isBuyerMaker": False,
        "isRPITrade": False,
    }


def test_ticker_covers_the_last_day(exchange: Exchange) -> None:
    ticker = body(exchange.get("ticker/24hr", symbol="AAAUSDT"))
    assert (ticker["firstId"], ticker["lastId"], ticker["count"]) == (3 * OLDEST, 3 * NEWEST + 1, 2 * 1_440)
    assert (ticker["lastPrice"], ticker["volume"], ticker["quoteVolume"]) == ("100.00", "2160.000", "216000.00")
    assert len(body(exchange.get("ticker/24hr"))) == 2


def test_funding_is_due_every_eight_hours_and_stays_the_same(exchange: Exchange) -> None:
    day = {"symbol": "AAAUSDT", "startTime": NEW_YEAR_MS, "endTime": NEW_YEAR_MS + 24 * HOUR_MS}
    rows = body(exchange.get("fundingRate", **day))
    assert [one["fundingTime"] for one in rows] == [NEW_YEAR_MS + place * 8 * HOUR_MS for place in range(4)]
    assert rows == body(exchange.get("fundingRate", **day))
    assert all(-5e-5 <= float(one["fundingRate"]) <= 1.5e-4 for one in rows)


def test_premium_index_names_the_next_funding(exchange: Exchange) -> None:
    index = body(exchange.get("premiumIndex", symbol="AAAUSDT"))
    assert (index["markPrice"], index["nextFundingTime"]) == ("100.00000000", NEW_YEAR_MS + 32 * HOUR_MS)


@pytest.mark.parametrize(
    ("name", "status", "code"), [("429", 429, -1003), ("418", 418, -1003), ("451", 451, 0), ("rest-500", 500, -1000)]
)
def test_refusals_can_be_switched_on(exchange: Exchange, name: str, status: int, code: int) -> None:
    exchange.faults.switch_on(fault_of(name, {}))
    assert refused(exchange.get("ping")) == (status, code)
    exchange.faults.switch_off(name)
    assert exchange.get("ping").status == 200


def test_the_firewall_answers_html(exchange: Exchange) -> None:
    exchange.faults.switch_on(fault_of("403", {}))
    reply = exchange.get("ping")
    assert (reply.status, reply.headers["Content-Type"]) == (403, "text/html")
    assert b"<H1>403 ERROR</H1>" in reply.body


def test_a_page_can_be_empty_or_start_late(exchange: Exchange) -> None:
    exchange.faults.switch_on(fault_of("late-page", {"skip": "2"}))
    assert exchange.ids(fromId=2_000, limit=4) == [2_002, 2_003]
    exchange.faults.switch_on(fault_of("empty-page", {}))
    assert exchange.ids(fromId=2_000, limit=4) == []
