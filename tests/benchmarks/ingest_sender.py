"""An exchange that only sends: prebuilt aggTrade frames as fast as the reader takes them, in a process of its own.

Run as a module with the number of trades and "rising" or "late" ids. It prints its port, waits for a subscription,
answers it, and sends; pings are answered meanwhile. With "late" ids the first frame of each symbol carries a huge id,
so that no later id can be proven new and each batch goes through staging.
"""

import base64
import hashlib
import re
import socket
import struct
import sys
import threading
import time

SYMBOLS = [f"S{number:02d}USDT" for number in range(20)]
FIRST_ID = 3_000_000_000
LATE_ID = 4_000_000_000
_KEY = re.compile(rb"sec-websocket-key:\s*(\S+)", re.IGNORECASE)
_CHUNK = 500
_PING = 9


def frame(text: bytes) -> bytes:
    """An unmasked text frame below 64 kB."""
    return struct.pack(">BBH", 0x81, 126, len(text)) + text


def trade(symbol: str, trade_id: int, ms: int) -> bytes:
    return frame(
        f'{{"stream":"{symbol.lower()}@aggTrade","data":{{"e":"aggTrade","E":{ms + 150},"a":{trade_id},"s":"{symbol}",'
        f'"p":"{60_000 + trade_id % 1000}.10","q":"0.{1 + trade_id % 899}","nq":"0.{1 + trade_id % 899}",'
        f'"f":{trade_id},"l":{trade_id},"T":{ms},"m":{"true" if trade_id % 2 else "false"},"st":1}}}}'.encode()
    )


def frames(count: int, *, late: bool) -> list[bytes]:
    """Chunks of frames, symbols in turn."""
    now = time.time_ns() // 1_000_000
    size = len(SYMBOLS)
    single = [trade(SYMBOLS[n % size], FIRST_ID + n // size, now + n // 100) for n in range(count)]
    if late:
        single[:size] = [trade(symbol, LATE_ID, now) for symbol in SYMBOLS]
    return [b"".join(single[start : start + _CHUNK]) for start in range(0, count, _CHUNK)]


def serve(listener: socket.socket, chunks: list[bytes]) -> None:
    """Shake hands, acknowledge the first subscription, send everything, and stay until the reader leaves."""
    connection = _shake_hands(listener)
    _read_message(connection)
    connection.sendall(frame(b'{"result":null,"id":1}'.ljust(130)))
    turn = threading.Lock()
    threading.Thread(target=_answer_pings, args=(connection, turn), daemon=True).start()
    for chunk in chunks:
        with turn:
            connection.sendall(chunk)
    threading.Event().wait()


def _answer_pings(connection: socket.socket, turn: threading.Lock) -> None:
    while True:
        opcode, payload = _read_message(connection)
        if opcode == _PING:
            with turn:
                connection.sendall(bytes((0x8A, len(payload))) + payload)


def _shake_hands(listener: socket.socket) -> socket.socket:
    while True:
        connection, _ = listener.accept()
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        found = _KEY.search(head)
        if found is None:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            connection.close()
            continue
        digest = hashlib.sha1(found.group(1) + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        return connection


def _read_message(connection: socket.socket) -> tuple[int, bytes]:
    """Opcode and unmasked payload of one message; ends the thread or process when the reader has left."""
    head = _read(connection, 2)
    length = head[1] & 127
    if length == 126:
        (length,) = struct.unpack(">H", _read(connection, 2))
    mask = _read(connection, 4)
    payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(_read(connection, length)))
    return head[0] & 15, payload


def _read(connection: socket.socket, count: int) -> bytes:
    data = connection.recv(count, socket.MSG_WAITALL) if count else b""
    if len(data) < count:
        raise SystemExit
    return data


def main() -> None:
    chunks = frames(int(sys.argv[1]), late=sys.argv[2] == "late")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        print(listener.getsockname()[1], flush=True)
        serve(listener, chunks)


if __name__ == "__main__":
    main()
