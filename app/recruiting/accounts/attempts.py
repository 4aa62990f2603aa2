"""Slows down guessing: failed log-ins are counted a name and address, and an address alone."""

import math
import time
from collections import deque
from collections.abc import Callable

from app.errors import TooManyRequestsError

WINDOW_SECONDS = 300.0
MOST_PER_NAME = 5
MOST_PER_ADDRESS = 30
_MOST_KEYS = 10_000


class LogInAttempts:
    """Failures of the last `WINDOW_SECONDS`, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, ...], deque[float]] = {}

    def check(self, name: str, address: str) -> None:
        """Raises `TooManyRequestsError` whose `minutes` says how long to wait."""
        for key, most in (((name, address), MOST_PER_NAME), ((address,), MOST_PER_ADDRESS)):
            failures = self._recent(key)
            if len(failures) >= most:
                raise LogInRefusedError(failures[0] + WINDOW_SECONDS - self._clock())

    def failed(self, name: str, address: str) -> None:
        """Count a failure."""
        if len(self._failures) >= _MOST_KEYS:
            self._forget_old()
        for key in ((name, address), (address,)):
            self._failures.setdefault(key, deque(maxlen=MOST_PER_ADDRESS)).append(self._clock())

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        self._failures.pop((name, address), None)

    def _recent(self, key: tuple[str, ...]) -> deque[float]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= self._clock() - WINDOW_SECONDS:
            failures.popleft()
        return failures

    def _forget_old(self) -> None:
        self._failures = {key: failures for key in list(self._failures) if (failures := self._recent(key))}


class LogInRefusedError(TooManyRequestsError):
    """Too many failed log-ins; `minutes` to wait, at least 1."""

    def __init__(self, seconds: float) -> None:
        self.minutes = max(1, math.ceil(seconds / 60))
        super().__init__("too many failed log-ins", hint=f"Wait {self.minutes} min and try again.")
