"""Frames of the simulated exchange equal those of the wire, byte for byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from market.simulator.decimals import join, split
from market.simulator.frames import agg_trade, combined, rest_row, stream_name, text_frame
from market.simulator.ledger import Row
from tests.shared_data import SHARED_DATA, needs_shared_data

# Recorded 2026-10-06, exchange protocol reference 2.6
RECORDED = (
    '{"e":"aggTrade","E":1791269849801,"a":3476312671,"s":"BTCUSDT","p":"85299.90","q":"0.004","nq":"0.004",'
    '"f":8149080393,"l":8149080393,"T":1791269849651,"m":true,"st":1}'
)
ROW: Row = (
    3476312671, 1791269849651, 1791269849801, 8149080393, 8149080393, 8529990, 4, 4, 2, 3, 3, True,
)  # fmt: skip


def row_of(payload: str) -> Row:
    frame = json.loads(payload)
    (price, price_scale), (size, size_scale), (net, net_scale) = (split(frame[key]) for key in ("p", "q", "nq"))
    ids = (frame["a"], frame["T"], frame["E"], frame["f"], frame["l"])
    return (*ids, price, size, net, price_scale, size_scale, net_scale, frame["m"])


def test_agg_trade_is_the_recorded_frame() -> None:
    assert agg_trade("BTCUSDT", ROW) == RECORDED


def test_rest_row_has_the_keys_of_the_venue() -> None:
    assert rest_row(ROW) == (
        '{"a":3476312671,"p":"85299.90","q":"0.004","nq":"0.004","f":8149080393,"l":8149080393,"T":1791269849651,"m":true}'
    )


@needs_shared_data
def test_frames_of_2026_come_back_byte_for_byte() -> None:
    lines = (SHARED_DATA / "wire" / "ws_frames.ndjson").read_text().splitlines()
    frames = [json.loads(line)["frame"] for line in lines]
    recorded = [frame for frame in frames if '"e":"aggTrade"' in frame and '"nq"' in frame]
    assert recorded
    for frame in recorded:
        stream = json.loads(frame)["stream"]
        payload = frame[len('{"stream":"","data":') + len(stream) : -1]
        symbol = json.loads(payload)["s"]
        assert combined(stream_name(symbol), agg_trade(symbol, row_of(payload))) == frame


def test_stream_names_lower_the_latin_letters_only() -> None:
    assert [stream_name(name) for name in ("1000PEPEUSDT", "BTCUSDT_261225", "龙虾USDT")] == [
        "1000pepeusdt@aggTrade",
        "btcusdt_261225@aggTrade",
        "龙虾usdt@aggTrade",
    ]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_text_frames_equal_those_of_the_websocket_library(length: int) -> None:
    text = "x" * length
    assert text_frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@pytest.mark.parametrize("text", ["0", "0.000", "63943.90", "0.0000001", "1.01100", "117598", "0.10"])
def test_decimals_keep_their_text(text: str) -> None:
    assert join(*split(text)) == text


@given(st.integers(0, 10**18), st.integers(0, 12))
def test_decimals_round_trip(mantissa: int, scale: int) -> None:
    assert split(join(mantissa, scale)) == (mantissa, scale)


@pytest.mark.parametrize("text", ["", "1e5", "-1", "01.5", "1.", ".5", "1_000", "１", "NaN", "9" * 30])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a plain decimal|has more digits"):
        split(text)
