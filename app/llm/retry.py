"""How long to wait before asking again: exponential backoff with full jitter, unless the server says."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0


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
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
