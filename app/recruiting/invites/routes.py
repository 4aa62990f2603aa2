"""The API of invites. The cookie of a recruiter's log-in is needed."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, status

from app.dependencies import SAME_ORIGIN, public_address
from app.recruiting.accounts.dependencies import Recruiter, recruiter
from app.recruiting.invites.dependencies import MAX_BODY_BYTES, Invites
from app.recruiting.invites.guests import CheckedGuest, Guest
from app.recruiting.invites.links import Link
from app.recruiting.invites.repository import InviteStatus
from app.recruiting.invites.schemas import (
    Extension,
    GivenLink,
    GivenLinks,
    InvitePage,
    InviteRow,
    NewInvite,
    NewInvites,
    RefusedRenewal,
    RefusedRow,
    Renewal,
    RenewedLinks,
)
from app.recruiting.invites.service import PAGE_LENGTH

router = APIRouter(
    prefix="/api/v1/templates/{template_id}/invites",
    tags=["invites"],
    dependencies=[Depends(recruiter)],
    responses={
        401: {"description": "Nobody is logged in"},
        404: {"description": "No such template, or no such invite of it"},
    },
)
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "The link was used, or the template is archived"}
}


@router.get("", summary="List invites")
async def invites(
    template_id: str,
    service: Invites,
    account: Recruiter,
    status: InviteStatus | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of a name, address or reference.")] = "",
    after: Annotated[str, Query(max_length=200, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE_LENGTH,
) -> InvitePage:
    """Newest first, without their links."""
    return await service.page(template_id, account, status, q, after or None, limit)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Invite someone",
    dependencies=SAME_ORIGIN,
    responses=_CONFLICT,
)
async def invite(
    template_id: str, wanted: NewInvite, request: Request, service: Invites, account: Recruiter
) -> GivenLinks:
    """The link is shown only in this answer; a refused guest is in `refused`."""
    given = await service.give_out(template_id, _guests([wanted]), account, secrets.token_hex(16))
    return _given(request, given.links, given.refused)


@router.post(
    "/bulk",
    status_code=status.HTTP_201_CREATED,
    summary="Invite many",
    dependencies=SAME_ORIGIN,
    responses=_CONFLICT,
    max_body_size=MAX_BODY_BYTES,
)
async def invite_many(
    template_id: str, wanted: NewInvites, request: Request, service: Invites, account: Recruiter
) -> GivenLinks:
    """Good rows get a link each, which is shown only in this answer; the others say why not."""
    guests = _guests(wanted.rows)
    if wanted.dry_run:
        checked = await service.check(template_id, guests)
        return GivenLinks(links=[], refused=RefusedRow.of(checked.bad), accepted=len(checked.good))
    given = await service.give_out(template_id, guests, account, wanted.batch or secrets.token_hex(16))
    return _given(request, given.links, given.refused)


@router.post(
    "/renew",
    summary="Replace many links",
    dependencies=SAME_ORIGIN,
    responses=_CONFLICT,
    max_body_size=MAX_BODY_BYTES,
)
async def renew_many(
    template_id: str, wanted: Renewal, request: Request, service: Invites, account: Recruiter
) -> RenewedLinks:
    """The old ones stop working; the new ones are shown only in this answer."""
    renewed = await service.renew_many(template_id, wanted.ids, account)
    return RenewedLinks(
        links=[_link(request, link) for link in renewed.links],
        refused=[RefusedRenewal(id=each.id, name=each.name, reason=each.reason) for each in renewed.refused],
    )


@router.post("/{invite_id}/revoke", summary="Revoke a link", dependencies=SAME_ORIGIN)
async def revoke(template_id: str, invite_id: str, service: Invites, account: Recruiter) -> InviteRow:
    """A used one's interview can no longer be opened by its candidate; nothing is deleted."""
    return await service.revoke(template_id, invite_id, account)


@router.post("/{invite_id}/restore", summary="Take a revocation back", dependencies=SAME_ORIGIN)
async def restore(template_id: str, invite_id: str, service: Invites, account: Recruiter) -> InviteRow:
    """The link, or the interview it was used for, opens again."""
    return await service.restore(template_id, invite_id, account)


@router.post("/{invite_id}/renew", summary="Replace a link", dependencies=SAME_ORIGIN, responses=_CONFLICT)
async def renew(
    template_id: str, invite_id: str, request: Request, service: Invites, account: Recruiter
) -> GivenLink:
    """The old one stops working; the new one is shown only in this answer."""
    return _link(request, await service.renew(template_id, invite_id, account))


@router.post("/{invite_id}/extend", summary="Extend a link", dependencies=SAME_ORIGIN, responses=_CONFLICT)
async def extend(
    template_id: str, invite_id: str, wanted: Extension, service: Invites, account: Recruiter
) -> InviteRow:
    """By whole days, counted from now if it has expired."""
    return await service.extend(template_id, invite_id, wanted.days, account)


def _guests(rows: list[NewInvite]) -> list[Guest]:
    return [Guest.typed(number, row.name, row.email, row.reference) for number, row in enumerate(rows, 1)]


def _given(request: Request, links: list[Link], refused: list[CheckedGuest]) -> GivenLinks:
    return GivenLinks(
        links=[_link(request, link) for link in links], refused=RefusedRow.of(refused), accepted=len(links)
    )


def _link(request: Request, link: Link) -> GivenLink:
    return GivenLink(
        name=link.name,
        email=link.email,
        reference=link.reference,
        link=public_address(request, f"/i/{link.token}"),
        expires_at=link.expires_at,
    )
