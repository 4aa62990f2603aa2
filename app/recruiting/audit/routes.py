"""The API of the audit log, for owners. Nothing here changes it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from app.audit import Actor
from app.recruiting.accounts.dependencies import Owner
from app.recruiting.audit.dependencies import AuditTrail, Before, Wanted
from app.recruiting.audit.schemas import AuditPage
from app.recruiting.audit.service import MOST_PER_PAGE

router = APIRouter(
    prefix="/api/v1/audit",
    tags=["audit log"],
    responses={401: {"description": "Nobody is logged in"}, 403: {"description": "Not an owner"}},
)


@router.get("", summary="The audit log, newest first")
async def events(
    account: Owner,
    trail: AuditTrail,
    wanted: Wanted,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
) -> AuditPage:
    """Who changed something or took it out, by actor, action, subject and days."""
    return await trail.page(wanted, before, limit)


@router.get("/export.csv", summary="The audit log as CSV", response_class=StreamingResponse)
async def export(account: Owner, trail: AuditTrail, wanted: Wanted) -> StreamingResponse:
    """The same filter, all pages. The export is itself in the log."""
    await trail.note_export(Actor.of(account), wanted)
    return StreamingResponse(
        trail.csv_lines(wanted),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"},
    )
