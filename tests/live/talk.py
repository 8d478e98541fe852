"""A client of the live socket for tests, in this process and loop, through the whole ASGI application."""

import json
from typing import Any, ClassVar, Self

from channels.testing import WebsocketCommunicator

GUARD = 90


class Talk:
    """Says and hears JSON. Acknowledges only when told to."""

    _open: ClassVar[list["Talk"]] = []

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket = socket
        self.heard = 0

    @classmethod
    async def to(
        cls,
        session: str | None,
        *,
        origin: str | None = "http://localhost",
        authorization: str | None = None,
        link: str = "",
    ) -> Self:
        """A socket that was let in; AssertionError when the handshake was refused."""
        talk = cls.dial(session, origin=origin, authorization=authorization, link=link)
        accepted, code = await talk.socket.connect(GUARD)
        assert accepted, f"refused with {code}"
        return talk

    @classmethod
    def dial(
        cls,
        session: str | None,
        *,
        origin: str | None = "http://localhost",
        host: str = "localhost",
        authorization: str | None = None,
        link: str = "",
    ) -> Self:
        from livepairs.asgi import application

        headers = [(b"host", host.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if authorization is not None:
            headers.append((b"authorization", authorization.encode()))
        if session:
            headers.append((b"cookie", f"sessionid={session}".encode()))
        talk = cls(WebsocketCommunicator(application, f"/ws/live/?link={link}" if link else "/ws/live/", headers))
        cls._open.append(talk)
        return talk

    async def say(self, **message: Any) -> None:
        await self.socket.send_to(text_data=json.dumps(message, separators=(",", ":")))

    async def hear_text(self) -> str:
        text = await self.socket.receive_from(GUARD)
        self.heard += 1
        return str(text)

    async def hear(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.hear_text())
        return frame

    async def closed_with(self) -> int:
        """The code of the close, after any frames."""
        while True:
            event = await self.socket.receive_output(GUARD)
            if event["type"] == "websocket.close":
                return int(event["code"])

    async def acknowledge(self) -> None:
        await self.say(op="ack", n=self.heard)

    @classmethod
    async def close_all(cls) -> None:
        talks, cls._open = cls._open, []
        for talk in talks:
            await talk.socket.disconnect(timeout=GUARD)
