"""Reads the audit log page by page, and takes it out as CSV."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.recruiting.audit.repository import AuditFilter, AuditLog
from app.recruiting.audit.schemas import AuditEventView, AuditPage
from app.spreadsheets import safe_cell

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
        shown = [AuditEventView.of(event) for event in events[:size]]
        return AuditPage(events=shown, next=shown[-1].id if len(events) > size else None)

    async def note_export(self, actor: Actor, wanted: AuditFilter) -> None:
        """The log says who took it out, and what it was narrowed by; not to what, which is free text."""
        narrowed = [name for name, value in asdict(wanted).items() if value is not None]
        async with self._database.session() as session:
            audit(session, actor, "audit.export", filtered_by=narrowed)

    async def csv_lines(self, wanted: AuditFilter) -> AsyncIterator[str]:
        """The events as CSV for a spreadsheet, newest first, a few hundred in memory at a time."""
        # The mark by which spreadsheet programs know UTF-8.
        yield "\ufeff" + _csv([["id", "at", "actor", "action", "subject", "detail"]])
        before: int | None = None
        while True:
            page = await self.page(wanted, before, _EXPORTED_AT_ONCE)
            yield _csv([_cells(event) for event in page.events])
            if page.next is None:
                return
            before = page.next


def _cells(event: AuditEventView) -> list[str]:
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True) if event.detail else ""
    typed = [safe_cell(text) for text in (event.actor, event.action, event.subject, detail)]
    return [str(event.id), event.at.isoformat(), *typed]


def _csv(rows: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
