"""Frames of the stream to columns: by value, then cut, doubled and hostile ones."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.venues import venue_named
from market.venues.base import Parsed
from tests.core.ingest_rows import agg_trade

IDS = {"BTCUSDT": 1, "龙虾USDT": 2, "1000PEPEUSDT": 3}
NOW = 1_700_000_000_200
# Recorded 2026-10-06, exchange-protocol 2.6
RECORDED = (
    b'{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1791269849801,"a":3476312671,"s":"BTCUSDT",'
    b'"p":"85299.90","q":"0.004","nq":"0.004","f":8149080393,"l":8149080393,"T":1791269849651,"m":true,"st":1}}'
)
# Recorded 2021-03-20: no nq, no st
OLD = (
    b'{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1616202009196,"a":389551486,"s":"BTCUSDT",'
    b'"p":"58665.00","q":"0.043","f":621622993,"l":621622993,"T":1616202009188,"m":false}}'
)


def parse(*frames: bytes, now_ms: int = NOW) -> Parsed:
    return venue_named("binance").parse_frames(frames, IDS, now_ms)


def test_a_recorded_frame_by_value() -> None:
    assert parse(RECORDED, now_ms=1791269849801).rows.tolist() == [
        (3476312671, 1791269849651, 85299.90, 0.004, 1, True)
    ]


def test_a_frame_without_the_newer_keys() -> None:
    assert parse(OLD, now_ms=1616202009196).rows.tolist() == [(389551486, 1616202009188, 58665.0, 0.043, 1, False)]


def test_a_raw_frame_without_envelope() -> None:
    assert parse(RECORDED[RECORDED.index(b'{"e"') : -1], now_ms=1791269849801).rows["trade_id"].tolist() == [3476312671]


def test_order_of_arrival_is_kept_and_symbols_are_mapped() -> None:
    rows = parse(agg_trade("龙虾USDT", 9), agg_trade("BTCUSDT", 7), agg_trade("1000PEPEUSDT", 8)).rows
    assert rows[["instrument", "trade_id"]].tolist() == [(2, 9), (1, 7), (3, 8)]


def test_unknown_keys_are_ignored() -> None:
    frame = agg_trade("BTCUSDT", 7).replace(b'"st":1', b'"st":1,"zz":{"deep":[1,2]}')
    assert len(parse(frame).rows) == 1


def test_coin_margined_and_unwanted_symbols_are_dropped_silently() -> None:
    found = parse(agg_trade("BTCUSDT", 7, st=2), agg_trade("XRPUSDT", 8))
    assert len(found.rows) == 0
    assert found.rejected == []


@pytest.mark.parametrize(("p", "q"), [('"0"', '"1"'), ('"1"', '"0.000"'), ('"0"', '"0"')])
def test_a_print_without_price_or_size_only_keeps_its_id(p: str, q: str) -> None:
    found = parse(agg_trade("BTCUSDT", 6), agg_trade("BTCUSDT", 7, p=p, q=q))
    assert found.rows["trade_id"].tolist() == [6]
    assert found.voids["trade_id"].tolist() == [7]
    assert [r.reason for r in found.rejected] == ["zero price"]


HOSTILE = {
    "cut": (agg_trade("BTCUSDT", 7)[:-20], "json"),
    "empty": (b"", "json"),
    "binary": (b"\xff\xfe\x00", "json"),
    "two frames in one": (agg_trade("BTCUSDT", 7) + b"," + agg_trade("BTCUSDT", 8), "json"),
    "underscore": (agg_trade("BTCUSDT", 7, p='"1_000"'), "number"),
    "full width": (agg_trade("BTCUSDT", 7, p='"１２３"'), "number"),
    "NaN text": (agg_trade("BTCUSDT", 7, p='"NaN"'), "number"),
    "infinity text": (agg_trade("BTCUSDT", 7, q='"Infinity"'), "number"),
    "negative": (agg_trade("BTCUSDT", 7, p='"-1.5"'), "number"),
    "comma": (agg_trade("BTCUSDT", 7, p='"1,5"'), "number"),
    "line feed": (agg_trade("BTCUSDT", 7, p='"1\\n2"'), "number"),
    "exponent": (agg_trade("BTCUSDT", 7, p='"1e5"'), "number"),
    "empty number": (agg_trade("BTCUSDT", 7, p='""'), "number"),
    "400 digits": (agg_trade("BTCUSDT", 7, p='"' + "9" * 400 + '"'), "number"),
    "16 digits": (agg_trade("BTCUSDT", 7, p='"1234567890.123456"'), "digits"),
    "number instead of text": (agg_trade("BTCUSDT", 7, p="100.5"), "event"),
    "bare NaN": (agg_trade("BTCUSDT", 7, p="NaN"), "json"),
    "id as text": (agg_trade("BTCUSDT", 7).replace(b'"a":7', b'"a":"7"'), "event"),
    "huge id": (agg_trade("BTCUSDT", 10**30), "event"),
    "negative id": (agg_trade("BTCUSDT", -7), "event"),
    "1970": (agg_trade("BTCUSDT", 7, T=5), "time"),
    "2100": (agg_trade("BTCUSDT", 7, T=4_102_444_800_000, E=4_102_444_800_000), "time"),
    "microseconds": (agg_trade("BTCUSDT", 7, T=1_700_000_000_000_000, E=1_700_000_000_000_000), "time"),
    "far from its sending": (agg_trade("BTCUSDT", 7, T=1_600_000_000_000), "time"),
    "largest time": (agg_trade("BTCUSDT", 7, T=2**63 - 1), "time"),
    "unknown event": (b'{"stream":"x","data":{"e":"kline","k":{}}}', "event"),
    "a list": (b"[1,2]", "type"),
    "deep": (b"[" * 5_000, "type"),
    "no symbol": (agg_trade("BTCUSDT", 7).replace(b'"s":"BTCUSDT",', b""), "event"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_frame_is_refused_and_its_neighbours_are_kept(name: str) -> None:
    frame, reason = HOSTILE[name]
    found = parse(agg_trade("BTCUSDT", 6), frame, agg_trade("BTCUSDT", 8))
    assert found.rows["trade_id"].tolist() == [6, 8]
    assert [r.reason for r in found.rejected] == [reason]
    assert len(found.rejected[0].text) <= 2_000


def test_a_symbol_of_a_megabyte_is_dropped() -> None:
    assert len(parse(agg_trade("X" * 1_000_000, 7)).rows) == 0


def test_fifteen_digits_survive_exactly() -> None:
    found = parse(agg_trade("BTCUSDT", 7, p='"123456789.012345"', q='"0.000000123456789012345"'))
    assert found.rejected == []
    assert (found.rows["price"][0], found.rows["size"][0]) == (123456789.012345, 0.000000123456789012345)


@given(st.integers(1, 10**15 - 1), st.integers(0, 12))
def test_any_fifteen_digits_come_back_as_written(digits: int, decimals: int) -> None:
    text = f"{digits:0{decimals + 1}d}"
    text = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    price = float(parse(agg_trade("BTCUSDT", 7, p=f'"{text}"')).rows["price"][0])
    assert f"{price:.{decimals}f}" == text


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_answered_never_stored(noise: bytes) -> None:
    assert len(parse(noise).rows) == 0


@given(st.data())
def test_any_damage_to_a_frame_never_breaks_the_batch(data: st.DataObject) -> None:
    frame = agg_trade("BTCUSDT", 7)
    at = data.draw(st.integers(0, len(frame) - 1))
    damaged = frame[:at] + data.draw(st.binary(max_size=4)) + frame[at + data.draw(st.integers(0, 4)) :]
    rows = parse(agg_trade("BTCUSDT", 6), damaged, agg_trade("BTCUSDT", 8)).rows
    assert {6, 8} <= set(rows["trade_id"].tolist())
    assert np.isfinite(rows["price"]).all()
    assert (rows["price"] > 0).all()


def test_replies_between_trades_are_told_apart() -> None:
    frames = (
        b'{"result":null,"id":4}',
        agg_trade("BTCUSDT", 7),
        b'{"error":{"code":2,"msg":"Invalid request"},"id":5}',
        b'{"code":3,"msg":"Invalid JSON"}',
        b'{"result":["btcusdt@aggTrade"],"id":6}',
    )
    found = parse(*frames)
    assert [(r.id, r.error) for r in found.replies] == [
        (4, ""),
        (5, "2: Invalid request"),
        (None, "3: Invalid JSON"),
        (6, ""),
    ]
    assert len(found.rows) == 1


def test_at_most_200_names_go_into_one_message() -> None:
    symbols = [f"S{number}USDT" for number in range(450)]
    messages = [msgspec.json.decode(m) for m in venue_named("binance").subscribe(symbols, 10)]
    assert [(m["method"], len(m["params"]), m["id"]) for m in messages] == [
        ("SUBSCRIBE", 200, 10),
        ("SUBSCRIBE", 200, 11),
        ("SUBSCRIBE", 50, 12),
    ]


def test_only_latin_letters_change_in_a_stream_name() -> None:
    message = venue_named("binance").unsubscribe(["龙虾USDT", "BTCUSDT_261225"], 1)[0]
    assert message == '{"method":"UNSUBSCRIBE","params":["龙虾usdt@aggTrade","btcusdt_261225@aggTrade"],"id":1}'
