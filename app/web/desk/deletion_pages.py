"""Answering a person's request at the desk: find them, show what is held, give it to them, delete it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.people.access import Finder
from app.people.repository import MOST_FOUND
from app.recruiting.accounts.access import Owner, Recruiter
from app.same_origin import require_same_origin
from app.web.candidate.rights_pages import record_response
from app.web.desk.routing import HOME, DeskRoute
from app.web.rendering import render

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
async def person(request: Request, finder: Finder, account: Recruiter, entry_id: str) -> Response:
    """All that is, or may be, of one person."""
    found = await finder.person(account, entry_id)
    return render(
        request,
        "desk/candidate.html",
        private=True,
        person=found,
        entry_id=entry_id,
        is_owner=account.role == "owner",
    )


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


@router.post("/{entry_id}/delete", dependencies=[Depends(require_same_origin)])
async def erase(
    finder: Finder, account: Owner, entry_id: str, ids: Annotated[list[str], Form(max_length=500)]
) -> Response:
    """Delete the entries chosen."""
    await finder.erase(account, entry_id, ids)
    return RedirectResponse(f"{CANDIDATES}?deleted={len(ids)}", 303)
