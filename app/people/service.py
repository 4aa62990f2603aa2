"""What people can do with what is held about them: see it, take it with them, have it deleted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import CANDIDATE, Actor, audit
from app.db.engine import Database
from app.db.tables import Interview, Invite, Person, now
from app.db.word_index import reindex_names
from app.errors import ConflictError, NotAllowedError, NotFoundError
from app.interviews.access.admission import admit, check_open
from app.interviews.access.repository import Persons
from app.interviews.practice.repository import PastPractice, PastPractices
from app.interviews.repository import Interviews
from app.interviews.service import InterviewService
from app.people.erasure import Erased, Eraser
from app.people.records import held_interview, held_invite
from app.people.repository import People
from app.people.repository.rows import read_rows
from app.people.schemas import PersonRecord
from app.recruiting.invites.guests import typed_name
from app.settings import Settings

MOST_COOKIES = 200
"""Interviews one browser may hold cookies of: more are not looked at."""


@dataclass(frozen=True)
class Mine:
    """What a browser may open, newest first."""

    person: Person | None
    interviews: list[Interview]

    @property
    def ids(self) -> list[str]:
        return [interview.id for interview in self.interviews]


class PeopleService:
    """A person's rights. Every method opens its own short transactions."""

    def __init__(
        self, database: Database, interviews: InterviewService, eraser: Eraser, settings: Settings
    ) -> None:
        self._database = database
        self._interviews = interviews
        self._eraser = eraser
        self._settings = settings

    async def mine(self, person_token: str | None, interview_tokens: Mapping[str, str]) -> Mine:
        """What these cookies open: the person's own interviews, and those whose token (by id) is at hand."""
        async with self._database.reading() as session:
            person = await Persons(session).of(person_token)
            found = {} if person is None else {i.id: i for i in await People(session).of_person(person.id)}
            found = {interview_id: each for interview_id, each in found.items() if _is_open(each)}
            for interview_id, token in list(interview_tokens.items())[:MOST_COOKIES]:
                try:
                    found[interview_id] = await admit(session, interview_id, token, None)
                except (NotAllowedError, NotFoundError):
                    continue
        return Mine(person, sorted(found.values(), key=lambda each: each.created_at, reverse=True))

    async def progress(self, mine: Mine) -> list[PastPractice]:
        """How the person's practices of the bank they practised last went, oldest first."""
        last = next((i for i in mine.interviews if i.mode == "practice" and i.status == "ended"), None)
        if mine.person is None or last is None:
            return []
        async with self._database.reading() as session:
            return await PastPractices(session).of(mine.person.id, last.bank_id)

    async def record(self, mine: Mine, actor: Actor = CANDIDATE) -> PersonRecord:
        """Everything held about these interviews and their person; audited as taken out."""
        async with self._database.session() as session:
            invites = await People(session).invites_to(mine.ids)
            return await self._record(session, actor, mine.interviews, invites, mine.person)

    async def record_for_recruiter(
        self, actor: Actor, interviews: Collection[Interview], invites: Collection[Invite]
    ) -> PersonRecord:
        """The same with the evaluation at once, for whoever answers the person's request."""
        async with self._database.session() as session:
            return await self._record(session, actor, interviews, invites, None, for_recruiter=True)

    async def _record(
        self,
        session: AsyncSession,
        actor: Actor,
        interviews: Collection[Interview],
        invites: Collection[Invite],
        person: Person | None,
        *,
        for_recruiter: bool = False,
    ) -> PersonRecord:
        at = now()
        names = await People(session).template_names(template_ids(interviews, invites))
        held = []
        for interview in interviews:
            rows = await read_rows(session, interview.id)
            template = names.get(interview.template_id or "")
            held.append(
                held_interview(interview, rows, self._settings, at, template, for_recruiter=for_recruiter)
            )
            audit(session, actor, "interview.export", interview.id)
        for invite in invites:
            audit(session, actor, "invite.export", invite.id)
        return PersonRecord(
            made_at=at,
            known_since=person.created_at if person else None,
            interviews=held,
            invites=[held_invite(invite, names.get(invite.template_id)) for invite in invites],
        )

    async def erase(self, interview_ids: Collection[str], person: Person | None = None) -> Erased:
        """Delete a candidate's interviews at their wish, and with `person` what stands for their browser."""
        return await self._eraser.erase(CANDIDATE, interview_ids, (), person.id if person else None)

    async def rename(self, interview: Interview, name: str) -> None:
        """Put the name its candidate gave right, at their wish. Raises `BadInputError`."""
        called = typed_name(name)
        async with self._database.session() as session:
            held = await Interviews(session).lock(interview.id)
            is_changed = await correct_interview(session, CANDIDATE, held, called)
        if is_changed:
            await self._eraser.overwrite()

    async def withdraw(self, interview: Interview, *, delete: bool) -> None:
        """Take consent back: the interview ends now, and is deleted, or kept as it is until it is due.

        What is kept is neither judged nor given out from then on; a verdict on its way is not stored.
        Raises `ConflictError` for one that has ended and is not to be deleted.
        """
        async with self._database.session() as session:
            held = await Interviews(session).lock(interview.id)
            if held.status == "ended" and not delete:
                raise ConflictError("the interview has ended", hint="Delete it if you don't want it kept.")
            held.consent_withdrawn_at = now()
            audit(session, CANDIDATE, "consent.withdraw", interview.id, delete=delete)
        if delete:
            await self.erase([interview.id])
        else:
            await self._interviews.end(interview.id)


async def correct_interview(session: AsyncSession, actor: Actor, interview: Interview, name: str) -> bool:
    """Call the interview's candidate by this name; whether it was another one."""
    if interview.candidate_name == name:
        return False
    interview.candidate_name = name
    await session.flush()
    await reindex_names(session, interview.id)
    audit(session, actor, "interview.correct", interview.id, fields=["name"])
    return True


async def correct_invite(
    session: AsyncSession, actor: Actor, invite: Invite, name: str, email: str | None
) -> bool:
    """Give the invite this name, and this address unless it is None; whether anything changed."""
    wanted = {"name": name} | ({} if email is None else {"email": email})
    changed = [field for field, value in wanted.items() if getattr(invite, field) != value]
    for field in changed:
        setattr(invite, field, wanted[field])
    if not changed:
        return False
    await session.flush()
    if invite.interview_id is not None and "name" in changed:
        await reindex_names(session, invite.interview_id)
    audit(session, actor, "invite.correct", invite.id, fields=changed)
    return True


def template_ids(interviews: Collection[Interview], invites: Collection[Invite]) -> set[str]:
    """Ids of the templates they come from."""
    return {each.template_id for each in interviews if each.template_id} | {
        each.template_id for each in invites
    }


def _is_open(interview: Interview) -> bool:
    try:
        check_open(interview)
    except NotAllowedError:
        return False
    return True
