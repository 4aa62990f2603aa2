"""All tables. Times are UTC; JSON columns hold what their pydantic model dumps."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def new_id() -> str:
    """A random 128-bit id as 32 hex digits."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC on every database; SQLite drops the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    # Constraints need names so that a later migration can drop them, on SQLite too.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Interview(Base):
    """One interview. `token_hash` is the SHA-256 of the candidate's bearer token; `settings` the request.

    The token is refused after `expires_at`. The clock runs from `started_at`, when the greeting was said, and
    stands still while `paused_at` is set; `paused_seconds` sums the pauses before.
    """

    __tablename__ = "interviews"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64))
    bank_id: Mapped[str] = mapped_column(String(80), index=True)
    bank_title: Mapped[str] = mapped_column(Text)
    bank_version: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    mode: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="open", index=True)
    settings: Mapped[dict[str, Any]]
    # The flow's state: which question, follow-ups used, pending points. Written only with an utterance.
    state: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_seconds: Mapped[float] = mapped_column(default=0.0)
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class InterviewQuestion(Base):
    """A question as this interview holds it: the bank's text and rubric on the day it was planned."""

    __tablename__ = "interview_questions"
    __table_args__ = (UniqueConstraint("interview_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    number: Mapped[int]
    question_id: Mapped[str] = mapped_column(String(80))
    section: Mapped[str] = mapped_column(Text)
    question: Mapped[dict[str, Any]]


class Utterance(Base):
    """One line of the transcript, numbered from 1 by `seq`.

    `client_turn_id` is set on replies, and makes a repeated one harmless; their `kind` is the intent that was
    recognised. `turn_seq` is, on an interviewer's line, the `seq` of the line it follows (0 for the
    greeting), so that no reply is answered twice.
    """

    __tablename__ = "utterances"
    __table_args__ = (
        UniqueConstraint("interview_id", "seq"),
        UniqueConstraint("interview_id", "client_turn_id"),
        UniqueConstraint("interview_id", "turn_seq"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    seq: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    question_number: Mapped[int | None]
    client_turn_id: Mapped[str | None] = mapped_column(String(80))
    turn_seq: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)


class QuestionScoreRow(Base):
    """The current score card of one question of an interview; `card` is a `QuestionScore`."""

    __tablename__ = "question_scores"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    score: Mapped[float | None]
    max_score: Mapped[float]
    fingerprint: Mapped[str] = mapped_column(String(64))
    card: Mapped[dict[str, Any]]
    scored_at: Mapped[datetime] = mapped_column(default=now)


class LLMCall(Base):
    """One call to a language model: what it cost, which prompt it used, and which reply it was `about`."""

    __tablename__ = "llm_calls"
    __table_args__ = (Index("ix_llm_calls_at", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=now)
    purpose: Mapped[str] = mapped_column(String(80))
    model: Mapped[str] = mapped_column(String(200))
    prompt_hash: Mapped[str] = mapped_column(String(64))
    prompt_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    seconds: Mapped[float]
    outcome: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(80), default="", server_default="", index=True)


class JudgementRow(Base):
    """Judgements of one reply, kept by the hash of all they depend on; they never change."""

    __tablename__ = "judgements"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    judgements: Mapped[list[Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)


class Account(Base):
    """A recruiter. `password_hash` is argon2id."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)


class AccountSession(Base):
    """A recruiter's log-in, revocable; `token_hash` is the SHA-256 of the cookie."""

    __tablename__ = "account_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


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


class Executor(Base):
    """A process that serves from a shared database. One not seen for a while is taken for dead."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(default=now)
