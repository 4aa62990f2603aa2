"""The API of a person's rights, for them and for recruiters who answer: what is held, and its deletion."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.dependencies import SAME_ORIGIN, Configured
from app.interviews.dependencies import Access, interview_cookie
from app.people.dependencies import Finder, MineHere, People, forget_cookies
from app.people.finding import FoundPerson
from app.people.retention import due_at
from app.people.schemas import (
    Called,
    Correction,
    EntryView,
    ErasedView,
    MyInterview,
    PersonRecord,
    PersonView,
)
from app.people.service import Mine
from app.recruiting.accounts.dependencies import Owner, Recruiter

router = APIRouter(prefix="/api/v1", tags=["rights"])

Ids = Annotated[list[str], Query(max_length=500, description="Ids of entries of this person.")]
_NO_STORE = {"Cache-Control": "no-store"}
_DENIED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, a wrong, expired or revoked one"},
    404: {"description": "No such interview"},
}


@router.get("/me", summary="What this browser may open")
async def my_interviews(settings: Configured, response: Response, mine: MineHere) -> list[MyInterview]:
    """The interviews of the person's cookie, and those whose own cookies are sent, newest first."""
    response.headers.update(_NO_STORE)
    return [
        MyInterview(
            id=each.id,
            mode=each.mode,
            status=each.status,
            bank=each.bank_title,
            created_at=each.created_at,
            delete_after=due_at(each, settings),
        )
        for each in mine.interviews
    ]


@router.get("/me/export", summary="Everything held about me")
async def export_mine(response: Response, mine: MineHere, people: People) -> PersonRecord:
    """The person's record: words, scores, what people decided, disputes, signals, times and invites."""
    response.headers.update(_NO_STORE)
    return await people.record(mine)


@router.delete("/me", status_code=204, summary="Delete everything of mine", dependencies=SAME_ORIGIN)
async def delete_mine(request: Request, mine: MineHere, people: People) -> Response:
    """Deletes the interviews `GET /me` lists, for good, and the person. There is no way back."""
    await people.erase(mine.ids, mine.person)
    response = Response(status_code=204)
    forget_cookies(request, response)
    return response


@router.get("/interviews/{interview_id}/data", summary="Everything held of one interview", responses=_DENIED)
async def export_interview(response: Response, interview: Access, people: People) -> PersonRecord:
    """The person's record with this interview alone."""
    response.headers.update(_NO_STORE)
    return await people.record(Mine(None, [interview]))


@router.put(
    "/interviews/{interview_id}/name",
    status_code=204,
    summary="Correct my name",
    responses=_DENIED,
    dependencies=SAME_ORIGIN,
)
async def correct_name(interview: Access, wanted: Called, people: People) -> Response:
    """The name is another one from then on, wherever it is shown or searched for."""
    await people.rename(interview, wanted.name)
    return Response(status_code=204)


@router.delete(
    "/interviews/{interview_id}",
    status_code=204,
    summary="Delete an interview",
    responses=_DENIED,
    dependencies=SAME_ORIGIN,
)
async def delete_interview(interview: Access, people: People) -> Response:
    """Deletes the interview for good, with all that hangs on it. There is no way back."""
    await people.erase([interview.id])
    response = Response(status_code=204)
    response.delete_cookie(interview_cookie(interview.id), httponly=True, samesite="lax")
    return response


@router.get("/people", summary="Find people")
async def find(
    finder: Finder, account: Recruiter, q: Annotated[str, Query(max_length=200)] = ""
) -> list[PersonView]:
    """By a part of a name, e-mail or reference, or by the beginning of an interview's id."""
    return [_view(person) for person in await finder.search(account, q)]


@router.get("/people/{entry_id}", summary="All that is held about a person")
async def person(finder: Finder, account: Recruiter, entry_id: str) -> PersonView:
    """What is theirs by e-mail and browser, and what may be by name or reference."""
    return _view(await finder.person(account, entry_id))


@router.get("/people/{entry_id}/export", summary="A person's record")
async def export(finder: Finder, account: Recruiter, entry_id: str, ids: Ids) -> PersonRecord:
    """The download a candidate has on `/me`, of the entries named."""
    return await finder.record(account, entry_id, ids)


@router.patch("/people/{entry_id}", summary="Correct a person's name", dependencies=SAME_ORIGIN)
async def correct(finder: Finder, account: Recruiter, entry_id: str, wanted: Correction) -> PersonView:
    """In all that is surely theirs, wherever it is shown or searched for."""
    await finder.correct(account, entry_id, wanted.name, wanted.email)
    return _view(await finder.person(account, entry_id))


@router.delete("/people/{entry_id}", summary="Delete a person", dependencies=SAME_ORIGIN)
async def erase(finder: Finder, account: Owner, entry_id: str, ids: Ids) -> ErasedView:
    """Deletes the entries named, for good, with all that hangs on them. For owners."""
    erased = await finder.erase(account, entry_id, ids)
    return ErasedView(interviews=len(erased.interviews), invites=len(erased.invites))


def _view(person: FoundPerson) -> PersonView:
    return PersonView(
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
