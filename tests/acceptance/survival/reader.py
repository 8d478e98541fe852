"""An open page: follows a topic for as long as a module of tests runs, through whatever they kill."""

import asyncio
import json
import threading

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from tests.acceptance.visitor import Follower, Visitor

#: a browser tries again after this
RETRY_SECONDS = 0.3


class Reader(threading.Thread):
    """Keeps the points of one topic as the page does: by socket, `since=`, the HTTP twin when told to."""

    def __init__(self, visitor: Visitor, topic: str) -> None:
        super().__init__(name=f"reader of {topic}", daemon=True)
        self.visitor = visitor
        self.follower = Follower(topic)
        self.connects = 0
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True
        self.join()

    def run(self) -> None:
        asyncio.run(self._read())

    async def _read(self) -> None:
        while not self._is_stopped:
            try:
                async with self.visitor.socket() as socket:
                    self.connects += 1
                    await self._follow(socket)
            except (OSError, TimeoutError, WebSocketException, httpx.HTTPError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, socket: ClientConnection) -> None:
        topic, received = self.follower.topic, 0
        await socket.send(json.dumps({"op": "sub", "topic": topic, "since": self.follower.seq}))
        while not self._is_stopped:
            try:
                async with asyncio.timeout(1.0):
                    frame = json.loads(await socket.recv())
            except TimeoutError:
                continue
            received += 1
            await socket.send(json.dumps({"op": "ack", "n": received}, separators=(",", ":")))
            seq = self.follower.seq
            is_hole = frame["kind"] == "delta" and seq is not None and frame["prev"] is not None and frame["prev"] > seq
            if frame["kind"] == "resync" or is_hole:
                query = {} if seq is None else {"since": seq}
                frame = await asyncio.to_thread(self.visitor.topic, topic, **query)
            elif frame["kind"] in ("error", "gone"):
                raise TimeoutError(f"{topic}: {frame}")
            self.follower.take(frame)
