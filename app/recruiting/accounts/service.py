"""Recruiters' accounts and their log-ins: argon2 hashes, opaque session tokens, both revocable."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from pwdlib import PasswordHash

from app.db.engine import Database
from app.db.tables import Account, AccountSession, now
from app.errors import NotAllowedError
from app.recruiting.accounts.attempts import LogInAttempts
from app.recruiting.accounts.repository import Accounts

FIRST_NAME = "recruiter"
SESSION_LIFETIME = timedelta(hours=12)
_LONGEST_PASSWORD = 1024
# Letters and digits that are not mistaken for one another when typed from a terminal.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 5


class AccountService:
    """Who may sit at the recruiter's desk."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock
        self._passwords = PasswordHash.recommended()
        self._attempts = LogInAttempts()
        # Verified for unknown names, so that they take as long as known ones.
        self._nobody = self._passwords.hash(secrets.token_urlsafe())

    async def ensure_first_account(self) -> str | None:
        """Make the account `recruiter` if there is none; its random password, which is shown only here."""
        async with self._database.session() as session:
            accounts = Accounts(session)
            if await accounts.any():
                return None
            password = "-".join(
                "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
            )
            hashed = await asyncio.to_thread(self._passwords.hash, password)
            await accounts.add(
                Account(name=FIRST_NAME, password_hash=hashed, role="owner", created_at=self._clock())
            )
        return password

    async def log_in(self, name: str, password: str, address: str) -> str:
        """A new session's token. Raises `NotAllowedError`, or `LogInRefusedError` after too many tries."""
        self._attempts.check(name, address)
        # Counted before the slow check, so that guesses sent at once don't slip through together.
        self._attempts.failed(name, address)
        async with self._database.reading() as session:
            account = await Accounts(session).by_name(name)
        hashed = account.password_hash if account else self._nobody
        fits = len(password) <= _LONGEST_PASSWORD and await asyncio.to_thread(self._verify, password, hashed)
        if account is None or not fits:
            raise NotAllowedError("the account or the password is wrong", hint="Check both and try again.")
        self._attempts.succeeded(name, address)
        token = secrets.token_urlsafe(32)
        async with self._database.session() as session:
            accounts = Accounts(session)
            await accounts.drop_expired_sessions(self._clock())
            await accounts.add_session(
                AccountSession(
                    token_hash=_hash_token(token),
                    account_id=account.id,
                    expires_at=self._clock() + SESSION_LIFETIME,
                )
            )
        return token

    async def account(self, token: str | None) -> Account:
        """The account of a session token. Raises `NotAllowedError` when it is none, old or revoked."""
        if token:
            async with self._database.reading() as session:
                account = await Accounts(session).by_session(_hash_token(token), self._clock())
            if account is not None:
                return account
        raise NotAllowedError("nobody is logged in", hint="Log in at /recruiter/login.")

    async def log_out(self, token: str | None) -> None:
        """Revoke a session; harmless when there is none."""
        if token:
            async with self._database.session() as session:
                await Accounts(session).drop_session(_hash_token(token))

    def _verify(self, password: str, hashed: str) -> bool:
        # Argon2 takes bytes; a lone surrogate has none and is in no password.
        return self._passwords.verify(password.encode("utf-8", "replace"), hashed)


def _hash_token(token: str) -> str:
    """How a session token is stored: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
