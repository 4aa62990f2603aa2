"""Templates and invites, and what reviewers decide about scores."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, new_id, now


class Template(Base):
    """What an assessment asks and how; `content` is a `TemplateContent`, `drawing` a `Drawing`.

    `revision` grows with every change. Interviews keep a copy of what they were planned from.
    """

    __tablename__ = "templates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]
    drawing: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]


class Invite(Base):
    """A link to one interview of a template; `token_hash` is the SHA-256 of the link's token.

    It can be used once, before `expires_at`, unless revoked; `interview_id` is what it was used for, and
    `browser_hash` the SHA-256 of a cookie of the browser that did.
    """

    __tablename__ = "invites"
    __table_args__ = (Index("ix_invites_template_id_created_at_id", "template_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    template_id: Mapped[str] = mapped_column(ForeignKey("templates.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    interview_id: Mapped[str | None] = mapped_column(
        ForeignKey("interviews.id", ondelete="SET NULL"), unique=True
    )


class PointOverrideRow(Base):
    """A person's verdict on one point, in order of `id`; the last one counts.

    A `credit` of None gives the point back to the scorer. `author` is the account's name at the time.
    """

    __tablename__ = "point_overrides"
    __table_args__ = (Index("ix_point_overrides_interview_id_number", "interview_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    number: Mapped[int]
    point_id: Mapped[str] = mapped_column(String(80))
    credit: Mapped[float | None]
    # The credit it replaced, and the scorer whose it was, for the figures of agreement.
    before: Mapped[float | None]
    machine_credit: Mapped[float | None]
    scorer_id: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=now)


class ReviewComment(Base):
    """A reviewer's note on an interview, one of its questions, or one point."""

    __tablename__ = "review_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    number: Mapped[int | None]
    point_id: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(default=now)


class Dispute(Base):
    """A candidate's objection to one point: `status` is open, upheld (they were right) or rejected."""

    __tablename__ = "disputes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    point_id: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[str] = mapped_column(String(20), default="open")
    outcome: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(80), default="")
    resolved_at: Mapped[datetime | None]


class BlindReview(Base):
    """A reviewer judging an interview without its scores; they are shown once it is finished."""

    __tablename__ = "blind_reviews"
    __table_args__ = (UniqueConstraint("interview_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class BlindVerdict(Base):
    """A reviewer's credit for one point, given blind; `machine_credit` is what the scorer had given."""

    __tablename__ = "blind_verdicts"

    review_id: Mapped[str] = mapped_column(
        ForeignKey("blind_reviews.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    credit: Mapped[float]
    machine_credit: Mapped[float | None]
    scorer_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=now)


class RescoringRun(Base):
    """Interviews scored again as one durable job: `status` is running, done, cancelled or failed.

    `scope` says which interviews, `scorer` with what. With `adopt` the new cards become the current ones.
    """

    __tablename__ = "rescoring_runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    scope: Mapped[dict[str, Any]]
    scorer: Mapped[dict[str, Any]]
    adopt: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20), default="running")
    total: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")


class RescoredInterview(Base):
    """An interview's place in a run, and once scored its new `cards` by question number.

    `scorer` is the `ScorerIdentity` that made them, who may be another by the time they are adopted.
    """

    __tablename__ = "rescored_interviews"

    run_id: Mapped[str] = mapped_column(ForeignKey("rescoring_runs.id", ondelete="CASCADE"), primary_key=True)
    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    cards: Mapped[dict[str, Any] | None]
    scorer: Mapped[dict[str, Any] | None]
    changed: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime | None]
