"""All queries of the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import AuditEvent
from app.pagination import beyond


@dataclass(frozen=True)
class AuditFilter:
    """Which events: None is any. From `since` on, until before `until`."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def of(self, query: Select[tuple[AuditEvent]]) -> Select[tuple[AuditEvent]]:
        """The query with these conditions."""
        for column, value in (
            (AuditEvent.actor, self.actor),
            (AuditEvent.action, self.action),
            (AuditEvent.subject, self.subject),
        ):
            if value is not None:
                query = query.where(column == value)
        if self.since is not None:
            query = query.where(AuditEvent.at >= self.since)
        if self.until is not None:
            query = query.where(AuditEvent.at < self.until)
        return query


class AuditLog:
    """The audit log inside one transaction. Nothing here changes it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, wanted: AuditFilter, before: int | None, size: int) -> Sequence[AuditEvent]:
        """At most `size` events, newest first, that are older than the one whose id is `before`."""
        query = wanted.of(select(AuditEvent))
        if before is not None:
            last = await self._session.get(AuditEvent, before)
            if last is None:
                return []
            query = query.where(beyond([AuditEvent.at, AuditEvent.id], [last.at, last.id], down=True))
        query = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(size)
        return list(await self._session.scalars(query))
