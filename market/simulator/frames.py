"""Frames as the venue writes them: aggTrade text, stream envelope, and the bytes of one websocket text frame."""

from market.simulator.decimals import join
from market.simulator.ledger import Row

_SMALL, _MEDIUM = 125, 65_535


def agg_trade(symbol: str, row: Row) -> str:
    """The aggTrade payload, key order and spacing of the wire."""
    a, traded, sent, first, last, price, size, net, price_scale, size_scale, net_scale, is_maker = row
    return (
        f'{{"e":"aggTrade","E":{sent},"a":{a},"s":"{symbol}","p":"{join(price, price_scale)}"'
        f',"q":"{join(size, size_scale)}","nq":"{join(net, net_scale)}","f":{first},"l":{last},"T":{traded}'
        f',"m":{"true" if is_maker else "false"},"st":1}}'
    )


def rest_row(row: Row) -> str:
    """The same trade as `/fapi/v1/aggTrades` answers it."""
    a, traded, _, first, last, price, size, net, price_scale, size_scale, net_scale, is_maker = row
    return (
        f'{{"a":{a},"p":"{join(price, price_scale)}","q":"{join(size, size_scale)}","nq":"{join(net, net_scale)}"'
        f',"f":{first},"l":{last},"T":{traded},"m":{"true" if is_maker else "false"}}}'
    )


def stream_name(symbol: str) -> str:
    return f"{symbol.lower()}@aggTrade"


def combined(stream: str, data: str) -> str:
    return f'{{"stream":"{stream}","data":{data}}}'


def text_frame(text: str) -> bytes:
    """One unmasked, final websocket text frame (RFC 6455 section 5.2): the same bytes for every client."""
    payload = text.encode()
    length = len(payload)
    if length <= _SMALL:
        return bytes((0x81, length)) + payload
    if length <= _MEDIUM:
        return b"\x81\x7e" + length.to_bytes(2) + payload
    return b"\x81\x7f" + length.to_bytes(8) + payload
