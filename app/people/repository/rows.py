"""All rows that hang on one interview, as they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import (
    AuditEvent,
    BlindReview,
    BlindVerdict,
    Dispute,
    InterviewQuestion,
    InterviewToken,
    LLMCall,
    PointOverrideRow,
    QuestionScoreRow,
    ReplacedCard,
    RescoredInterview,
    ReviewComment,
    ScorerRow,
    Utterance,
)

Row = TypeVar("Row")


@dataclass(frozen=True)
class HeldRows:
    """One interview's rows, each kind in order; `models` names the scorers' models by scorer id."""

    questions: Sequence[InterviewQuestion]
    lines: Sequence[Utterance]
    cards: Sequence[QuestionScoreRow]
    replaced: Sequence[ReplacedCard]
    rescored: Sequence[RescoredInterview]
    overrides: Sequence[PointOverrideRow]
    blind: Sequence[BlindVerdict]
    comments: Sequence[ReviewComment]
    disputes: Sequence[Dispute]
    tokens: Sequence[InterviewToken]
    events: Sequence[AuditEvent]
    calls: Sequence[LLMCall]
    models: dict[str, str]


async def read_rows(session: AsyncSession, interview_id: str) -> HeldRows:
    """All rows of an interview."""

    async def all_of(query: Select[Row]) -> list[Row]:
        return list(await session.scalars(query))

    def of(table: type[Row]) -> Select[Row]:
        return select(table).where(table.interview_id == interview_id)  # type: ignore[attr-defined]

    lines = await all_of(of(Utterance).order_by(Utterance.seq))
    about = [f"{interview_id}/{seq}" for seq in range(len(lines) + 1)]
    finished = (
        select(BlindVerdict)
        .join(BlindReview, BlindReview.id == BlindVerdict.review_id)
        .where(BlindReview.interview_id == interview_id, BlindReview.finished_at.is_not(None))
    )
    cards = await all_of(of(QuestionScoreRow).order_by(QuestionScoreRow.number))
    replaced = await all_of(of(ReplacedCard).order_by(ReplacedCard.number, ReplacedCard.replaced_at))
    scorers = {row.scorer_id for row in cards} | {row.scorer_id for row in replaced}
    models = await session.execute(select(ScorerRow.id, ScorerRow.model).where(ScorerRow.id.in_(scorers)))
    return HeldRows(
        questions=await all_of(of(InterviewQuestion).order_by(InterviewQuestion.number)),
        lines=lines,
        cards=cards,
        replaced=replaced,
        rescored=await all_of(of(RescoredInterview)),
        overrides=await all_of(of(PointOverrideRow).order_by(PointOverrideRow.id)),
        blind=await all_of(finished.order_by(BlindVerdict.at)),
        comments=await all_of(of(ReviewComment).order_by(ReviewComment.id)),
        disputes=await all_of(of(Dispute).order_by(Dispute.at)),
        tokens=await all_of(of(InterviewToken).order_by(InterviewToken.created_at)),
        events=await all_of(
            select(AuditEvent).where(AuditEvent.subject == interview_id).order_by(AuditEvent.id)
        ),
        calls=await all_of(select(LLMCall).where(LLMCall.about.in_(about)).order_by(LLMCall.at)),
        models=dict(models.all()),
    )
