"""The pages of a template's invites: the list, inviting one person, and what can be done with a link."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from app.dependencies import SAME_ORIGIN
from app.errors import ConflictError
from app.recruiting.invites.guests import MOST_ROWS, Guest
from app.recruiting.invites.links import GivenOut
from app.recruiting.invites.repository import STATUSES, InviteStatus
from app.text.quoting import clean
from app.web.desk.invite_view import EXTEND_DAYS, Page, conflict_text, reason_text, renewed_file
from app.web.routing import DeskRoute

router = APIRouter(
    prefix="/recruiter/templates/{template_id}/invites", route_class=DeskRoute, include_in_schema=False
)


@router.get("")
async def invites(
    page: Page,
    status: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
    done: str = "",
) -> Response:
    """Newest first, and the forms that make more. Raises `NotFoundError`, `BadInputError`."""
    wanted: InviteStatus | None = next((each for each in STATUSES if each == status), None)
    return await page.show(status=wanted, q=clean(q), after=after, done=done)


@router.post("", dependencies=SAME_ORIGIN)
async def invite(
    page: Page,
    name: Annotated[str, Form(max_length=1000)] = "",
    email: Annotated[str, Form(max_length=1000)] = "",
    reference: Annotated[str, Form(max_length=1000)] = "",
    batch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Invite one person and show the link, or the form again with what was wrong."""
    guest = Guest.typed(1, name, email, reference)
    problem = conflict = ""
    try:
        batch = batch or secrets.token_hex(16)
        given = await page.invites.give_out(page.template_id, [guest], page.account, batch)
        if given.links:
            return await page.show_links(given)
        problem = reason_text(page.t, given.refused[0])
    except ConflictError as error:
        conflict = conflict_text(page.t, error)
    return await page.show(typed=guest, problem=problem, conflict=conflict)


@router.post("/renew", dependencies=SAME_ORIGIN)
async def renew_many(
    page: Page,
    ids: Annotated[list[str], Form(max_length=MOST_ROWS)] = [],  # noqa: B006
) -> Response:
    """Replace the ticked links by new ones, as a file that is given out this once."""
    if not ids:
        return await page.show(conflict=page.t("invites.many_renew.none"))
    try:
        renewed = await page.invites.renew_many(page.template_id, ids, page.account)
    except ConflictError as error:
        return await page.refuse(error)
    return renewed_file(page.request, renewed)


@router.post("/{invite_id}/renew", dependencies=SAME_ORIGIN)
async def renew(page: Page, invite_id: str) -> Response:
    """Replace an unused link and show the new one."""
    try:
        link = await page.invites.renew(page.template_id, invite_id, page.account)
    except ConflictError as error:
        return await page.refuse(error)
    return await page.show_links(GivenOut([link]), renewed=True)


@router.post("/{invite_id}/extend", dependencies=SAME_ORIGIN)
async def extend(page: Page, invite_id: str, days: Annotated[int, Form()] = EXTEND_DAYS) -> Response:
    """Let an unused link live longer."""
    try:
        await page.invites.extend(page.template_id, invite_id, days, page.account)
    except ConflictError as error:
        return await page.refuse(error)
    return _done(page, "extended")


@router.post("/{invite_id}/revoke", dependencies=SAME_ORIGIN)
async def revoke(page: Page, invite_id: str) -> Response:
    """Close a link, or the interview it was used for."""
    await page.invites.revoke(page.template_id, invite_id, page.account)
    return _done(page, "revoked")


@router.post("/{invite_id}/restore", dependencies=SAME_ORIGIN)
async def restore(page: Page, invite_id: str) -> Response:
    """Take a revocation back."""
    await page.invites.restore(page.template_id, invite_id, page.account)
    return _done(page, "restored")


def _done(page: Page, what: str) -> Response:
    return RedirectResponse(f"{page.home}?done={what}", 303)
