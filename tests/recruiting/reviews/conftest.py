from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import Account, AuditEvent, Interview
from app.recruiting.reviews.blind_reviews import BlindReviewService
from app.recruiting.reviews.schemas import InterviewReview, NewVerdict, PointReview
from app.recruiting.reviews.service import ReviewService
from app.settings import Settings
from tests.recruiting.reviews.held import hold, reviewer


@dataclass
class Desk:
    """The review services on a fresh database, and two reviewers."""

    database: Database
    hold: Callable[..., Awaitable[str]]
    reviews: ReviewService
    blind: BlindReviewService
    ada: Account
    ben: Account

    async def point(self, interview_id: str, key: str = "1/p1", who: Account | None = None) -> PointReview:
        """A point by question number and id, as `who` sees it."""
        review = await self.reviews.read(interview_id, who or self.ada)
        return point_of(review, key)

    async def override(
        self,
        interview_id: str,
        key: str,
        credit: float | None,
        reason: str = "heard it",
        who: Account | None = None,
    ) -> None:
        """Override a point as it stands."""
        point = await self.point(interview_id, key, who)
        number, _, point_id = key.partition("/")
        verdict = NewVerdict(credit=credit, reason=reason, seen=point.seen, mark=point.mark)
        await self.reviews.override(interview_id, int(number), point_id, verdict, who or self.ada)

    async def interview(self, interview_id: str) -> Interview:
        async with self.database.reading() as session:
            found = await session.get(Interview, interview_id)
        assert found is not None
        return found

    async def audited(self, interview_id: str) -> list[tuple[str, str]]:
        """(action, actor) of all that was noted about the interview, in order."""
        async with self.database.reading() as session:
            query = select(AuditEvent).where(AuditEvent.subject == interview_id).order_by(AuditEvent.id)
            return [(event.action, event.actor) for event in await session.scalars(query)]


def point_of(review: InterviewReview, key: str) -> PointReview:
    number, _, point_id = key.partition("/")
    (found,) = [
        point
        for question in review.questions
        for point in question.points
        if (str(question.number), point.id) == (number, point_id)
    ]
    return found


@pytest.fixture
async def desk(database: Database, settings: Settings) -> Desk:
    held: Any = partial(hold, database, settings)
    return Desk(
        database,
        held,
        ReviewService(database),
        BlindReviewService(database),
        await reviewer(database, "ada"),
        await reviewer(database, "ben"),
    )
