"""Deletion that really deletes: interviews and invites, with all that says anything about their person."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import (
    Interview,
    Invite,
    JudgementRow,
    JudgementUse,
    LLMCall,
    Person,
    Utterance,
)
from app.interviews.service import InterviewService
from app.people.overwriting import Overwriter

# Nobody waits longer for their files to be overwritten.
_SECONDS = 1.0
# SQLite takes 32,766 values in a statement, Postgres as many.
_MOST_KEYS = 10_000


@dataclass(frozen=True)
class Erased:
    """Ids of what was there and is deleted now."""

    interviews: tuple[str, ...] = ()
    invites: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.interviews or self.invites)


async def erase(
    session: AsyncSession, actor: Actor, interviews: Collection[str], invites: Collection[str] = ()
) -> Erased:
    """Delete these interviews and invites in this transaction, with all that hangs on them, and audit it.

    Transcripts, cards, overrides, comments, disputes, tokens, links, re-scorings and search entries go with
    their interview by foreign key. A used invite stays as an empty row, so that its link opens nothing again.
    When it is committed the caller must let the running service forget them too: `Eraser` does both.
    """
    query = select(Interview.id).where(Interview.id.in_(interviews)).with_for_update()
    found = tuple(await session.scalars(query))
    erased_invites = await _erase_invites(session, found, invites)
    if found:
        await _erase_interviews(session, found)
    for interview_id in found:
        audit(session, actor, "interview.erase", interview_id)
    for invite_id in erased_invites:
        audit(session, actor, "invite.erase", invite_id)
    return Erased(found, erased_invites)


async def _erase_interviews(session: AsyncSession, ids: Collection[str]) -> None:
    used = list(await session.scalars(select(JudgementUse.key).where(JudgementUse.interview_id.in_(ids))))
    # Calls are about a reply by its place in the transcript; place 0 stands for the opening.
    about = union_all(
        select(Utterance.interview_id + "/" + Utterance.seq.cast(LLMCall.about.type)).where(
            Utterance.interview_id.in_(ids)
        ),
        select(Interview.id + literal("/0")).where(Interview.id.in_(ids)),
    )
    await session.execute(update(LLMCall).where(LLMCall.about.in_(about)).values(about=""))
    await session.execute(update(Interview).where(Interview.again_of.in_(ids)).values(again_of=None))
    await session.execute(delete(Interview).where(Interview.id.in_(ids)))
    for start in range(0, len(used), _MOST_KEYS):
        await session.execute(
            delete(JudgementRow).where(
                JudgementRow.key.in_(used[start : start + _MOST_KEYS]),
                ~select(JudgementUse.key).where(JudgementUse.key == JudgementRow.key).exists(),
            )
        )


async def _erase_invites(
    session: AsyncSession, interviews: Collection[str], invites: Collection[str]
) -> tuple[str, ...]:
    """Empty the invites used for these interviews, and delete those named that were not used."""
    query = select(Invite).where(Invite.interview_id.in_(interviews) | Invite.id.in_(invites))
    found = list(await session.scalars(query.with_for_update()))
    for invite in found:
        if invite.used_at is None:
            await session.delete(invite)
        else:
            invite.name = invite.email = invite.reference = ""
            invite.browser_hash = None
    await session.flush()
    return tuple(invite.id for invite in found)


async def forget_person(session: AsyncSession, person_id: str) -> None:
    """Delete what stands for someone's browser; their interviews, if any are left, belong to nobody then."""
    await session.execute(update(Interview).where(Interview.person_id == person_id).values(person_id=None))
    await session.execute(delete(Person).where(Person.id == person_id))


class Eraser:
    """Erases in the database, in this process's memory, and in the files."""

    def __init__(self, database: Database, interviews: InterviewService) -> None:
        self._database = database
        self._interviews = interviews
        self.overwriter = Overwriter(database)

    async def erase(
        self,
        actor: Actor,
        interviews: Collection[str],
        invites: Collection[str] = (),
        person_id: str | None = None,
    ) -> Erased:
        """Delete them, and the person if given. A turn under way can bring nothing back."""
        async with self._database.session() as session:
            erased = await erase(session, actor, interviews, invites)
            if person_id is not None:
                await forget_person(session, person_id)
        await self.let_go(erased)
        return erased

    async def let_go(self, erased: Erased) -> None:
        """Forget in memory, in the records of turns and in the files what a transaction has deleted.

        Where the files take long, the next sweep finishes them.
        """
        if erased.interviews:
            await self._interviews.forget(erased.interviews)
        if erased:
            await self.overwrite()

    async def overwrite(self) -> None:
        """Clear away from the files what left the tables; the next sweep finishes what takes long."""
        self.overwriter.note()
        await self.overwriter.overwrite(_SECONDS)
