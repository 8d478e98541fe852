"""The open sockets of this process: their hub, and the watch that ends what may no longer be open."""

import asyncio
import logging
import time
from collections import Counter
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError

from analytics.access import Login, granted, valid_logins
from analytics.hub import Client, Hub
from analytics.leases import renew

log = logging.getLogger(__name__)

#: sockets of a process that have not shown a token yet
MOST_STRANGERS = 100
STALL_CHECK_S = 1.0
#: a logout, a blocked user or a removed pair ends what it must within this time, control messages or not
RIGHTS_CHECK_S = 5.0


class Socket(Client, Protocol):
    """A client with a login that can be checked and ended."""

    login: Login

    def topics(self) -> list[str]: ...
    def end_if_stalled(self) -> None: ...
    def log_out(self) -> None: ...


class Sockets:
    """Hub and watch run while there are sockets; with the last one all of it ends."""

    def __init__(self) -> None:
        self.hub = Hub(settings.REDIS_URL)
        self._open: dict[Socket, None] = {}
        #: open, but without a token so far
        self.strangers = 0
        self._per_user: Counter[int] = Counter()
        self._tasks: list[asyncio.Task[None]] = []

    def admit(self, socket: Socket, most: int) -> bool:
        """False when the user has so many open."""
        if self._per_user[socket.user_id] >= most:
            return False
        self._per_user[socket.user_id] += 1
        self._open[socket] = None
        if not self._tasks:
            self._tasks = [asyncio.create_task(work) for work in (self.hub.run(), self._watch())]
        return True

    async def dismiss(self, socket: Socket) -> None:
        if socket not in self._open:
            return
        del self._open[socket]
        self._per_user[socket.user_id] -= 1
        if not self._per_user[socket.user_id]:
            del self._per_user[socket.user_id]
        if not self._open:
            del _of_loop[asyncio.get_running_loop()]
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self) -> None:
        checked_at = time.monotonic()
        while True:
            await asyncio.sleep(STALL_CHECK_S)
            for socket in list(self._open):
                socket.end_if_stalled()
            if time.monotonic() - checked_at >= RIGHTS_CHECK_S:
                await self.check_rights()
                checked_at = time.monotonic()

    async def check_rights(self) -> None:
        """End sockets whose login has ended, and subscriptions to what is no longer the user's."""
        sockets = list(self._open)
        asks = {(socket.user_id, topic) for socket in sockets for topic in socket.topics()}
        try:
            logins, rights = await database_sync_to_async(_rights)({socket.login for socket in sockets}, asks)
        except DatabaseError as error:
            log.warning("rights of live sockets could not be checked: %s", error)
            return
        for socket in sockets:
            if socket.login not in logins:
                socket.log_out()
                continue
            for topic in socket.topics():
                if (socket.user_id, topic) in asks - rights:
                    socket.revoke(topic)


def _rights(logins: set[Login], asks: set[tuple[int, str]]) -> tuple[set[Login], set[tuple[int, str]]]:
    allowed = granted(asks)
    renew(allowed)
    return valid_logins(logins), allowed


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Sockets] = WeakKeyDictionary()


def sockets() -> Sockets:
    """The one of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _of_loop:
        _of_loop[loop] = Sockets()
    return _of_loop[loop]
