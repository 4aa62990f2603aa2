"""All queries of accounts, their sessions and failed log-ins."""

from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Account, AccountSession, LogInFailure
from app.recruiting.accounts.credentials import name_key

# Any number that no other program uses for an advisory lock on the same database.
_LOGGING_IN = 0x1A7E_2717


class Accounts:
    """Accounts and their sessions inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def any(self) -> bool:
        return await self._session.scalar(select(Account.id).limit(1)) is not None

    async def add(self, account: Account) -> None:
        self._session.add(account)
        await self._session.flush()

    async def all(self) -> list[Account]:
        """Owners first, those that may log in before those that may not, then by name."""
        query = select(Account).order_by(Account.disabled_at.is_not(None), Account.role, Account.name_key)
        return list(await self._session.scalars(query))

    async def get(self, account_id: str) -> Account | None:
        """Nobody else changes it until the transaction ends."""
        if not account_id.isalnum():
            return None
        return await self._session.scalar(select(Account).where(Account.id == account_id).with_for_update())

    async def by_name(self, name: str) -> Account | None:
        """The account whose name looks like this one."""
        return await self._session.scalar(select(Account).where(Account.name_key == name_key(name)))

    async def active_owners(self) -> set[str]:
        """The ids of owners who may log in; nobody else changes them until the transaction ends."""
        query = select(Account.id).where(Account.role == "owner", Account.disabled_at.is_(None))
        return set(await self._session.scalars(query.order_by(Account.id).with_for_update()))

    async def by_session(self, token_hash: str, at: datetime) -> Account | None:
        """The account of a session that has not expired at the time `at`."""
        query = (
            select(Account)
            .join(AccountSession, AccountSession.account_id == Account.id)
            .where(
                AccountSession.token_hash == token_hash,
                AccountSession.expires_at > at,
                Account.disabled_at.is_(None),
            )
        )
        return await self._session.scalar(query)

    async def add_session(self, session: AccountSession) -> None:
        self._session.add(session)
        await self._session.flush()

    async def sessions(self, account_id: str, at: datetime) -> list[AccountSession]:
        """Those that have not expired at the time `at`, newest first."""
        query = select(AccountSession).where(
            AccountSession.account_id == account_id, AccountSession.expires_at > at
        )
        return list(await self._session.scalars(query.order_by(AccountSession.expires_at.desc())))

    async def drop_session(self, token_hash: str, account_id: str | None = None) -> bool:
        """Whether there was such a session, of this account where one is named."""
        if not token_hash.isalnum():
            return False
        query = delete(AccountSession).where(AccountSession.token_hash == token_hash)
        if account_id is not None:
            query = query.where(AccountSession.account_id == account_id)
        return await self._session.scalar(query.returning(AccountSession.account_id)) is not None

    async def drop_sessions(self, account_id: str, but: str | None = None) -> int:
        """How many of the account's sessions were dropped: all but the one whose hash is `but`."""
        query = delete(AccountSession).where(AccountSession.account_id == account_id)
        if but is not None:
            query = query.where(AccountSession.token_hash != but)
        dropped = await self._session.scalars(query.returning(AccountSession.token_hash))
        return len(list(dropped))

    async def drop_expired_sessions(self, at: datetime) -> None:
        await self._session.execute(delete(AccountSession).where(AccountSession.expires_at <= at))


class LogInFailures:
    """Failed log-ins inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Nobody else counts or adds one until the transaction ends."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOGGING_IN})

    async def drop_old(self, before: datetime) -> None:
        await self._session.execute(delete(LogInFailure).where(LogInFailure.at <= before))

    async def count(self, address: str, name_hash: str | None = None) -> tuple[int, datetime | None]:
        """How many there are from an address, of one name or of all, and when the first was."""
        query = select(func.count(), func.min(LogInFailure.at)).where(LogInFailure.address == address)
        if name_hash is not None:
            query = query.where(LogInFailure.name_hash == name_hash)
        number, first = (await self._session.execute(query)).one()
        return number, first

    async def add(self, failure: LogInFailure) -> None:
        self._session.add(failure)
        await self._session.flush()

    async def drop(self, address: str, name_hash: str) -> None:
        """Those of this name from this address."""
        query = delete(LogInFailure).where(
            LogInFailure.address == address, LogInFailure.name_hash == name_hash
        )
        await self._session.execute(query)
