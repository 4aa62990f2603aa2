"""What an address of the review names, found in the database or refused; and who may change it now."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, QuestionScoreRow
from app.errors import NotFoundError
from app.interviews.repository import Interviews
from app.recruiting.reviews.errors import NotJudgeableError, UnderBlindReviewError
from app.recruiting.reviews.repository import Reviews, is_hidden

_MOST_QUESTIONS = 1_000_000


async def visible_interview(session: AsyncSession, interview_id: str, account_id: str) -> Interview:
    """The interview, if this account may see its scores. Raises `NotFoundError`, `UnderBlindReviewError`."""
    interview = await Interviews(session).existing(interview_id)
    if is_hidden(interview, await Reviews(session).blind_review(interview_id, account_id)):
        raise UnderBlindReviewError
    return interview


async def open_interview(session: AsyncSession, interview_id: str, account_id: str) -> Interview:
    """A `visible_interview`, with nobody else writing in it."""
    await Interviews(session).lock(interview_id)
    return await visible_interview(session, interview_id, account_id)


async def check_place(
    session: AsyncSession, interview_id: str, number: int | None, point_id: str | None
) -> None:
    """Raises `NotFoundError` unless the interview plans that question, and that point is in its rubric."""
    if number is None:
        if point_id is not None:
            raise NotFoundError(f"point {point_id[:80]!r} of which question?", hint="Name the question too.")
        return
    # A number no column holds would be refused by the database, in words of its own.
    asked = [number] if 0 < number <= _MOST_QUESTIONS else []
    question = (await Interviews(session).questions(interview_id, asked)).get(number)
    if question is None:
        raise NotFoundError(f"the interview has no question {number}", hint="Check the address.")
    if point_id is not None and point_id not in {point["id"] for point in question.question["points"]}:
        raise NotFoundError(f"question {number} has no point {point_id[:80]!r}", hint="Check the address.")


async def judged_card(
    session: AsyncSession, interview_id: str, number: int, point_id: str
) -> QuestionScoreRow:
    """The scorer's card of the question. Raises `NotFoundError`, `NotJudgeableError` while there is none."""
    await check_place(session, interview_id, number, point_id)
    card = await Reviews(session).card(interview_id, number)
    if card is None:
        raise NotJudgeableError(
            f"question {number} has no score card yet", hint="Wait until it has been answered and scored."
        )
    return card
