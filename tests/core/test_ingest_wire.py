"""Cutting bytes into websocket frames, wherever the network cut them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from market.ingest.wire import cut_texts, frame_size


def frame(payload: bytes, first: int = 0x81) -> bytes:
    if len(payload) < 126:
        return bytes((first, len(payload))) + payload
    if len(payload) < 65_536:
        return bytes((first, 126)) + len(payload).to_bytes(2) + payload
    return bytes((first, 127)) + len(payload).to_bytes(8) + payload


def test_whole_frames_are_cut_and_the_rest_stays() -> None:
    data = frame(b"one") + frame(b"x" * 300) + frame(b"three")[:4]
    cut = cut_texts(data, 0)
    assert cut.payloads == [b"one", b"x" * 300]
    assert data[cut.end :] == frame(b"three")[:4]


def test_a_control_frame_ends_the_cut() -> None:
    data = frame(b"one!") + frame(b"ping", first=0x89) + frame(b"two!")
    cut = cut_texts(data, 0)
    assert cut.payloads == [b"one!"]
    assert frame_size(data, cut.end) == len(frame(b"ping"))


def test_fragments_and_long_frames_are_left_to_the_library() -> None:
    for data in (frame(b"part", first=0x01), frame(b"x" * 70_000), bytes((0x81, 0x84)) + b"maskabcd"):
        assert cut_texts(data, 0).payloads == []
        assert frame_size(data, 0) == len(data)


def test_an_incomplete_header_has_no_size_yet() -> None:
    assert frame_size(b"\x81", 0) is None
    assert frame_size(b"\x81\x7e\x01", 0) is None
    assert frame_size(b"\x81\x7f" + b"\0" * 7, 0) is None


@given(st.lists(st.binary(max_size=400), max_size=20), st.lists(st.integers(0, 6_000), max_size=8))
def test_any_cutting_of_the_stream_gives_the_same_frames(payloads: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(frame(p) for p in payloads)
    bounds = [0, *sorted(min(c, len(stream)) for c in cuts), len(stream)]
    found: list[bytes] = []
    held = b""
    for start, end in pairwise(bounds):
        data = held + stream[start:end]
        cut = cut_texts(data, 0)
        found += cut.payloads
        held = data[cut.end :]
    # A frame of less than 4 bytes waits for what follows it
    while held:
        size = frame_size(held, 0)
        assert size is not None
        found.append(held[2:size])
        held = held[size:]
    assert found == payloads
