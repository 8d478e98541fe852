"""Waiting in tests: poll for a condition; the guard only ends a hang, it is no time limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")
STEP = 0.05


def wait_until(condition: Callable[[], T], *, guard: float = 90.0, what: str = "") -> T:
    """The first truthy value of `condition`; AssertionError when the guard ends the wait."""
    end = time.monotonic() + guard
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"still waiting after {guard} s: {what or condition}; last value {value!r}")
        time.sleep(STEP)


@overload
async def await_until(condition: Callable[[], Awaitable[T]], *, guard: float = ..., what: str = ...) -> T: ...


@overload
async def await_until(condition: Callable[[], T], *, guard: float = ..., what: str = ...) -> T: ...


async def await_until(condition: Callable[[], T | Awaitable[T]], *, guard: float = 90.0, what: str = "") -> T:
    """As `wait_until`, for a coroutine."""
    end = time.monotonic() + guard
    while True:
        value = condition()
        if isinstance(value, Awaitable):
            value = await value
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"still waiting after {guard} s: {what or condition}; last value {value!r}")
        await asyncio.sleep(STEP)
