"""Reads the audit log page by page, and takes it out as CSV."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.pagination import page_of
from app.recruiting.audit.repository import AuditFilter, AuditLog
from app.recruiting.audit.schemas import AuditEventView, AuditPage
from app.spreadsheets import csv_file, csv_rows

MOST_PER_PAGE = 200
_EXPORTED_AT_ONCE = 500


class AuditService:
    """Reads the log; nothing here changes it but the note of its own export."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: AuditFilter, before: int | None, size: int) -> AuditPage:
        """At most `size` events, newest first, older than the event `before`."""
        async with self._database.reading() as session:
            events = await AuditLog(session).page(wanted, before, size + 1)
        shown, last = page_of(events, size)
        return AuditPage(
            events=[AuditEventView.model_validate(event) for event in shown], next=last.id if last else None
        )

    async def note_export(self, actor: Actor, wanted: AuditFilter) -> None:
        """The log says who took it out, and what it was narrowed by; not to what, which is free text."""
        narrowed = [name for name, value in asdict(wanted).items() if value is not None]
        async with self._database.session() as session:
            audit(session, actor, "audit.export", filtered_by=narrowed)

    async def csv_lines(self, wanted: AuditFilter) -> AsyncIterator[str]:
        """The events as CSV for a spreadsheet, newest first, a few hundred in memory at a time."""
        yield csv_file([["id", "at", "actor", "action", "subject", "detail"]])
        before: int | None = None
        while True:
            page = await self.page(wanted, before, _EXPORTED_AT_ONCE)
            yield csv_rows([_cells(event) for event in page.events])
            if page.next is None:
                return
            before = page.next


def _cells(event: AuditEventView) -> list[str]:
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True) if event.detail else ""
    return [str(event.id), event.at.isoformat(), event.actor, event.action, event.subject, detail]
