"""A person with a browser's manners but no browser: forms over HTTP, topics over the live socket."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.stack import Stack

PASSWORD = "correct horse battery staple"


class Visitor:
    """One logged-in user of a running stack."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.url, follow_redirects=True, timeout=60)
        account = {"email": f"{name}@example.org", "username": name, "password1": PASSWORD, "password2": PASSWORD}
        page = self.post("/accounts/signup/", **account)
        assert "Log out" in page.text, page.text

    def post(self, path: str, **fields: object) -> httpx.Response:
        """Send a form as the page of the same site would."""
        if "csrftoken" not in self.http.cookies:
            self.http.get("/accounts/login/")
        token = self.http.cookies["csrftoken"]
        answer = self.http.post(
            path, data={**fields, "csrfmiddlewaretoken": token}, headers={"Referer": self.stack.url}
        )
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text[:3000]}"
        return answer

    def add_pair(self, y: str, x: str, *, timeframe: str, hedge: int, z: int, correlation: int) -> int:
        """Put a pair on the list with its own windows; the id of its spec."""
        page = self.post("/pairs/add/", y=y, x=x)
        found = re.search(r"pair=(\d+)", str(page.url))
        assert found is not None, page.text
        pair = int(found.group(1))
        self.post(
            f"/pairs/{pair}/settings/",
            timeframe=timeframe,
            hedge_window=hedge,
            z_window=z,
            correlation_window=correlation,
        )
        return int(self.stack.value("SELECT spec_id FROM analytics_pair WHERE id = %s", pair))

    def topic(self, name: str, **query: object) -> dict[str, Any]:
        """The HTTP twin of a topic."""
        answer = self.http.get(f"/api/v1/topics/{name}", params={k: str(v) for k, v in query.items()})
        answer.raise_for_status()
        frame: dict[str, Any] = answer.json()
        return frame

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[ClientConnection]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.http.cookies.items())}
        address = self.stack.url.replace("http://", "ws://") + "/ws/live/"
        async with connect(address, additional_headers=headers, origin=self.stack.url) as socket:  # type: ignore[arg-type]
            yield socket


class Follower:
    """Follows one topic as a browser does: snapshot, deltas, acknowledgements; keeps the points it was told."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.points: dict[int, dict[str, Any]] = {}
        self.seq: int | None = None
        self.frames = 0
        self.holes = 0

    async def follow(self, socket: ClientConnection, *, until: int) -> None:
        """Read frames until sequence number `until`."""
        await socket.send(json.dumps({"op": "sub", "topic": self.topic, "since": self.seq}))
        received = 0
        while self.seq is None or self.seq < until:
            frame = json.loads(await socket.recv())
            received += 1
            await socket.send(json.dumps({"op": "ack", "n": received}, separators=(",", ":")))
            self.take(frame)

    def take(self, frame: dict[str, Any]) -> None:
        if frame.get("topic") != self.topic or frame["kind"] not in ("snapshot", "delta"):
            return
        self.frames += 1
        if frame["kind"] == "snapshot":
            self.points.clear()
        elif self.seq is not None and frame["prev"] is not None and frame["prev"] > self.seq:
            self.holes += 1
        columns = frame["data"]["points"]
        for i, opened in enumerate(columns["t"]):
            self.points[opened] = {name: values[i] for name, values in columns.items()}
        self.seq = frame["seq"]
