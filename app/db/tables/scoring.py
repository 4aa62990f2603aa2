"""Score cards, who or what made them, and what judging cost."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, new_id, now


class QuestionScoreRow(Base):
    """The scorer's current card of one question of an interview; `card` is a `QuestionScore`.

    What people decided stands in `point_overrides`, never in `card`.
    """

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
    scorer_id: Mapped[str | None] = mapped_column(String(32))


class ReplacedCard(Base):
    """A scorer's card that a later one replaced; `run_id` is the re-scoring that did, if one did."""

    __tablename__ = "replaced_cards"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    card: Mapped[dict[str, Any]]
    scorer_id: Mapped[str | None] = mapped_column(String(32))
    scored_at: Mapped[datetime]
    replaced_at: Mapped[datetime] = mapped_column(default=now)
    run_id: Mapped[str | None] = mapped_column(String(32))


class ScorerRow(Base):
    """A scorer that made cards: model, prompts and settings; `id` is a hash over `identity`."""

    __tablename__ = "scorers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    model: Mapped[str] = mapped_column(Text)
    identity: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime] = mapped_column(default=now)


class LLMCall(Base):
    """One call to a language model: what it cost, which prompt it used, and which reply it was `about`."""

    __tablename__ = "llm_calls"
    __table_args__ = (
        Index("ix_llm_calls_at", "at"),
        # All that the sums by model read: the index alone answers for them.
        Index(
            "ix_llm_calls_by_model",
            *("model", "at", "outcome", "prompt_tokens", "cached_tokens", "completion_tokens", "seconds"),
        ),
    )

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


class JudgementUse(Base):
    """Which interviews a kept judgement was made or used for: with the last of them it is deleted."""

    __tablename__ = "judgement_uses"

    key: Mapped[str] = mapped_column(ForeignKey("judgements.key", ondelete="CASCADE"), primary_key=True)
    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True, index=True
    )
