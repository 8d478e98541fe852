"""Funding as the venue tells it, by value."""

import msgspec
import pytest

from market.venues.base import Answer, Funding, Refusal, Settled
from market.venues.binance_funding import BinanceFunding

VENUE = BinanceFunding()


def answer(body: object) -> Answer:
    return Answer(200, {}, body if isinstance(body, bytes) else msgspec.json.encode(body))


PERPETUAL = {
    "symbol": "BTCUSDT",
    "markPrice": "34287.54619963",
    "indexPrice": "34284.5",
    "estimatedSettlePrice": "34280.1",
    "lastFundingRate": "-0.00012500",
    "interestRate": "0.00010000",
    "nextFundingTime": 1_600_000_000_000,
    "time": 1_599_999_000_000,
}
DELIVERY = PERPETUAL | {"symbol": "BTCUSDT_210625", "lastFundingRate": "", "nextFundingTime": 0}


def test_perpetuals_have_funding_and_delivery_contracts_have_none() -> None:
    assert VENUE.parse_funding(answer([PERPETUAL, DELIVERY])) == [
        Funding("BTCUSDT", -0.000125, 1_600_000_000_000, 34_287.54619963, 1_599_999_000_000)
    ]


@pytest.mark.parametrize("text", ["", "NaN", "1e-4", "--1", "+0.1", "0,1", "٠.١"])
def test_what_is_no_number_is_not_known(text: str) -> None:
    found = VENUE.parse_funding(answer([PERPETUAL | {"lastFundingRate": text, "markPrice": text}]))
    assert isinstance(found, list)
    assert (found[0].rate, found[0].mark_price) == (None, None)


def test_intervals_by_symbol() -> None:
    rows = [{"symbol": "AAAUSDT", "fundingIntervalHours": 4}, {"symbol": "BBBUSDT", "fundingIntervalHours": 1}]
    assert VENUE.parse_intervals(answer(rows)) == {"AAAUSDT": 4, "BBBUSDT": 1}


SETTLED = {
    "symbol": "BTCUSDT",
    "fundingRate": "-0.03750000",
    "fundingTime": 1_570_608_000_003,
    "markPrice": "34287.54619963",
    "rateType": "Regular",
}


def test_fundings_that_took_place_by_value() -> None:
    rows = [SETTLED, SETTLED | {"symbol": "ETHUSDT", "fundingRate": "NaN"}]
    assert VENUE.parse_settled(answer(rows)) == [Settled("BTCUSDT", -0.0375, 1_570_608_000_003)]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'[{"symbol":"A"}]', b'[{"symbol":"A","time":-1}]', b"[1]", b"[" * 5_000]
)
def test_another_format_is_unreadable_not_an_exception(body: bytes) -> None:
    given = answer(body)
    for found in (VENUE.parse_funding(given), VENUE.parse_intervals(given), VENUE.parse_settled(given)):
        assert isinstance(found, Refusal)
        assert found.kind == "unreadable"
