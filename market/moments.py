"""Points in time as people and programs write them."""

from datetime import UTC, datetime, timedelta

LATEST_MS = 4_102_444_800_000  # 2100
_LONGEST = 40
#: without a zone, whose offset would be written
_EPOCH = datetime(1970, 1, 1)


def read_ms(text: str | int) -> int:
    """Epoch ms of an ISO 8601 time (UTC without a zone), or of epoch ms as digits; ValueError says what is allowed."""
    typed = str(text)
    if typed.isascii() and typed.isdigit() and len(typed) < 16:
        ms = int(typed)
    else:
        try:
            # A "+" in an address arrives as a space
            moment = datetime.fromisoformat(typed[:_LONGEST].replace(" ", "+") if "T" in typed else typed[:_LONGEST])
            ms = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
        except (ValueError, OverflowError):
            raise ValueError(_wrong(typed)) from None
    if not 0 <= ms <= LATEST_MS:
        raise ValueError(_wrong(typed))
    return ms


def as_iso(ms: int) -> str:
    """ISO 8601 with milliseconds, UTC."""
    return f"{(_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec='milliseconds')}Z"


def _wrong(typed: str) -> str:
    return f"{typed[:_LONGEST]!r} is no time from 1970 to 2100: give ISO 8601, like 2026-03-01T12:00:00Z, or epoch ms."
