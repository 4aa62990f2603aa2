"""Answering a person's request at the desk: find them, show what is held, give it, correct it, delete it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.db.tables import Account
from app.dependencies import SAME_ORIGIN
from app.errors import BadInputError
from app.people.dependencies import Finder
from app.people.finding import FoundPerson
from app.people.repository import MOST_FOUND
from app.recruiting.accounts.dependencies import Owner, Recruiter
from app.recruiting.invites.guests import LONGEST
from app.web.candidate.record_text import record_response
from app.web.rendering import render, wording_of
from app.web.routing import HOME, DeskRoute

CANDIDATES = f"{HOME}/candidates"

router = APIRouter(prefix=CANDIDATES, route_class=DeskRoute, include_in_schema=False)

Ids = Annotated[list[str], Query(max_length=500)]


@router.get("")
async def search(
    request: Request,
    finder: Finder,
    account: Recruiter,
    q: Annotated[str, Query(max_length=200)] = "",
    deleted: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """People by name, e-mail, reference or an interview's id."""
    found = await finder.search(account, q)
    return render(
        request,
        "desk/candidates.html",
        private=True,
        q=q,
        found=found,
        deleted=deleted,
        is_cut=sum(len(person.entries) for person in found) >= MOST_FOUND,
    )


@router.get("/{entry_id}")
async def person(
    request: Request, finder: Finder, account: Recruiter, entry_id: str, corrected: bool = False
) -> Response:
    """All that is, or may be, of one person."""
    found = await finder.person(account, entry_id)
    return _person_page(request, account, entry_id, found, corrected=corrected)


@router.post("/{entry_id}/correct", dependencies=SAME_ORIGIN)
async def correct(
    request: Request,
    finder: Finder,
    account: Recruiter,
    entry_id: str,
    name: Annotated[str, Form(max_length=1000)] = "",
    email: Annotated[str | None, Form(max_length=1000)] = None,
) -> Response:
    """Put the name or the address right, or say what is wrong with it."""
    try:
        await finder.correct(account, entry_id, name, email)
    except BadInputError as error:
        t, field = wording_of(request), error.detail.partition(":")[0]
        problem = t(f"deletion.correct.problem.{field}", most=LONGEST["name"])
        found = await finder.person(account, entry_id)
        return _person_page(request, account, entry_id, found, typed=(name, email), problem=problem)
    return RedirectResponse(f"{CANDIDATES}/{entry_id}?corrected=true", 303)


@router.get("/{entry_id}/export")
async def export(
    request: Request,
    finder: Finder,
    account: Recruiter,
    entry_id: str,
    ids: Ids = [],  # noqa: B006
) -> Response:
    """The archive the person could download, of the entries chosen."""
    return record_response(request, await finder.record(account, entry_id, ids))


@router.get("/{entry_id}/delete")
async def confirm(
    request: Request,
    finder: Finder,
    account: Owner,
    entry_id: str,
    ids: Ids = [],  # noqa: B006
) -> Response:
    """What is about to go; nothing is deleted yet."""
    return render(
        request,
        "desk/candidate_delete.html",
        private=True,
        chosen=await finder.choose(account, entry_id, ids),
        entry_id=entry_id,
    )


@router.post("/{entry_id}/delete", dependencies=SAME_ORIGIN)
async def erase(
    finder: Finder, account: Owner, entry_id: str, ids: Annotated[list[str], Form(max_length=500)]
) -> Response:
    """Delete the entries chosen."""
    await finder.erase(account, entry_id, ids)
    return RedirectResponse(f"{CANDIDATES}?deleted={len(ids)}", 303)


def _person_page(
    request: Request,
    account: Account,
    entry_id: str,
    found: FoundPerson,
    *,
    corrected: bool = False,
    typed: tuple[str, str | None] | None = None,
    problem: str = "",
) -> Response:
    """`typed` are the name and the address of a correction that was refused for the `problem`."""
    name, email = typed or (found.name, None)
    return render(
        request,
        "desk/candidate.html",
        status_code=BadInputError.status if problem else 200,
        private=True,
        person=found,
        entry_id=entry_id,
        is_owner=account.role == "owner",
        corrected=corrected,
        name=name,
        email=found.email if email is None else email,
        problem=problem,
        longest=LONGEST,
    )
