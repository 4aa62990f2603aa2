"""What is deleted: everything of an interview, an invite or a person, and what has been kept long enough."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Delete,
    Update,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
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
    Utterance,
)

# SQLite takes 32,766 values in a statement, Postgres as many.
_MOST_KEYS = 10_000


class Deletions:
    """What goes at someone's wish, or with an interview that is due, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, interview_ids: Collection[str]) -> tuple[str, ...]:
        """Those of the interviews that are there, with nobody else writing in them."""
        query = select(Interview.id).where(Interview.id.in_(interview_ids)).with_for_update()
        return tuple(await self._session.scalars(query))

    async def interviews(self, ids: Collection[str]) -> None:
        """Delete these, what their calls were about, and judgements that no other interview uses.

        What hangs on an interview by foreign key goes with it.
        """
        if not ids:
            return
        of_them = JudgementUse.interview_id.in_(ids)
        used = list(await self._session.scalars(select(JudgementUse.key).where(of_them)))
        # Calls are about a reply by its place in the transcript; place 0 stands for the opening.
        about = union_all(
            select(Utterance.interview_id + "/" + Utterance.seq.cast(LLMCall.about.type)).where(
                Utterance.interview_id.in_(ids)
            ),
            select(Interview.id + literal("/0")).where(Interview.id.in_(ids)),
        )
        for statement in (
            update(LLMCall).where(LLMCall.about.in_(about)).values(about=""),
            update(Interview).where(Interview.again_of.in_(ids)).values(again_of=None),
            delete(Interview).where(Interview.id.in_(ids)),
        ):
            await self._session.execute(statement)
        for start in range(0, len(used), _MOST_KEYS):
            some = JudgementRow.key.in_(used[start : start + _MOST_KEYS])
            await self._session.execute(delete(JudgementRow).where(some, ~_is_used()))

    async def invites(self, interview_ids: Collection[str], ids: Collection[str]) -> tuple[str, ...]:
        """Empty the invites used for these interviews, and delete those named that were not used."""
        query = select(Invite).where(Invite.interview_id.in_(interview_ids) | Invite.id.in_(ids))
        found = list(await self._session.scalars(query.with_for_update()))
        for invite in found:
            if invite.used_at is None:
                await self._session.delete(invite)
            else:
                invite.name = invite.email = invite.reference = ""
                invite.browser_hash = None
        await self._session.flush()
        return tuple(invite.id for invite in found)

    async def person(self, person_id: str) -> None:
        """Delete what stands for someone's browser; interviews of theirs that are left belong to nobody."""
        theirs = update(Interview).where(Interview.person_id == person_id).values(person_id=None)
        await self._session.execute(theirs)
        await self._session.execute(delete(Person).where(Person.id == person_id))


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
        return await self._count(delete(JudgementRow).where(JudgementRow.made_at < before, ~_is_used()))

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


def _is_used() -> ColumnElement[bool]:
    """Whether an interview uses the judgement."""
    return select(JudgementUse.key).where(JudgementUse.key == JudgementRow.key).exists()
