"""Recruiters' log-ins: opaque session tokens, stored hashed, revocable."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit, was_noted
from app.db.engine import Database
from app.db.tables import Account, AccountSession, now
from app.errors import NotAllowedError, NotFoundError
from app.recruiting.accounts.administration import AccountAdministration
from app.recruiting.accounts.attempts import WINDOW, Attempt
from app.recruiting.accounts.credentials import SOMEONE, Passwords, WrongPasswordError, check_length
from app.recruiting.accounts.repository import Accounts

FIRST_NAME = "recruiter"
SESSION_LIFETIME = timedelta(hours=12)
_LONGEST_NAME = 200
_LONGEST_AGENT = 400


class AccountService:
    """Who may sit at the recruiter's desk; `administration` says who has an account."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = now, passwords: Passwords | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords or Passwords()
        self.administration = AccountAdministration(database, self._passwords, clock)

    async def ensure_first_account(self) -> str | None:
        """Make the owner `recruiter` if there is no account; its random password, shown only here."""
        return await self.administration.add_first(FIRST_NAME)

    async def log_in(
        self, name: str, password: str, address: str, *, agent: str = "", replaces: str | None = None
    ) -> str:
        """A new session's token; the session whose token it `replaces` ends.

        Raises `NotAllowedError`, or `LogInRefusedError` after too many tries.
        """
        name = name[:_LONGEST_NAME]
        attempt = Attempt.of(name, address)
        async with self._database.reading() as session:
            found = await Accounts(session).by_name(name)
        await self._begin(attempt, found)
        hashed = found.password_hash if found is not None and found.disabled_at is None else None
        fits = await self._passwords.fits(password, hashed)
        async with self._database.session() as session:
            accounts = Accounts(session)
            # Who was disabled or given another password meanwhile stays out.
            account = await accounts.get(found.id) if found is not None and fits else None
            if account is None or account.disabled_at is not None or account.password_hash != hashed:
                audit(session, SOMEONE, "account.log_in_failed", found.id if found is not None else "")
                token = None
            else:
                token = secrets.token_urlsafe(32)
                await attempt.succeeded(session)
                await accounts.drop_expired_sessions(self._clock())
                if replaces:
                    await accounts.drop_session(hash_session(replaces))
                await accounts.add_session(self._new_session(account, token, agent))
                audit(session, Actor.of(account), "account.log_in", account.id)
        if token is None:
            raise NotAllowedError("the account or the password is wrong", hint="Check both and try again.")
        return token

    async def account(self, token: str | None) -> Account:
        """The account of a session token. Raises `NotAllowedError` when it is none, old or revoked."""
        if token:
            async with self._database.reading() as session:
                account = await Accounts(session).by_session(hash_session(token), self._clock())
            if account is not None:
                return account
        raise NotAllowedError("nobody is logged in", hint="Log in at /recruiter/login.")

    async def log_out(self, token: str | None) -> None:
        """Revoke a session; harmless when there is none."""
        if token:
            async with self._database.session() as session:
                accounts = Accounts(session)
                account = await accounts.by_session(hash_session(token), self._clock())
                await accounts.drop_session(hash_session(token))
                if account is not None:
                    audit(session, Actor.of(account), "account.log_out", account.id)

    async def sessions(self, account: Account) -> list[AccountSession]:
        """The account's log-ins that are still good, newest first."""
        async with self._database.reading() as session:
            return await Accounts(session).sessions(account.id, self._clock())

    async def revoke_session(self, account: Account, session_id: str) -> None:
        """End one of the account's own log-ins. Raises `NotFoundError` for any other."""
        async with self._database.session() as session:
            if not await Accounts(session).drop_session(session_id, account.id):
                raise NotFoundError("there is no such log-in", hint="It may have ended already.")
            audit(session, Actor.of(account), "account.session_revoke", account.id)

    async def change_password(
        self, account: Account, token: str, current: str, new: str, address: str
    ) -> int:
        """A new password of one's own; all other log-ins end, and their number is returned.

        Raises `UnusablePasswordError`, `WrongPasswordError`, and `LogInRefusedError` after too many.
        """
        check_length(new)
        attempt = Attempt.of(account.name, address)
        await self._begin(attempt, account)
        if not await self._passwords.fits(current, account.password_hash):
            raise WrongPasswordError("the current password is wrong", hint="Type the one you logged in with.")
        hashed = await self._passwords.hash(new)
        async with self._database.session() as session:
            accounts = Accounts(session)
            changed = await accounts.get(account.id)
            if changed is None or changed.disabled_at is not None:
                raise NotAllowedError("nobody is logged in", hint="Log in at /recruiter/login.")
            changed.password_hash = hashed
            await attempt.succeeded(session)
            ended = await accounts.drop_sessions(account.id, but=hash_session(token))
            audit(session, Actor.of(account), "account.password_change", account.id, sessions_ended=ended)
        return ended

    async def _begin(self, attempt: Attempt, account: Account | None) -> None:
        async with self._database.session() as session:
            refused = await attempt.begin(session, self._clock())
            if refused is not None:
                await self._note_refusal(session, account.id if account is not None else "")
        if refused is not None:
            raise refused

    async def _note_refusal(self, session: AsyncSession, subject: str) -> None:
        """Once in a while is enough: who keeps trying can't fill the log."""
        action = "account.log_in_refused"
        if not await was_noted(session, action, subject, self._clock() - WINDOW):
            audit(session, SOMEONE, action, subject)

    def _new_session(self, account: Account, token: str, agent: str) -> AccountSession:
        return AccountSession(
            token_hash=hash_session(token),
            account_id=account.id,
            expires_at=self._clock() + SESSION_LIFETIME,
            created_at=self._clock(),
            agent=agent[:_LONGEST_AGENT],
        )


def hash_session(token: str) -> str:
    """How a session token is stored: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
