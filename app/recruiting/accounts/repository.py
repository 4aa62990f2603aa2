"""All queries of accounts and their sessions."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Account, AccountSession


class Accounts:
    """Accounts and their sessions inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def any(self) -> bool:
        return await self._session.scalar(select(Account.id).limit(1)) is not None

    async def add(self, account: Account) -> None:
        self._session.add(account)
        await self._session.flush()

    async def by_name(self, name: str) -> Account | None:
        return await self._session.scalar(select(Account).where(Account.name == name))

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

    async def drop_session(self, token_hash: str) -> None:
        await self._session.execute(delete(AccountSession).where(AccountSession.token_hash == token_hash))

    async def drop_expired_sessions(self, at: datetime) -> None:
        await self._session.execute(delete(AccountSession).where(AccountSession.expires_at <= at))
