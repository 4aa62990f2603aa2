"""What the API of the audit log gives."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class AuditEventView(BaseModel):
    """One thing someone did. `actor` is the account's name at the time; `detail` depends on the action."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor: str
    account_id: str | None
    action: str
    subject: str
    detail: dict[str, Any]


class AuditPage(BaseModel):
    """Events, newest first; `next` is the `before` of the following page, None on the last one."""

    events: list[AuditEventView]
    next: int | None
