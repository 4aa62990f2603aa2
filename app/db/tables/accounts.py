"""Who sits at the recruiter's desk, their log-ins, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, new_id, now
from app.text.fold import fold


def _folded_name(context: DefaultExecutionContext) -> str:
    values: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return fold(values["name"]).text


class Account(Base):
    """Someone at the recruiter's desk. `password_hash` is argon2id, `role` owner or recruiter.

    One with `disabled_at` can't log in; its name stays beside what it decided. `name_key` is the folded
    name, by which two that look alike are one.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_name_key", "name_key", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_key: Mapped[str] = mapped_column(String(240), default=_folded_name, server_default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20), default="recruiter", server_default="recruiter")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class AccountSession(Base):
    """A recruiter's log-in, revocable; `token_hash` is the SHA-256 of the cookie."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime | None] = mapped_column(default=now)
    agent: Mapped[str] = mapped_column(Text, default="", server_default="")


class LogInFailure(Base):
    """A log-in that failed, kept for the minutes in which it counts against further tries.

    `name_hash` is the SHA-256 of the name that was typed: people type passwords there by mistake.
    """

    __tablename__ = "log_in_failures"
    __table_args__ = (Index("ix_log_in_failures_address_at", "address", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=now)


class AuditEvent(Base):
    """One thing someone changed or took out, in order of `id`; triggers refuse to change or delete one.

    `actor` is the account's name at the time, or `candidate`, `system`, `command line`. `subject` is the id
    of what was changed; `detail` holds ids, counts and settings, and no personal data.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject"),
        Index("ix_audit_events_at_id", "at", "id"),
        Index("ix_audit_events_actor_at_id", "actor", "at", "id"),
        Index("ix_audit_events_action_at_id", "action", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]]
