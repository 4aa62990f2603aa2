"""What opens interviews: tokens, links that hand them out, and persons as their browsers know them.

Nothing secret is stored but as its hash.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import DeviceLink, Interview, InterviewToken, Person

_LONGEST_TOKEN = 200


def hash_token(token: str) -> str:
    """How a bearer token is stored: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """The tokens and links inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def further(self, interview_id: str, token: str) -> InterviewToken | None:
        """The stored further token of this interview."""
        query = select(InterviewToken).where(
            InterviewToken.token_hash == hash_token(token), InterviewToken.interview_id == interview_id
        )
        return await self._session.scalar(query)

    async def add(self, interview: Interview, token: str) -> None:
        """One more token, which lasts as long as the interview's own."""
        self._session.add(
            InterviewToken(
                token_hash=hash_token(token), interview_id=interview.id, expires_at=interview.expires_at
            )
        )
        await self._session.flush()

    async def replace_link(self, interview_id: str, token: str, expires_at: datetime) -> None:
        """Add a link; an earlier one that nobody used is void."""
        await self._session.execute(
            delete(DeviceLink).where(DeviceLink.interview_id == interview_id, DeviceLink.used_at.is_(None))
        )
        self._session.add(
            DeviceLink(token_hash=hash_token(token), interview_id=interview_id, expires_at=expires_at)
        )
        await self._session.flush()

    async def link(self, token: str) -> tuple[DeviceLink, Interview] | None:
        """A link and the interview it opens."""
        query = (
            select(DeviceLink, Interview)
            .join(Interview, Interview.id == DeviceLink.interview_id)
            .where(DeviceLink.token_hash == hash_token(token))
        )
        found = (await self._session.execute(query)).one_or_none()
        return (found[0], found[1]) if found is not None else None

    async def use_link(self, token: str, at: datetime) -> bool:
        """Use a link up; whether this call was the one that did."""
        used = await self._session.execute(
            update(DeviceLink)
            .where(DeviceLink.token_hash == hash_token(token), DeviceLink.used_at.is_(None))
            .values(used_at=at)
            .returning(DeviceLink.token_hash)
        )
        return used.one_or_none() is not None


class Persons:
    """Candidates as one browser knows them, inside one transaction; the caller commits.

    Their cookie is an opaque token that opens their own practices.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, token: str | None) -> Person | None:
        """The person a cookie's value stands for; None when there is none."""
        if not token or len(token) > _LONGEST_TOKEN:
            return None
        return await self._session.scalar(select(Person).where(Person.token_hash == hash_token(token)))

    async def welcome(self, token: str | None) -> tuple[Person, str | None]:
        """The person of a cookie; or a new one, with the token (256 bits) that their cookie is to hold."""
        known = await self.of(token)
        if known is not None:
            return known, None
        fresh = secrets.token_urlsafe(32)
        person = Person(token_hash=hash_token(fresh))
        self._session.add(person)
        await self._session.flush()
        return person, fresh
