"""The pages of a template's invites: the list, inviting one person, and what can be done with a link."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dependencies import SAME_ORIGIN
from app.errors import ConflictError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.invites.dependencies import Invites
from app.recruiting.invites.guests import MOST_ROWS, Guest
from app.recruiting.invites.links import GivenOut
from app.recruiting.invites.repository import STATUSES, InviteStatus
from app.recruiting.templates.dependencies import Templates
from app.text.quoting import clean
from app.web.desk.invite_view import (
    EXTEND_DAYS,
    conflict_text,
    home_of,
    invites_page,
    links_page,
    reason_text,
    renewed_file,
)
from app.web.rendering import wording_of
from app.web.routing import DeskRoute

router = APIRouter(
    prefix="/recruiter/templates/{template_id}/invites", route_class=DeskRoute, include_in_schema=False
)


@router.get("")
async def invites(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    status: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
    done: str = "",
) -> Response:
    """Newest first, and the forms that make more. Raises `NotFoundError`, `BadInputError`."""
    wanted: InviteStatus | None = next((each for each in STATUSES if each == status), None)
    return await invites_page(
        request, account, templates, service, template_id, status=wanted, q=clean(q), after=after, done=done
    )


@router.post("", dependencies=SAME_ORIGIN)
async def invite(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    name: Annotated[str, Form(max_length=1000)] = "",
    email: Annotated[str, Form(max_length=1000)] = "",
    reference: Annotated[str, Form(max_length=1000)] = "",
    batch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Invite one person and show the link, or the form again with what was wrong."""
    t = wording_of(request)
    guest = Guest.typed(1, name, email, reference)
    problem = conflict = ""
    try:
        given = await service.give_out(template_id, [guest], account, batch or secrets.token_hex(16))
        if given.links:
            return await links_page(request, account, templates, template_id, given)
        problem = reason_text(t, given.refused[0])
    except ConflictError as error:
        conflict = conflict_text(t, error)
    return await invites_page(
        request, account, templates, service, template_id, typed=guest, problem=problem, conflict=conflict
    )


@router.post("/renew", dependencies=SAME_ORIGIN)
async def renew_many(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    ids: Annotated[list[str], Form(max_length=MOST_ROWS)] = [],  # noqa: B006
) -> Response:
    """Replace the ticked links by new ones, as a file that is given out this once."""
    t = wording_of(request)
    if not ids:
        problem = t("invites.many_renew.none")
        return await invites_page(request, account, templates, service, template_id, conflict=problem)
    try:
        renewed = await service.renew_many(template_id, ids, account)
    except ConflictError as error:
        problem = conflict_text(t, error)
        return await invites_page(request, account, templates, service, template_id, conflict=problem)
    return renewed_file(request, renewed)


@router.post("/{invite_id}/renew", dependencies=SAME_ORIGIN)
async def renew(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    invite_id: str,
) -> Response:
    """Replace an unused link and show the new one."""
    try:
        link = await service.renew(template_id, invite_id, account)
    except ConflictError as error:
        problem = conflict_text(wording_of(request), error)
        return await invites_page(request, account, templates, service, template_id, conflict=problem)
    return await links_page(request, account, templates, template_id, GivenOut([link]), renewed=True)


@router.post("/{invite_id}/extend", dependencies=SAME_ORIGIN)
async def extend(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    invite_id: str,
    days: Annotated[int, Form()] = EXTEND_DAYS,
) -> Response:
    """Let an unused link live longer."""
    try:
        await service.extend(template_id, invite_id, days, account)
    except ConflictError as error:
        problem = conflict_text(wording_of(request), error)
        return await invites_page(request, account, templates, service, template_id, conflict=problem)
    return _done(template_id, "extended")


@router.post("/{invite_id}/revoke", dependencies=SAME_ORIGIN)
async def revoke(account: Recruiter, service: Invites, template_id: str, invite_id: str) -> Response:
    """Close a link, or the interview it was used for."""
    await service.revoke(template_id, invite_id, account)
    return _done(template_id, "revoked")


@router.post("/{invite_id}/restore", dependencies=SAME_ORIGIN)
async def restore(account: Recruiter, service: Invites, template_id: str, invite_id: str) -> Response:
    """Take a revocation back."""
    await service.restore(template_id, invite_id, account)
    return _done(template_id, "restored")


def _done(template_id: str, what: str) -> Response:
    return RedirectResponse(f"{home_of(template_id)}?done={what}", 303)
