"""Interviews, their questions and transcripts, and who may open them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, new_id, now

# What the recruiter's list is narrowed by. Each of its orders has an index that begins with what it sorts by
# and holds all of these, so that whatever the filter is, the index alone says which rows to show.
_LISTED = (
    *("number", "template_id", "bank_id", "mode", "status", "unscored", "disputed", "reviewed_at"),
    *("released_at", "blind"),
)


class Interview(Base):
    """One interview. `token_hash` is the SHA-256 of the candidate's bearer token; `settings` the request.

    The token is refused after `expires_at`. The clock runs from `started_at`, when the greeting was said, and
    stands still while `paused_at` is set; `paused_seconds` sums the pauses before.
    """

    __tablename__ = "interviews"
    __table_args__ = (
        # All that the figures of drift read: the index alone answers for them.
        Index(
            "ix_interviews_drift",
            *("created_at", "scorer_id", "bank_id", "bank_version"),
            *("machine_share", "judged", "doubted", "overridden"),
        ),
        Index("ix_interviews_by_attention", "attention", "created_at", "id", "share", "flagged", *_LISTED),
        Index("ix_interviews_by_time", "created_at", "id", "share", "flagged", *_LISTED),
        Index("ix_interviews_by_share", "share", "created_at", "id", "flagged", *_LISTED),
        Index("ix_interviews_by_flags", "flagged", "created_at", "id", "share", *_LISTED),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    # What the index of words knows it by; see `app.db.word_index`.
    number: Mapped[int | None] = mapped_column(unique=True, index=True)
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
    # Set by a recruiter who revokes the invite: the tokens are refused from then on, and nothing is deleted.
    access_revoked_at: Mapped[datetime | None]
    # No foreign keys from here on: to add one, SQLite copies the table, and deletes all that refers to it.
    template_id: Mapped[str | None] = mapped_column(String(32), index=True)
    template_revision: Mapped[int | None]
    person_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # How the candidate wants to be called. It never reaches a prompt of the judge.
    candidate_name: Mapped[str | None] = mapped_column(Text)
    consented_at: Mapped[datetime | None]
    # What was said before is kept as it is from then on: read, and neither judged nor given out.
    consent_withdrawn_at: Mapped[datetime | None]
    # The practice this one repeats, so that the two can be compared.
    again_of: Mapped[str | None] = mapped_column(String(32))
    # The same as in `settings`, where the lists can filter by it.
    blind: Mapped[bool] = mapped_column(default=False, server_default=false())
    released_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    delete_after: Mapped[datetime | None] = mapped_column(index=True)
    # What its cards, overrides and disputes add up to, kept by `app.interviews.totals` for the lists.
    score: Mapped[float | None]
    max_score: Mapped[float] = mapped_column(default=0.0, server_default="0")
    share: Mapped[float | None]
    flagged: Mapped[int] = mapped_column(default=0, server_default="0")
    unscored: Mapped[int] = mapped_column(default=0, server_default="0")
    disputed: Mapped[int] = mapped_column(default=0, server_default="0")
    # 2 with an open dispute, 1 with a flagged point nobody looked at, else 0.
    attention: Mapped[int] = mapped_column(default=0, server_default="0")
    # What its scorer did, before people decided, for the figures of drift: share of the marks, points given a
    # credit, those of them it doubted, those people decided otherwise. None where several scorers did.
    scorer_id: Mapped[str | None] = mapped_column(String(32))
    machine_share: Mapped[float | None]
    judged: Mapped[int] = mapped_column(default=0, server_default="0")
    doubted: Mapped[int] = mapped_column(default=0, server_default="0")
    overridden: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def title(self) -> str:
        """What its candidate knows it by: the name of the template it was invited with, or the bank's."""
        return str(self.settings.get("title") or self.bank_title)


class InterviewQuestion(Base):
    """A question as this interview holds it: the bank's text and rubric on the day it was planned."""

    __tablename__ = "interview_questions"
    __table_args__ = (UniqueConstraint("interview_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    number: Mapped[int]
    bank_id: Mapped[str | None] = mapped_column(String(80))
    bank_version: Mapped[str | None] = mapped_column(String(40))
    question_id: Mapped[str] = mapped_column(String(80))
    section: Mapped[str] = mapped_column(Text)
    question: Mapped[dict[str, Any]]
    # Which parts of a story the answer tells, a `StarReading`; read once, after the interview.
    star: Mapped[dict[str, Any] | None]


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
    # How a reply was typed, as the browser counted it: facts for the reviewer, never part of a score.
    signals: Mapped[dict[str, Any] | None]


class Person(Base):
    """A candidate as one browser or one invite knows them; `token_hash` is the SHA-256 of their cookie."""

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class InterviewToken(Base):
    """A further token of an interview, for another device; refused after `expires_at`."""

    __tablename__ = "interview_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class DeviceLink(Base):
    """A link that opens an interview once on another device, until `expires_at`."""

    __tablename__ = "device_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Executor(Base):
    """A process that serves from a shared database. One not seen for a while is taken for dead."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(default=now)
