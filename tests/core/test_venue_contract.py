"""What every venue must keep, whichever it is; REST answers as typed outcomes."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from market.errors import LivepairsError
from market.venues import venue_named, venues
from market.venues.base import Answer, Page, Refusal, Venue

NOW = 1_700_000_000_000


@pytest.fixture(params=sorted(venues()))
def venue(request: pytest.FixtureRequest) -> Venue:
    return venue_named(request.param)


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def test_both_venues_of_the_first_version_are_found() -> None:
    assert {"binance", "simulated"} <= set(venues())


def test_an_unknown_venue_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LivepairsError, match="binance, simulated"):
        venue_named("binanc")


def test_no_frames_give_no_rows(venue: Venue) -> None:
    parsed = venue.parse_frames([], {}, NOW)
    assert (len(parsed.rows), len(parsed.voids), parsed.rejected, parsed.replies) == (0, 0, [], [])


def test_noise_is_rejected_with_a_reason(venue: Venue) -> None:
    parsed = venue.parse_frames([b"\x00noise"], {}, NOW)
    assert len(parsed.rows) == 0
    assert parsed.rejected[0].reason


def test_requests_cost_something_and_name_their_symbol(venue: Venue) -> None:
    requests = (
        venue.trades_from_id("龙虾USDT", 5),
        venue.trades_from_time("龙虾USDT", NOW),
        venue.newest_trade("龙虾USDT"),
    )
    for request in requests:
        assert request.weight > 0
        assert request.params["symbol"] == "龙虾USDT"


def test_control_messages_cover_every_symbol(venue: Venue) -> None:
    symbols = [f"S{number}USDT" for number in range(300)]
    text = "".join(venue.subscribe(symbols, 1))
    assert all(f"s{number}usdt@" in text for number in range(300))


def test_addresses_are_of_the_right_kind(venue: Venue) -> None:
    assert venue.stream_url().startswith(("ws://", "wss://"))
    assert venue.rest_url().startswith(("http://", "https://"))


ROWS = [
    {"a": 26130, "p": "0.0163", "q": "4.7", "nq": "4.7", "f": 1, "l": 2, "T": 1498793709154, "m": False},
    {"a": 26129, "p": "0.01633102", "q": "4.70443515", "f": 27781, "l": 27781, "T": 1498793709153, "m": True},
]


def test_a_page_by_value_in_rising_order(venue: Venue) -> None:
    page = venue.parse_trades(answer(ROWS), 9)
    assert isinstance(page, Page)
    assert page.rows.tolist() == [
        (26129, 1498793709153, 0.01633102, 4.70443515, 9, True),
        (26130, 1498793709154, 0.0163, 4.7, 9, False),
    ]


def test_rows_without_price_keep_their_ids_and_bad_numbers_are_told(venue: Venue) -> None:
    page = venue.parse_trades(answer([*ROWS, {**ROWS[0], "a": 26131, "p": "0"}, {**ROWS[0], "a": 26132, "q": "x"}]), 9)
    assert isinstance(page, Page)
    assert page.rows["trade_id"].tolist() == [26129, 26130]
    assert page.voids["trade_id"].tolist() == [26131, 26132]
    assert sorted(r.reason for r in page.rejected) == ["number", "zero price"]


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a":1}', b'[{"a":"x"}]', b"[1]", b"\xff"])
def test_another_format_is_unreadable_not_an_exception(venue: Venue, body: bytes) -> None:
    found = venue.parse_trades(answer(body), 9)
    assert isinstance(found, Refusal)
    assert found.kind == "unreadable"


BAN = "Way too many requests; IP(1.2.3.4) banned until 1700000090000. Please use the websocket."


@pytest.mark.parametrize(
    ("given", "kind", "wait"),
    [
        (answer({"code": -1003, "msg": "Too many requests"}, 429, retry_after="5"), "rate", 5),
        (answer({"code": -1003, "msg": "Too many requests"}, 429), "rate", None),
        (answer({"code": -1003, "msg": BAN}, 418), "ban", 90),
        (answer({"code": -1003, "msg": BAN}, 418, retry_after="120"), "ban", 120),
        (answer({"code": 0, "msg": "Service unavailable from a restricted location"}, 451), "blocked", None),
        (answer(b"<html>denied</html>", 403), "firewall", None),
        (answer(b"<html>hello</html>", 200), "firewall", None),
        (answer({"code": -1121, "msg": "Invalid symbol."}, 400), "symbol", None),
        (answer({"code": -1000, "msg": "Unknown error"}, 503), "failure", None),
        (answer(b"bad gateway", 502), "failure", None),
    ],
)
def test_each_refusal_has_its_kind_and_its_wait(given: Answer, kind: str, wait: float | None) -> None:
    found = venue_named("binance").refusal_of(given, NOW)
    assert found is not None
    assert (found.kind, found.wait) == (kind, wait)


def test_a_good_answer_is_no_refusal(venue: Venue) -> None:
    assert venue.refusal_of(answer([]), NOW) is None


@pytest.mark.parametrize(("text", "used"), [("1200", 1200), ("", None), ("１２", None), ("x", None)])
def test_the_used_weight_is_read_from_the_header(text: str, used: int | None) -> None:
    assert venue_named("binance").used_weight({"x-mbx-used-weight-1m": text}) == used


INFO = {
    "symbols": [
        {
            "symbol": "BTCUSDT_261225",
            "status": "TRADING",
            "contractType": "CURRENT_QUARTER",
            "baseAsset": "BTC",
            "quoteAsset": "USDT",
            "onboardDate": 1_700_000_000_000,
            "deliveryDate": 1_798_185_600_000,
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1"},
                {"filterType": "LOT_SIZE", "stepSize": "0.001"},
                {"filterType": "MAX_NUM_ORDERS", "limit": 200},
            ],
        },
        {"symbol": "币安人生USDT", "contractType": "", "deliveryDate": 4_133_404_800_000},
    ]
}


def test_listings_by_value() -> None:
    found = venue_named("binance").parse_listings(answer(INFO), NOW)
    assert isinstance(found, list)
    quarter, meme = found
    assert (quarter.symbol, quarter.base_asset, quarter.contract_type) == ("BTCUSDT_261225", "BTC", "CURRENT_QUARTER")
    assert (quarter.tick_size, quarter.step_size) == (Decimal("0.10"), Decimal("0.001"))
    assert quarter.delivery_at == datetime(2026, 12, 25, 8, tzinfo=UTC)
    assert (meme.symbol, meme.tick_size, meme.delivery_at) == ("币安人生USDT", None, None)
