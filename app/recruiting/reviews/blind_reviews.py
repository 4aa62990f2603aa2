"""Blind reviews: a person judges an interview's points without its scores, then both are compared."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, BlindReview, BlindVerdict, Interview, now
from app.interviews.access.admission import check_consent
from app.interviews.repository import Interviews
from app.recruiting.reviews.arrangement import given_up
from app.recruiting.reviews.errors import BlindReviewOverError, NotJudgeableError
from app.recruiting.reviews.lookup import check_place, judged_card
from app.recruiting.reviews.repository import Reviews, is_hidden
from app.scoring.card import QuestionScore

MOST_WAITING = 100


class BlindReviewService:
    """One reviewer's blind reviews; every reviewer's are their own. Unknown ids raise `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, interview_id: str, account: Account) -> None:
        """Hide the interview's scores from this reviewer until they have judged; harmless when they are.

        Raises `BlindReviewOverError` when they have judged it or decided on a point of it,
        `NotJudgeableError` before the end.
        """
        async with self._database.session() as session:
            interview = await _ended(session, interview_id)
            reviews = Reviews(session)
            review = await reviews.blind_review(interview_id, account.id)
            if review is not None and review.finished_at is not None:
                raise BlindReviewOverError("your blind review of this interview is finished")
            decided = await reviews.overrides(interview_id)
            if review is None and any(each.account_id == account.id for each in decided):
                raise BlindReviewOverError("you have decided on points of this interview, seeing its scores")
            await _begun(session, interview, review, account)

    async def waiting(self, account: Account) -> list[str]:
        """The interviews this reviewer is still to judge blind, the oldest hundred first."""
        async with self._database.reading() as session:
            return await Reviews(session).waiting(account.id, MOST_WAITING)

    async def judge(
        self, interview_id: str, number: int, point_id: str, credit: float, account: Account
    ) -> None:
        """Keep a verdict, 0, 0.5 or 1; it can be changed until the review is finished.

        Raises `BlindReviewOverError` when the scores are not hidden from this reviewer, `NotJudgeableError`,
        `ConsentWithdrawnError`.
        """
        async with self._database.session() as session:
            interview = await _ended(session, interview_id)
            await check_place(session, interview_id, number, point_id)
            check_consent(interview)
            review = await Reviews(session).blind_review(interview_id, account.id)
            if not is_hidden(interview, review):
                raise BlindReviewOverError("the scores of this interview are not hidden from you")
            if given_up(await judged_card(session, interview_id, number, point_id)):
                raise NotJudgeableError(
                    f"question {number} was given up", hint="It counts as not answered; judge the others."
                )
            review = await _begun(session, interview, review, account)
            await Reviews(session).save_verdict(
                BlindVerdict(review_id=review.id, number=number, point_id=point_id, credit=credit, at=now())
            )

    async def finish(self, interview_id: str, account: Account) -> None:
        """Keep what the scorer had given beside each verdict, and show the scores.

        Raises `BlindReviewOverError` when there is no review under way, `NotJudgeableError` while one that
        the interview asks for lacks verdicts.
        """
        async with self._database.session() as session:
            interview = await _ended(session, interview_id)
            reviews = Reviews(session)
            review = await reviews.blind_review(interview_id, account.id)
            if not is_hidden(interview, review):
                raise BlindReviewOverError("the scores of this interview are not hidden from you")
            cards = await reviews.cards(interview_id)
            judged = {number: QuestionScore.model_validate(row.card) for number, row in cards.items()}
            verdicts = await reviews.verdicts(review.id) if review else []
            questions = await Interviews(session).questions(interview_id, list(judged))
            of = sum(
                len(row.question["points"])
                for number, row in questions.items()
                if not given_up(cards.get(number))
            )
            if interview.blind and len(verdicts) < of:
                raise NotJudgeableError(
                    f"{len(verdicts)} of {of} points have your verdict", hint="Judge the others first."
                )
            review = await _begun(session, interview, review, account)
            for verdict in verdicts:
                credits = {point.id: point.credit for point in judged[verdict.number].points}
                verdict.machine_credit = credits.get(verdict.point_id)
                verdict.scorer_id = cards[verdict.number].scorer_id
            review.finished_at = now()
            audit(
                session,
                Actor.of(account),
                "blind.finish",
                interview_id,
                review=review.id,
                judged=len(verdicts),
                of=of,
            )


async def _ended(session: AsyncSession, interview_id: str) -> Interview:
    interview = await Interviews(session).lock(interview_id)
    if interview.status != "ended":
        raise NotJudgeableError("the interview has not ended", hint="Review it blind when all has been said.")
    return interview


async def _begun(
    session: AsyncSession, interview: Interview, review: BlindReview | None, account: Account
) -> BlindReview:
    if review is None:
        review = BlindReview(interview_id=interview.id, account_id=account.id)
        await Reviews(session).add(review)
        audit(session, Actor.of(account), "blind.start", interview.id, review=review.id)
    return review
