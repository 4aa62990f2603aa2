"""How a person's practices went, one after the other, as the database has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, InterviewQuestion, QuestionScoreRow
from app.scoring.card import QuestionScore, summarise

MOST_PRACTICES = 30


@dataclass(frozen=True)
class PastPractice:
    """One ended practice: `share` of its marks, 0..1, and each competency's share by title."""

    interview_id: str
    at: datetime
    bank_id: str
    bank_title: str
    share: float
    competencies: Mapping[str, float]


class PastPractices:
    """A person's practices inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, person_id: str, bank_id: str | None = None) -> list[PastPractice]:
        """The scored ones among the last `MOST_PRACTICES` that ended, oldest first; of one bank if given."""
        query = select(Interview).where(
            Interview.person_id == person_id,
            Interview.mode == "practice",
            Interview.status == "ended",
            Interview.share.is_not(None),
        )
        if bank_id is not None:
            query = query.where(Interview.bank_id == bank_id)
        last = query.order_by(Interview.created_at.desc()).limit(MOST_PRACTICES)
        found = list(await self._session.scalars(last))[::-1]
        summaries = await self._competencies([interview.id for interview in found])
        return [
            PastPractice(
                interview_id=interview.id,
                at=interview.ended_at or interview.created_at,
                bank_id=interview.bank_id,
                bank_title=interview.bank_title,
                share=interview.share or 0.0,
                competencies={
                    interview.settings["competencies"].get(name, name): share
                    for name, share in summaries.get(interview.id, {}).items()
                },
            )
            for interview in found
        ]

    async def _competencies(self, interview_ids: Sequence[str]) -> dict[str, dict[str, float]]:
        query = (
            select(QuestionScoreRow, InterviewQuestion)
            .join(
                InterviewQuestion,
                and_(
                    InterviewQuestion.interview_id == QuestionScoreRow.interview_id,
                    InterviewQuestion.number == QuestionScoreRow.number,
                ),
            )
            .where(QuestionScoreRow.interview_id.in_(interview_ids))
        )
        cards: dict[str, list[tuple[QuestionScore, list[str]]]] = {}
        for row, question in await self._session.execute(query):
            card = QuestionScore.model_validate(row.card)
            cards.setdefault(row.interview_id, []).append((card, question.question["competencies"]))
        return {interview_id: summarise(of_one).competencies for interview_id, of_one in cards.items()}
