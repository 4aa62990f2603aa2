"""The one retry layer: exponential backoff with jitter, unless the server says how long to wait."""

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from app.errors import LLMError

T = TypeVar("T")
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A failed call: `outcome` for the usage record, `transient` if trying again may help."""

    outcome: str
    error: LLMError
    transient: bool = False
    retry_after: float | None = None
    refusal: str | None = None


class FailedCallError(Exception):
    """A failure already read, on its way to the retry layer; it never leaves `app.llm`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error.detail)
        self.failure = failure


class AskDifferentlyError(Exception):
    """The endpoint refused something optional; the same call is worth making without it."""


async def persist(
    attempt: Callable[[], Awaitable[T]], retries: int, gate: Callable[[], Awaitable[None]] | None = None
) -> T:
    """The answer of `attempt`, tried again `retries` times after transient failures, else its `LLMError`.

    `gate` is awaited before each try, for an endpoint that is known to be on its way.
    """
    failed_tries = 0
    while True:
        if gate is not None:
            await gate()
        try:
            return await attempt()
        except AskDifferentlyError:
            continue
        except FailedCallError as failed:
            failed_tries += 1
            failure = failed.failure
            if not failure.transient or failed_tries > retries:
                raise failure.error from failed.__cause__
            pause = wait_before(failed_tries, failure.retry_after)
            _log.warning("%s; trying again in %.1f s", failure.error.detail, pause)
            await asyncio.sleep(pause)


def wait_before(attempt: int, retry_after: float | None) -> float:
    """Seconds before try number `attempt` + 1 (`attempt` counts from 1), never above `LONGEST_WAIT`.

    The server's own `retry_after` is honoured; otherwise a random part of a wait that doubles each time,
    so that callers who failed together do not come back together.
    """
    if retry_after is not None:
        return min(max(retry_after, 0.0), LONGEST_WAIT)
    ceiling = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return random.uniform(ceiling / 2, ceiling)


def read_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds asked for by `Retry-After` (RFC 9110: seconds or an HTTP date), None if there is none."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now or datetime.now(UTC))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    """Seconds to an HTTP date; a date without a zone is read as UTC, an unreadable one is not a number."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
