"""The API for recruiters who answer a person's request: find, export, delete."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.dependencies import SAME_ORIGIN
from app.people.dependencies import Finder
from app.people.finding import Basis, FoundPerson
from app.people.schemas import PersonRecord
from app.recruiting.accounts.dependencies import Owner, Recruiter

router = APIRouter(prefix="/people")

Ids = Annotated[list[str], Query(max_length=500, description="Ids of entries of this person.")]


class EntryView(BaseModel):
    """An interview, or an invite that was not used. `basis` says why it is taken for this person's."""

    id: str
    interview_id: str | None
    invite_id: str | None
    basis: Basis
    template: str | None
    created_at: datetime
    delete_after: datetime | None


class PersonView(BaseModel):
    """A person as far as invites and interviews know them; `id` is that of the newest entry."""

    id: str
    name: str
    emails: list[str]
    references: list[str]
    entries: list[EntryView]

    @classmethod
    def of(cls, person: FoundPerson) -> "PersonView":
        return cls(
            id=person.id,
            name=person.name,
            emails=person.emails,
            references=person.references,
            entries=[
                EntryView(
                    id=entry.id,
                    interview_id=entry.interview.id if entry.interview else None,
                    invite_id=entry.invite.id if entry.invite else None,
                    basis=entry.basis,
                    template=entry.template,
                    created_at=entry.at,
                    delete_after=entry.due,
                )
                for entry in person.entries
            ],
        )


class Correction(BaseModel):
    """What is right: the name, and the address of a person who has one."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=1000)
    email: str | None = Field(None, max_length=1000)


class ErasedView(BaseModel):
    """How many were deleted."""

    interviews: int
    invites: int = Field(description="Deleted when unused, else emptied.")


@router.get("", summary="Find people")
async def find(
    finder: Finder, account: Recruiter, q: Annotated[str, Query(max_length=200)] = ""
) -> list[PersonView]:
    """By a part of a name, e-mail or reference, or by the beginning of an interview's id."""
    return [PersonView.of(person) for person in await finder.search(account, q)]


@router.get("/{entry_id}", summary="All that is held about a person")
async def person(finder: Finder, account: Recruiter, entry_id: str) -> PersonView:
    """What is theirs by e-mail and browser, and what may be by name or reference."""
    return PersonView.of(await finder.person(account, entry_id))


@router.get("/{entry_id}/export", summary="A person's record")
async def export(finder: Finder, account: Recruiter, entry_id: str, ids: Ids) -> PersonRecord:
    """The download a candidate has on `/me`, of the entries named."""
    return await finder.record(account, entry_id, ids)


@router.patch("/{entry_id}", summary="Correct a person's name", dependencies=SAME_ORIGIN)
async def correct(finder: Finder, account: Recruiter, entry_id: str, wanted: Correction) -> PersonView:
    """In all that is surely theirs, wherever it is shown or searched for."""
    await finder.correct(account, entry_id, wanted.name, wanted.email)
    return PersonView.of(await finder.person(account, entry_id))


@router.delete("/{entry_id}", summary="Delete a person", dependencies=SAME_ORIGIN)
async def erase(finder: Finder, account: Owner, entry_id: str, ids: Ids) -> ErasedView:
    """Deletes the entries named, for good, with all that hangs on them. For owners."""
    erased = await finder.erase(account, entry_id, ids)
    return ErasedView(interviews=len(erased.interviews), invites=len(erased.invites))
