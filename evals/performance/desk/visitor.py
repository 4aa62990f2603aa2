"""A recruiter who is logged in, and interviews to look at."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import Database
from app.db.tables import Account, AccountSession, Interview, now

_NAME = "performance"
_SAMPLES = 300
COMPARED = f"{1:032x}"
"""A template without blind reviews, which would hide what is compared."""


@dataclass(frozen=True)
class Visitor:
    """`token` is the cookie of a session, `samples` are ids spread over all `interviews`.

    `comparable` are ids of ended interviews of one template, which asked the same questions.
    """

    token: str
    interviews: int
    samples: list[str]
    comparable: list[str]


async def prepare(engine: AsyncEngine) -> Visitor:
    """Log a recruiter in without asking for a password."""
    token = secrets.token_urlsafe(32)
    async with Database(engine).session() as session:
        account = await session.scalar(select(Account).where(Account.name == _NAME))
        if account is None:
            account = Account(name=_NAME, password_hash="none", role="owner")
            session.add(account)
            await session.flush()
        hashed = hashlib.sha256(token.encode()).hexdigest()
        until = now() + timedelta(hours=6)
        session.add(AccountSession(token_hash=hashed, account_id=account.id, expires_at=until))
        interviews = await session.scalar(select(func.count()).select_from(Interview)) or 0
        # Ids are random, so the first in their order are spread over time.
        samples = list(await session.scalars(select(Interview.id).order_by(Interview.id).limit(_SAMPLES)))
        alike = select(Interview.id).where(
            Interview.template_id == COMPARED, Interview.status == "ended", Interview.share.is_not(None)
        )
        comparable = list(await session.scalars(alike.order_by(Interview.id).limit(_SAMPLES)))
    return Visitor(token, interviews, samples, comparable)
