"""Candidates as one browser knows them: an opaque cookie, stored hashed, that opens their own practices."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Person
from app.interviews.access.tokens import hash_token

PERSON_COOKIE = "person"
_LONGEST_TOKEN = 200


async def person_of(session: AsyncSession, token: str | None) -> Person | None:
    """The person a cookie's value stands for; None when there is none."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    return await session.scalar(select(Person).where(Person.token_hash == hash_token(token)))


async def welcome(session: AsyncSession, token: str | None) -> tuple[Person, str | None]:
    """The person of a cookie, or a new one with the token (256 bits) that the caller sets as the cookie."""
    known = await person_of(session, token)
    if known is not None:
        return known, None
    fresh = secrets.token_urlsafe(32)
    person = Person(token_hash=hash_token(fresh))
    session.add(person)
    await session.flush()
    return person, fresh
