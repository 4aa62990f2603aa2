"""Slows down guessing: failed log-ins are counted a name and address, and an address alone.

They are counted in the database, so that it holds for all processes that serve from it.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import LogInFailure
from app.errors import TooManyRequestsError
from app.recruiting.accounts.credentials import name_key
from app.recruiting.accounts.repository import LogInFailures

WINDOW = timedelta(minutes=5)
MOST_PER_NAME = 5
MOST_PER_ADDRESS = 30


@dataclass(frozen=True)
class Attempt:
    """Someone at `address` gives the name whose hash is `name_hash`."""

    name_hash: str
    address: str

    @classmethod
    def of(cls, name: str, address: str) -> "Attempt":
        hashed = sha256(name_key(name).encode("utf-8", "replace")).hexdigest()
        return cls(hashed, _household(address))

    async def begin(self, session: AsyncSession, at: datetime) -> "LogInRefusedError | None":
        """Count it as a failure until it succeeds, or say why it may not be tried.

        Counted before the slow check of a password: guesses sent at once don't slip through together.
        """
        failures = LogInFailures(session)
        await failures.lock()
        await failures.drop_old(at - WINDOW)
        for name_hash, most in ((self.name_hash, MOST_PER_NAME), (None, MOST_PER_ADDRESS)):
            number, first = await failures.count(self.address, name_hash)
            if first is not None and number >= most:
                return LogInRefusedError(first + WINDOW - at)
        await failures.add(LogInFailure(name_hash=self.name_hash, address=self.address, at=at))
        return None

    async def succeeded(self, session: AsyncSession) -> None:
        """Forget the failures of this name from this address."""
        await LogInFailures(session).drop(self.address, self.name_hash)


class LogInRefusedError(TooManyRequestsError):
    """Too many failed log-ins; `minutes` to wait, at least 1."""

    def __init__(self, wait: timedelta) -> None:
        self.minutes = max(1, math.ceil(wait.total_seconds() / 60))
        super().__init__("too many failed log-ins", hint=f"Wait {self.minutes} min and try again.")


def _household(address: str) -> str:
    """The address; of version 6 the /64 network, in which one household can take any."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:80]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
