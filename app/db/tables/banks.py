"""Drafts of banks, their published versions, and work on them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, new_id, now


class BankDraft(Base):
    """An imported document on its way to a bank version: `status` is open, published or discarded.

    `draft` and `summary` are JSON texts of a `Draft` and its `DraftSummary`; as texts, because a large one is
    then read outside the event loop, and the list needs the small one only. `bank_id` is the bank it is to
    become a version of, `sha256` that of the file, `revision` grows with every change.
    """

    __tablename__ = "bank_drafts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[str] = mapped_column(String(20), default="open")
    draft: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    bank_id: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    published_version: Mapped[str | None] = mapped_column(String(40))


class BankVersion(Base):
    """A published bank; `bank` is its JSON text, `content_hash` its `bank_hash`.

    `number` grows by one with every publication of any bank, in the order they are committed: whoever has
    seen it needs only what is above it. The version a file had is kept too when a published one follows it.
    """

    __tablename__ = "bank_versions"
    __table_args__ = (UniqueConstraint("bank_id", "version"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bank_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    bank: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    questions: Mapped[int]
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("bank_drafts.id", ondelete="SET NULL"))
    published_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(default=now)


class BankDraftJob(Base):
    """Work on a draft in the background: one not `seen_at` for a while died with its process.

    `failed` says why it ended; a job that ended well has no row. `stopping` asks its process to end it.
    """

    __tablename__ = "bank_draft_jobs"

    draft_id: Mapped[str] = mapped_column(ForeignKey("bank_drafts.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    stopping: Mapped[bool] = mapped_column(default=False)
    failed: Mapped[str | None] = mapped_column(Text)
