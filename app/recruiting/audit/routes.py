"""The API of the audit log, for owners. Nothing here changes it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from app.recruiting.accounts.dependencies import Owner
from app.recruiting.audit.dependencies import AuditTrail, Before, Exported, Wanted
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
async def export(exported: Exported) -> StreamingResponse:
    """The same filter, all pages. The export is itself in the log."""
    return exported
