"""Cutting a byte stream into websocket frames, whole text frames first: they are all but a few of what comes. Pure."""

from dataclasses import dataclass

_TEXT = 0x81
_HEADER = 2


@dataclass(frozen=True, slots=True)
class Cut:
    """Payloads of whole text frames, then where the first byte stands that is none of them."""

    payloads: list[bytes]
    end: int


def cut_texts(data: bytes, start: int) -> Cut:
    """Unfragmented, unmasked text frames shorter than 64 kB from `start` on, as many as are complete."""
    payloads: list[bytes] = []
    size = len(data)
    at = start
    while at + 4 <= size and data[at] == _TEXT:
        length = data[at + 1]
        begin = at + 2
        if length == 126:
            length = data[at + 2] << 8 | data[at + 3]
            begin = at + 4
        elif length > 126:
            break
        end = begin + length
        if end > size:
            break
        payloads.append(data[begin:end])
        at = end
    return Cut(payloads, at)


def frame_size(data: bytes, at: int) -> int | None:
    """Bytes of the frame that begins at `at`, whatever its kind; None while its header is incomplete."""
    if len(data) < at + _HEADER:
        return None
    length = data[at + 1] & 0x7F
    mask = 4 if data[at + 1] & 0x80 else 0
    extra = {126: 2, 127: 8}.get(length, 0)
    if len(data) < at + _HEADER + extra:
        return None
    if extra:
        length = int.from_bytes(data[at + _HEADER : at + _HEADER + extra])
    return _HEADER + extra + mask + length
