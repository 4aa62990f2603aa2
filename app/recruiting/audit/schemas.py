"""What the API of the audit log gives."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.db.tables import AuditEvent


class AuditEventView(BaseModel):
    """One thing someone did. `actor` is the account's name at the time; `detail` depends on the action."""

    id: int
    at: datetime
    actor: str
    account_id: str | None
    action: str
    subject: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, event: AuditEvent) -> "AuditEventView":
        return cls(
            id=event.id,
            at=event.at,
            actor=event.actor,
            account_id=event.account_id,
            action=event.action,
            subject=event.subject,
            detail=event.detail,
        )


class AuditPage(BaseModel):
    """Events, newest first; `next` is the `before` of the following page, None on the last one."""

    events: list[AuditEventView]
    next: int | None
