"""One active recorder: a session lock on a connection of its own."""

from typing import Any, Literal

import psycopg
from django.db import connection

_LOCK = 7_210_003
Hold = Literal["held", "other", "away"]


class IngestLock:
    """`step` takes or re-checks the lock. "other": another process has it. "away": Postgres does not answer.

    Postgres frees the lock when the session ends; keep-alives end it within 10 s when the holder's machine is gone.
    """

    def __init__(self, shard: int = 0) -> None:
        self._shard = shard
        self._session: psycopg.Connection[Any] | None = None

    def step(self) -> Hold:
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return "held"
            return self._take()
        except psycopg.Error:
            self.release()
            return "away"

    def _take(self) -> Hold:
        session = psycopg.connect(**_parameters(), autocommit=True)
        row = session.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, self._shard]).fetchone()
        if row and row[0]:
            self._session = session
            return "held"
        session.close()
        return "other"

    def release(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _parameters() -> dict[str, Any]:
    settings = connection.settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    known = {theirs: settings[ours] for ours, theirs in names.items() if settings.get(ours)}
    keepalives = {"keepalives": 1, "keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 3}
    return {**known, **keepalives, "connect_timeout": 5, "tcp_user_timeout": 10_000}
