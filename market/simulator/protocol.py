"""One websocket connection as the venue sees it: control messages in, replies and closes out. No I/O.

Answers follow the venue's own table of errors; see docs of the exchange, "Live Subscribing/Unsubscribing to streams".
"""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MAX_STREAMS = 1_024
MAX_MESSAGES_PER_SECOND = 10
#: Longer client messages cost the connection, without a word
MAX_MESSAGE_CHARACTERS = 8_000
CLOSE_POLICY = 1008
CLOSE_NORMAL = 1000
#: "Drop the connection, no close frame"
CLOSE_ABRUPT = 1006

METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
_ROUTES = ("market", "public", "private")


@dataclass(frozen=True)
class Entrance:
    """What the address of a websocket decides. Only the `market` route carries aggTrade; "" is the old, silent path."""

    route: str
    is_combined: bool
    streams: tuple[str, ...]


def entrance_of(target: str) -> Entrance | None:
    """The entrance a request target names; None when it is no websocket address of the venue."""
    address = urlsplit(target)
    parts = address.path.removeprefix("/").split("/")
    route = parts.pop(0) if parts[0] in _ROUTES else ""
    if not parts or (len(parts) > 1 and "" in parts):
        return None
    mode, *names = parts
    if mode == "ws" and not address.query:
        return Entrance(route, False, tuple(unquote(name) for name in names))
    if mode == "stream" and not names:
        listed = parse_qs(address.query).get("streams", [""])[0]
        return Entrance(route, True, tuple(name for name in listed.split("/") if name))
    return None


@dataclass(frozen=True)
class Answer:
    """What one message causes: replies in order, then perhaps the end of the connection."""

    replies: tuple[str, ...] = ()
    close_code: int | None = None
    close_reason: str = ""


class _RefusedError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Session:
    """State of one connection. Times are seconds of any monotonic clock."""

    entrance: Entrance
    streams: dict[str, None] = field(init=False)
    is_combined: bool = field(init=False)
    _heard: deque[float] = field(init=False, default_factory=deque)

    def __post_init__(self) -> None:
        self.streams = dict.fromkeys(self.entrance.streams)
        self.is_combined = self.entrance.is_combined

    @property
    def carries_trades(self) -> bool:
        return self.entrance.route == "market"

    def hear(self, now: float) -> Answer:
        """Count one frame from the client, ping and pong included."""
        while self._heard and self._heard[0] <= now - 1.0:
            self._heard.popleft()
        self._heard.append(now)
        if len(self._heard) > MAX_MESSAGES_PER_SECOND:
            return Answer(close_code=CLOSE_POLICY, close_reason="Too many requests")
        return Answer()

    def receive(self, text: str) -> Answer:
        """Answer one text message."""
        if len(text) > MAX_MESSAGE_CHARACTERS:
            return Answer(close_code=CLOSE_ABRUPT)
        try:
            message = json.loads(text, parse_constant=_refuse_constant)
        except ValueError as error:
            at = error if isinstance(error, json.JSONDecodeError) else None
            place = f"line {at.lineno} column {at.colno}" if at else "line 1 column 1"
            refusal = _error(3, f"Invalid JSON: expected value at {place}", None)
            return Answer((refusal,), CLOSE_NORMAL, "Invalid JSON")
        identity = message.get("id") if isinstance(message, dict) else None
        try:
            result = self._act(message, text)
        except _RefusedError as refused:
            return Answer((_error(refused.code, refused.message, identity if _is_id(identity) else None),))
        return Answer((_text({"result": result, "id": identity}),))

    def _act(self, message: Any, text: str) -> Any:
        if not isinstance(message, dict) or "method" not in message:
            raise _RefusedError(2, f"Invalid request: missing field `method` at line 1 column {len(text)}")
        method = message["method"]
        if method not in METHODS:
            raise _RefusedError(2, _unknown_variant(method, text))
        if not _is_id(message.get("id")):
            raise _RefusedError(2, "Invalid request: request ID must be an unsigned integer")
        if method == "LIST_SUBSCRIPTIONS":
            return list(self.streams)
        params = message.get("params")
        if not isinstance(params, list):
            raise _RefusedError(2, f"Invalid request: missing field `params` at line 1 column {len(text)}")
        match method:
            case "SUBSCRIBE":
                return self._subscribe(params)
            case "UNSUBSCRIBE":
                return self._unsubscribe(params)
            case "SET_PROPERTY":
                return self._set_property(params)
        return self._get_property(params)

    def _subscribe(self, names: list[Any]) -> None:
        _require_stream_names(names)
        wanted = {**self.streams, **dict.fromkeys(names)}
        if len(wanted) > MAX_STREAMS:
            raise _RefusedError(4, "Too many subscriptions")
        self.streams = wanted

    def _unsubscribe(self, names: list[Any]) -> None:
        _require_stream_names(names)
        for name in names:
            self.streams.pop(name, None)

    def _set_property(self, params: list[Any]) -> None:
        _require_property(params, count=2)
        if not isinstance(params[1], bool):
            raise _RefusedError(1, "Invalid value type: expected Boolean")
        self.is_combined = params[1]

    def _get_property(self, params: list[Any]) -> bool:
        _require_property(params, count=1)
        return self.is_combined


def _require_stream_names(names: list[Any]) -> None:
    if not all(isinstance(name, str) for name in names):
        raise _RefusedError(2, "Invalid request: invalid stream")


def _require_property(params: list[Any], *, count: int) -> None:
    if len(params) > count:
        raise _RefusedError(2, "Invalid request: too many parameters")
    if not params or not isinstance(params[0], str):
        raise _RefusedError(2, "Invalid request: property name must be a string")
    if params[0] != "combined":
        raise _RefusedError(0, "Unknown property")
    if len(params) < count:
        raise _RefusedError(1, "Invalid value type: expected Boolean")


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _unknown_variant(method: Any, text: str) -> str:
    expected = ", ".join(f"`{name}`" for name in METHODS)
    quoted = json.dumps(method, ensure_ascii=False)
    column = text.find(quoted) + len(quoted)
    name = method if isinstance(method, str) else quoted
    return f"Invalid request: unknown variant `{name}`, expected one of {expected} at line 1 column {column}"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _error(code: int, message: str, identity: int | None) -> str:
    return _text({"error": {"code": code, "msg": message}, "id": identity})


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
