"""Queries for what has been kept long enough."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Delete, Update, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import (
    DeviceLink,
    Interview,
    InterviewToken,
    Invite,
    JudgementRow,
    JudgementUse,
    LLMCall,
    Person,
)


class Expired:
    """What has been kept long enough, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def interviews(self, at: datetime, retention_days: int | None, most: int) -> list[str]:
        """Ids of interviews due at the time `at` that no other process is deleting, locked; see `due_at`."""
        is_due = Interview.delete_after <= at
        if retention_days is not None:
            last = func.coalesce(Interview.ended_at, Interview.expires_at)
            before = at - timedelta(days=retention_days)
            is_due = or_(is_due, and_(Interview.delete_after.is_(None), last <= before))
        query = select(Interview.id).where(is_due).limit(most).with_for_update(skip_locked=True)
        return list(await self._session.scalars(query))

    async def delete_invites(self, before: datetime) -> int:
        """Invites without an interview that expired or were revoked before."""
        return await self._count(
            delete(Invite).where(
                Invite.interview_id.is_(None), or_(Invite.expires_at < before, Invite.revoked_at < before)
            )
        )

    async def delete_judgements(self, before: datetime) -> int:
        """Judgements made before that no interview uses: the `score` API's, and those of earlier releases."""
        is_used = select(JudgementUse.key).where(JudgementUse.key == JudgementRow.key).exists()
        return await self._count(delete(JudgementRow).where(JudgementRow.made_at < before, ~is_used))

    async def blank_calls(self, before: datetime) -> int:
        """What calls for the `score` API were about, which its callers name as they like."""
        return await self._count(
            update(LLMCall).where(LLMCall.about.startswith("score/"), LLMCall.at < before).values(about="")
        )

    async def delete_persons(self, before: datetime) -> int:
        """Browsers first seen before that hold no interview."""
        has_any = select(Interview.id).where(Interview.person_id == Person.id).exists()
        return await self._count(delete(Person).where(Person.created_at < before, ~has_any))

    async def delete_links(self, at: datetime) -> int:
        """Tokens of further devices and links to them that have expired."""
        tokens = await self._count(delete(InterviewToken).where(InterviewToken.expires_at < at))
        return tokens + await self._count(delete(DeviceLink).where(DeviceLink.expires_at < at))

    async def _count(self, statement: Delete | Update) -> int:
        result: CursorResult[Any] = await self._session.execute(  # type: ignore[assignment]
            statement, execution_options={"synchronize_session": False}
        )
        return result.rowcount
