"""The audit log as routes depend on it, and what of it a query asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query
from starlette.responses import StreamingResponse

from app.db.audit import Actor
from app.dependencies import room
from app.recruiting.accounts.dependencies import Owner
from app.recruiting.audit.repository import AuditFilter
from app.recruiting.audit.service import AuditService
from app.spreadsheets import CSV_TYPE

AuditTrail = Annotated[AuditService, Depends(room(AuditService))]
Before = Annotated[int | None, Query(ge=1, lt=2**31, description="The `next` of the page before.")]
_Text = Annotated[str, Query(max_length=80)]


@dataclass(frozen=True)
class AuditDays:
    """The first and the last day, in UTC; None is open."""

    since: date | None
    until: date | None


async def audit_days(
    since: Annotated[date | Literal[""], Query(description="First day, in UTC.")] = "",
    until: Annotated[date | Literal[""], Query(description="Last day, in UTC.")] = "",
) -> AuditDays:
    """The days a query names. Forms send fields that were left empty."""
    return AuditDays(since or None, until or None)


Days = Annotated[AuditDays, Depends(audit_days)]


async def audit_filter(days: Days, actor: _Text = "", action: _Text = "", subject: _Text = "") -> AuditFilter:
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


async def audit_export(account: Owner, trail: AuditTrail, wanted: Wanted) -> StreamingResponse:
    """The filtered log as a CSV file; that it was taken out is itself in the log."""
    await trail.note_export(Actor.of(account), wanted)
    return StreamingResponse(
        trail.csv_lines(wanted),
        media_type=CSV_TYPE,
        headers={"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"},
    )


Exported = Annotated[StreamingResponse, Depends(audit_export)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
