"""Deletion that really deletes: interviews and invites, with all that says anything about their person."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.word_index import merge_deleted
from app.interviews.service import InterviewService
from app.people.repository.deletions import Deletions

# Nobody waits longer for their files to be overwritten.
_SECONDS = 1.0
# Pages of the index a transaction merges: others may write between two.
_PAGES = 250


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
    deletions = Deletions(session)
    found = await deletions.lock(interviews)
    # Before their interviews are gone, which they would no longer name.
    erased_invites = await deletions.invites(found, invites)
    await deletions.interviews(found)
    for interview_id in found:
        audit(session, actor, "interview.erase", interview_id)
    for invite_id in erased_invites:
        audit(session, actor, "invite.erase", invite_id)
    return Erased(found, erased_invites)


class Overwriter:
    """Clears away what SQLite would leave lying of deleted rows, in the search index and in its log.

    It does so a little at a time, and remembers what is left to do.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # A process that was killed may have left something.
        self.is_due = False
        self.note()
        self._turn = asyncio.Lock()

    def note(self) -> None:
        """Something was deleted."""
        self.is_due = not self._database.is_shared

    async def overwrite(self, seconds: float = float("inf")) -> bool:
        """Clear away what was deleted, for about so many seconds; whether nothing is left.

        A server's deleted rows are out of reach at once, and overwritten when it tidies up by itself.
        """
        if not self.is_due:
            return True
        async with self._turn:
            until, is_begun = monotonic() + seconds, False
            # A negative number begins to merge all parts of the index into one, without deleted words.
            while await merge_deleted(self._database, _PAGES if is_begun else -_PAGES):
                is_begun = True
                if monotonic() >= until:
                    return False
                await asyncio.sleep(0)
            self.is_due = not await self._database.flush_deleted()
        return not self.is_due


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
                await Deletions(session).person(person_id)
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
