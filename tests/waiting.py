"""Waiting for a state that stays. The limit ends a test that hangs; no machine is too slow for it."""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

PATIENCE_SECONDS = 120.0

_Found = TypeVar("_Found")


async def until(look: Callable[[], _Found | Awaitable[_Found]]) -> _Found:
    """What `look` finds, as soon as that is true. Raises `TimeoutError`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = look()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return cast(_Found, found)
            await asyncio.sleep(0.01)


def driver_threads() -> set[threading.Thread]:
    """Threads of the SQLite driver. One whose connection failed ends a moment later, and needs the loop."""
    return {thread for thread in threading.enumerate() if "_connection_worker" in thread.name}
