"""Each request has an id: in the answer, on error pages, and in every line that is logged meanwhile."""

import logging
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin() -> str:
    """A new id for what runs from here on in this context."""
    _current.set(uuid.uuid4().hex[:16])
    return _current.get()


def current() -> str:
    """The id of the request that is answered now; empty outside of one."""
    return _current.get()


class WithRequestId(logging.Filter):
    """Adds `request_id` to records: "[id] ", or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = f"[{current()}] " if current() else ""
        return True
