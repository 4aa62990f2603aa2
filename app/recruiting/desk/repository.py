"""All queries of the recruiter's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, QuestionScoreRow, UtcDateTime
from app.scoring.card import QuestionScore


@dataclass(frozen=True)
class Place:
    """The last interview of a page; the next page begins with the one before it in time."""

    created_at: datetime
    id: str


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None: everything."""

    bank: str | None = None
    status: str | None = None


class DeskInterviews:
    """Interviews as the recruiter's list reads them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, filters: Filters, after: Place | None, limit: int) -> list[Interview]:
        """At most `limit` interviews, newest first, older than `after`."""
        query = select(Interview).order_by(Interview.created_at.desc(), Interview.id.desc()).limit(limit)
        if filters.bank is not None:
            query = query.where(Interview.bank_id == filters.bank)
        if filters.status is not None:
            query = query.where(Interview.status == filters.status)
        if after is not None:
            place = tuple_(literal(after.created_at, UtcDateTime()), literal(after.id))
            query = query.where(tuple_(Interview.created_at, Interview.id) < place)
        return list(await self._session.scalars(query))

    async def cards(self, interview_ids: Sequence[str]) -> dict[str, list[QuestionScore]]:
        """The score cards of these interviews."""
        query = select(QuestionScoreRow).where(QuestionScoreRow.interview_id.in_(interview_ids))
        cards: dict[str, list[QuestionScore]] = {interview_id: [] for interview_id in interview_ids}
        for row in await self._session.scalars(query):
            cards[row.interview_id].append(QuestionScore.model_validate(row.card))
        return cards

    async def banks(self) -> list[tuple[str, str]]:
        """(id, title) of every bank that was interviewed from, by title."""
        title = func.max(Interview.bank_title)
        rows = await self._session.execute(
            select(Interview.bank_id, title).group_by(Interview.bank_id).order_by(title)
        )
        return [(bank_id, bank_title) for bank_id, bank_title in rows]
