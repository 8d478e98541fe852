"""What a client may say on the live socket."""

from typing import Annotated

import msgspec

from market.errors import LivepairsError

LARGEST_MESSAGE = 65_536
_ACK = '{"op":"ack","n":'


class Sub(msgspec.Struct, tag_field="op", tag="sub"):
    topic: str
    since: int | None = None


class Unsub(msgspec.Struct, tag_field="op", tag="unsub"):
    topic: str


class Ack(msgspec.Struct, tag_field="op", tag="ack"):
    n: Annotated[int, msgspec.Meta(ge=0)]


class Ping(msgspec.Struct, tag_field="op", tag="ping"):
    #: any number; it comes back with the answer
    sent: float = 0


class Auth(msgspec.Struct, tag_field="op", tag="auth"):
    token: str


Message = Sub | Unsub | Ack | Ping | Auth
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class MessageError(LivepairsError):
    """A message of a client that cannot be read."""


def acknowledged(text: str) -> int | None:
    """`n` of an ack written without spaces, which is most of what clients say; None for anything else."""
    if not text.startswith(_ACK):
        return None
    number = text[len(_ACK) : -1]
    return int(number) if len(number) < 16 and number.isascii() and number.isdigit() and text[-1] == "}" else None


def read_message(text: str | None) -> Message:
    """Raises MessageError that says what was expected."""
    if text is None:
        raise MessageError("A binary message: the live socket takes JSON text only.")
    try:
        return _decoder.decode(text)
    except msgspec.MsgspecError as error:
        raise MessageError(f"Not a message of the live socket: {error}.") from None
