"""What an account is known by: its name, and its password, how that is made, stored and checked."""

import asyncio
import secrets
import unicodedata

from pwdlib import PasswordHash

from app.db.audit import CANDIDATE, COMMAND_LINE, SYSTEM, Actor
from app.errors import BadInputError
from app.text.fold import fold

LONGEST_NAME = 80
# Whoever fails to log in.
SOMEONE = Actor("someone")

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
# Letters and digits that are not mistaken for one another when typed from a terminal.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 5
# Each check fills 64 MiB and a core for a moment; many guesses at once wait for one another.
_AT_ONCE = 2


class UnusableNameError(BadInputError):
    """Empty, too long, partly invisible, or reserved."""


def name_key(name: str) -> str:
    """The name by which two that look alike are one account."""
    return fold(name).text


OTHER_ACTORS = tuple(actor.name for actor in (CANDIDATE, SYSTEM, COMMAND_LINE, SOMEONE))
# Beside what it did, an account of such a name could not be told from one that is no account.
_TAKEN = {name_key(name) for name in OTHER_ACTORS}


def clean_name(name: str) -> str:
    """The name as it is kept: NFKC, white space collapsed. Raises `UnusableNameError`."""
    cleaned = " ".join(unicodedata.normalize("NFKC", name).split())
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise UnusableNameError(
            f"the name has {len(cleaned)} characters", hint=f"Take 1 to {LONGEST_NAME} characters."
        )
    if not cleaned.isprintable():
        raise UnusableNameError("the name has invisible characters", hint="Type it instead of pasting it.")
    if name_key(cleaned) in _TAKEN:
        raise UnusableNameError(
            f"the name {cleaned} stands for something else in the audit log", hint="Choose another name."
        )
    return cleaned


class UnusablePasswordError(BadInputError):
    """Too short or too long."""


class WrongPasswordError(BadInputError):
    """Not the password of the account."""


class Passwords:
    """Argon2id hashes, with the effort that `pwdlib` recommends, made and checked beside the event loop."""

    def __init__(self, argon2: PasswordHash | None = None) -> None:
        self._argon2 = argon2 or PasswordHash.recommended()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        # Verified for unknown names, so that they take as long as known ones.
        self._nobody = self._argon2.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Raises `UnusablePasswordError` for a password that is too short or too long."""
        check_length(password)
        async with self._turns:
            return await asyncio.to_thread(self._argon2.hash, password.encode("utf-8", "replace"))

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password; without a hash it takes as long and is false."""
        if len(password) > LONGEST_PASSWORD:
            return False
        # Argon2 takes bytes; a lone surrogate has none and is in no password.
        given = password.encode("utf-8", "replace")
        async with self._turns:
            right = await asyncio.to_thread(self._argon2.verify, given, hashed or self._nobody)
        return right and hashed is not None


def random_password() -> str:
    """Four groups of five letters and digits: 99 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_length(password: str) -> None:
    """Raises `UnusablePasswordError` for a password that can't be one."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UnusablePasswordError(
            f"the password has {len(password)} characters",
            hint=f"Take {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words make a good one.",
        )
