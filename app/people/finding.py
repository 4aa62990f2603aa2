"""Finding a person at the recruiter's desk, with everything that is held about them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor
from app.db.engine import Database
from app.db.tables import Account, Interview, Invite
from app.errors import BadInputError, NotFoundError
from app.people.erasure import Erased, Eraser
from app.people.repository import People
from app.people.retention import due_at
from app.people.schemas import Basis, PersonRecord
from app.people.service import PeopleService, correct_interview, correct_invite, template_ids
from app.recruiting.invites.guests import typed_email, typed_name
from app.recruiting.reviews.repository import hidden_from
from app.settings import Settings
from app.text.quoting import clean


@dataclass(frozen=True)
class Entry:
    """An invite, an interview, or an invite with the interview it was used for."""

    invite: Invite | None
    interview: Interview | None
    basis: Basis
    template: str | None
    due: datetime | None

    @property
    def id(self) -> str:
        """Of the interview if there is one, else of the invite."""
        found = self.interview or self.invite
        assert found is not None
        return found.id

    @property
    def name(self) -> str:
        typed = self.invite.name if self.invite else ""
        return (self.interview.candidate_name if self.interview else None) or typed

    @property
    def at(self) -> datetime:
        found = self.interview or self.invite
        assert found is not None
        return found.created_at


@dataclass
class FoundPerson:
    """Entries that share an e-mail address, or one that stands alone; `id` is that of the newest."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.entries[0].id

    @property
    def name(self) -> str:
        return next((entry.name for entry in self.entries if entry.name), "")

    @property
    def emails(self) -> list[str]:
        return _distinct(invite.email.lower() for invite in self._invites)

    @property
    def references(self) -> list[str]:
        return _distinct(invite.reference for invite in self._invites)

    @property
    def email(self) -> str | None:
        """Their one address; None without any, and where there are several."""
        return self.emails[0] if len(self.emails) == 1 else None

    @property
    def _invites(self) -> list[Invite]:
        return [entry.invite for entry in self.entries if entry.invite and entry.basis != "maybe"]


class PeopleFinder:
    """Searches, shows and erases for one installation's recruiters.

    A recruiter does not find interviews they are to judge blind; an owner finds everything, because somebody
    must be able to answer a person's request.
    """

    def __init__(self, database: Database, people: PeopleService, eraser: Eraser, settings: Settings) -> None:
        self._database = database
        self._people = people
        self._eraser = eraser
        self._settings = settings

    async def search(self, account: Account, said: str) -> list[FoundPerson]:
        """People by a part of their name, e-mail or reference, or by an interview's id; newest first."""
        said = clean(said).strip()
        if not said:
            return []
        async with self._database.reading() as session:
            people = People(session)
            invites, interviews = await people.search(said)
            held = _Held()
            held.add("itself", invites, interviews)
            entries = await self._entries(session, account, held)
        found: dict[str, FoundPerson] = {}
        for entry in entries:
            email = entry.invite.email.lower() if entry.invite else ""
            found.setdefault(email or entry.id, FoundPerson()).entries.append(entry)
        return list(found.values())

    async def person(self, account: Account, entry_id: str) -> FoundPerson:
        """All that is, or may be, of the person behind an interview or invite. Raises `NotFoundError`."""
        async with self._database.reading() as session:
            theirs = await _theirs(People(session), entry_id)
            await _add_namesakes(People(session), theirs)
            entries = await self._entries(session, account, theirs)
        if not any(entry.basis != "maybe" for entry in entries):
            raise NotFoundError("there is no such person", hint="Search again: they may have been deleted.")
        return FoundPerson(sorted(entries, key=lambda entry: (entry.basis == "maybe", _newest_first(entry))))

    async def choose(self, account: Account, entry_id: str, chosen: Collection[str]) -> list[Entry]:
        """The entries of this person with these ids. Raises `NotFoundError`, `BadInputError`."""
        return _chosen(await self.person(account, entry_id), chosen)

    async def record(self, account: Account, entry_id: str, chosen: Collection[str]) -> PersonRecord:
        """The download of the chosen entries of this person. Raises `NotFoundError`, `BadInputError`."""
        entries = await self.choose(account, entry_id, chosen)
        return await self._people.record_for_recruiter(
            Actor.of(account),
            [entry.interview for entry in entries if entry.interview],
            [entry.invite for entry in entries if entry.invite],
        )

    async def erase(self, account: Account, entry_id: str, chosen: Collection[str]) -> Erased:
        """Delete the chosen entries of this person. Raises `NotFoundError`, `BadInputError`."""
        entries = await self.choose(account, entry_id, chosen)
        return await self._eraser.erase(
            Actor.of(account),
            [entry.interview.id for entry in entries if entry.interview],
            [entry.invite.id for entry in entries if entry.invite],
        )

    async def correct(self, account: Account, entry_id: str, name: str, email: str | None = None) -> None:
        """Put the name, and the one address if given, right in all that is surely this person's.

        Practices, which have no name, stay without. Raises `NotFoundError`, `BadInputError`.
        """
        called = typed_name(name)
        found = await self.person(account, entry_id)
        address = typed_email(email) if email is not None and found.email is not None else None
        theirs = [entry for entry in found.entries if entry.basis != "maybe"]
        actor, changed = Actor.of(account), False
        async with self._database.session() as session:
            people = People(session)
            for interview in await people.interviews([e.interview.id for e in theirs if e.interview]):
                if interview.candidate_name is not None:
                    changed |= await correct_interview(session, actor, interview, called)
            for invite in await people.invites([e.invite.id for e in theirs if e.invite]):
                own = address if invite.email else None
                changed |= await correct_invite(session, actor, invite, called, own)
        if changed:
            await self._eraser.overwrite()

    async def _entries(self, session: AsyncSession, account: Account, held: "_Held") -> list[Entry]:
        """Invites joined with their interviews, newest first, without what is hidden from this account."""
        people = People(session)
        used = {each.interview_id for each in held.invites.values()} - {None} - set(held.interviews)
        for interview in await people.interviews([each for each in used if each]):
            held.interviews[interview.id] = interview
        invites = {each.interview_id: each for each in await people.invites_to(held.interviews)}
        unused = [each for each in held.invites.values() if each.interview_id is None]
        is_owner = account.role == "owner"
        hidden = set() if is_owner else await hidden_from(session, account.id, list(held.interviews))
        names = await people.template_names(template_ids(held.interviews.values(), unused))
        entries = [
            Entry(
                invites.get(each.id),
                each,
                held.basis_of(each, invites.get(each.id)),
                names.get(each.template_id or ""),
                due_at(each, self._settings),
            )
            for each in held.interviews.values()
            if each.id not in hidden
        ]
        entries += [
            Entry(each, None, held.basis_of(None, each), names.get(each.template_id), None) for each in unused
        ]
        return sorted(entries, key=_newest_first)


@dataclass
class _Held:
    """Invites and interviews by id, and why each is here."""

    invites: dict[str, Invite] = field(default_factory=dict)
    interviews: dict[str, Interview] = field(default_factory=dict)
    basis: dict[str, Basis] = field(default_factory=dict)

    def add(self, basis: Basis, invites: Iterable[Invite], interviews: Iterable[Interview] = ()) -> None:
        """Take in what is not here yet."""
        for invite in invites:
            self.invites.setdefault(invite.id, invite)
            self.basis.setdefault(invite.id, basis)
        for interview in interviews:
            self.interviews.setdefault(interview.id, interview)
            self.basis.setdefault(interview.id, basis)

    def basis_of(self, interview: Interview | None, invite: Invite | None) -> Basis:
        found = self.basis.get(interview.id) if interview else None
        return found or (self.basis.get(invite.id) if invite else None) or "itself"


async def _theirs(people: People, entry_id: str) -> _Held:
    """What is surely of the person behind an interview or invite: by their e-mail, and by their browser."""
    held = _Held()
    held.add("itself", [invite] if (invite := await people.invite(entry_id)) else [])
    held.add("itself", [], await people.interviews([entry_id]))
    held.add("itself", await people.invites_to(held.interviews))
    emails = {each.email.lower() for each in held.invites.values() if each.email}
    held.add("email", await people.invites_by_email(emails))
    for invite in list(held.invites.values()):
        if invite.interview_id:
            held.add(held.basis[invite.id], [], await people.interviews([invite.interview_id]))
    for person_id in {each.person_id for each in held.interviews.values() if each.person_id}:
        held.add("browser", [], await people.of_person(person_id))
    return held


async def _add_namesakes(people: People, held: _Held) -> None:
    names = {each.name for each in held.invites.values()}
    names |= {each.candidate_name or "" for each in held.interviews.values()}
    invites, interviews = await people.namesakes(names, {each.reference for each in held.invites.values()})
    held.add("maybe", invites, interviews)


def _newest_first(entry: Entry) -> float:
    return -entry.at.timestamp()


def _chosen(person: FoundPerson, ids: Collection[str]) -> list[Entry]:
    """The entries with these ids. Ids of others are refused as a whole."""
    entries = [entry for entry in person.entries if entry.id in ids]
    if not entries:
        raise BadInputError("nothing was chosen", hint="Tick what belongs to this person.")
    if len(entries) < len(set(ids)):
        raise NotFoundError("not all of this belongs to that person", hint="Open the person again.")
    return entries


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
