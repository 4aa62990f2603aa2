"""The API of the audit log, for owners. Nothing here changes it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from app.audit import Actor
from app.recruiting.accounts.dependencies import Owner
from app.recruiting.audit.repository import AuditFilter
from app.recruiting.audit.schemas import AuditPage
from app.recruiting.audit.service import MOST_PER_PAGE, csv_lines, note_export, read_audit

router = APIRouter(
    prefix="/api/v1/audit",
    tags=["audit log"],
    responses={401: {"description": "Nobody is logged in"}, 403: {"description": "Not an owner"}},
)

_Text = Annotated[str, Query(max_length=80)]
Before = Annotated[int | None, Query(ge=1, lt=2**31, description="The `next` of the page before.")]


@dataclass(frozen=True)
class AuditDays:
    """The first and the last day, in UTC; None is open."""

    since: date | None
    until: date | None


def audit_days(
    since: Annotated[date | Literal[""], Query(description="First day, in UTC.")] = "",
    until: Annotated[date | Literal[""], Query(description="Last day, in UTC.")] = "",
) -> AuditDays:
    """The days a query names. Forms send fields that were left empty."""
    return AuditDays(since or None, until or None)


Days = Annotated[AuditDays, Depends(audit_days)]


def audit_filter(days: Days, actor: _Text = "", action: _Text = "", subject: _Text = "") -> AuditFilter:
    """The filter that a query names; what is empty is any."""
    after = days.until + timedelta(days=1) if days.until and days.until < date.max else None
    return AuditFilter(
        actor=actor.strip() or None,
        action=action.strip() or None,
        subject=subject.strip() or None,
        since=_midnight(days.since) if days.since else None,
        until=_midnight(after) if after else None,
    )


Wanted = Annotated[AuditFilter, Depends(audit_filter)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@router.get("", summary="The audit log, newest first")
async def events(
    request: Request,
    account: Owner,
    wanted: Wanted,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
) -> AuditPage:
    """Who changed something or took it out, by actor, action, subject and days."""
    return await read_audit(request.app.state.database, wanted, before, limit)


@router.get("/export.csv", summary="The audit log as CSV", response_class=StreamingResponse)
async def export(request: Request, account: Owner, wanted: Wanted) -> StreamingResponse:
    """The same filter, all pages. The export is itself in the log."""
    database = request.app.state.database
    await note_export(database, Actor.of(account), wanted)
    return StreamingResponse(
        csv_lines(database, wanted),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"},
    )
