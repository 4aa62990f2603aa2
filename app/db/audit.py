"""The audit log: who changed something or took it out, written in the transaction that did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Account, AuditEvent


@dataclass(frozen=True)
class Actor:
    """Who did it: an account, or one of the constants below."""

    name: str
    account_id: str | None = None

    @classmethod
    def of(cls, account: Account) -> "Actor":
        return cls(account.name, account.id)


async def actor_with(session: AsyncSession, account_id: str | None) -> Actor:
    """The account of that id, or the system for None and for an account that is gone."""
    account = await session.get(Account, account_id) if account_id is not None else None
    return Actor.of(account) if account is not None else SYSTEM


CANDIDATE = Actor("candidate")
SYSTEM = Actor("system")
COMMAND_LINE = Actor("command line")


def audit(session: AsyncSession, actor: Actor, action: str, subject: str = "", **detail: Any) -> None:
    """Note one event in this transaction: no event without its change, no change without its event.

    `action` is a dotted verb such as `invite.revoke`, `subject` the id of what it happened to. `detail` holds
    plain JSON values and no personal data, since the log outlives what is deleted.
    """
    session.add(
        AuditEvent(
            account_id=actor.account_id, actor=actor.name[:80], action=action, subject=subject, detail=detail
        )
    )


async def was_noted(session: AsyncSession, action: str, subject: str, since: datetime) -> bool:
    """Whether this happened to the subject from `since` on."""
    noted = (AuditEvent.action == action, AuditEvent.subject == subject, AuditEvent.at >= since)
    return await session.scalar(select(AuditEvent.id).where(*noted).limit(1)) is not None
