"""Which interviews a reviewer may not see through yet, because they are to judge them first."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import BlindReview, Interview, QuestionScoreRow
from app.interviews.turns.judging import GIVEN_UP


async def hidden_from(session: AsyncSession, account_id: str, interview_ids: Sequence[str]) -> set[str]:
    """Those of `interview_ids`, a page of them, whose name, scores and verdicts this account may not see.

    That is an interview that asks for blind reviews, and one where the account began a blind review
    of its own accord, both until the account has finished its review.
    """
    query = (
        select(Interview.id)
        .outerjoin(
            BlindReview,
            and_(BlindReview.interview_id == Interview.id, BlindReview.account_id == account_id),
        )
        .where(
            Interview.id.in_(interview_ids),
            BlindReview.finished_at.is_(None),
            or_(BlindReview.id.is_not(None), Interview.blind.is_(True)),
        )
    )
    return set(await session.scalars(query))


def is_hidden(interview: Interview, review: BlindReview | None) -> bool:
    """What `hidden_from` says of one interview, where the reader's blind review of it, if any, is at hand."""
    if review is None:
        return interview.blind
    return review.finished_at is None


def given_up(card: QuestionScoreRow | None) -> str | None:
    """Why a question is none to judge, `skipped` or `no-answer`: it is zero by rule. Else None."""
    reason = card.card.get("reason") if card else None
    return reason if reason in GIVEN_UP.values() else None
