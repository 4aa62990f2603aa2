"""What reviewers can do with an interview that was held. Every method is one short transaction."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, Dispute, Interview, PointOverrideRow, ReviewComment, columns_of, now
from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.access.admission import check_consent
from app.interviews.reports.report import build_report
from app.interviews.repository import Interviews, last_decisions
from app.interviews.schemas import Report
from app.pagination import page_of
from app.recruiting.reviews.arrangement import Records, arrange, mark_of
from app.recruiting.reviews.errors import ChangedMeanwhileError
from app.recruiting.reviews.history import history_of
from app.recruiting.reviews.lookup import check_place, judged_card, open_interview, visible_interview
from app.recruiting.reviews.repository import Reviews
from app.recruiting.reviews.schemas import (
    InterviewReview,
    NewComment,
    NewOutcome,
    NewVerdict,
    OpenDispute,
    OpenDisputes,
    ScoreHistory,
)
from app.scoring.card import QuestionScore, override

DISPUTES_A_PAGE = 50


class ReviewService:
    """Reads and writes of a review; `account` is the reviewer. Unknown ids raise `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, interview_id: str, account: Account) -> InterviewReview:
        """The interview as this reviewer may see it."""
        async with self._database.reading() as session:
            interviews, reviews = Interviews(session), Reviews(session)
            interview = await Interviews(session).existing(interview_id)
            blind = await reviews.blind_review(interview_id, account.id)
            records = Records(
                account_id=account.id,
                interview=interview,
                questions=await interviews.questions(interview_id),
                lines=await interviews.lines(interview_id),
                cards=await reviews.cards(interview_id),
                overrides=await reviews.overrides(interview_id),
                comments=await reviews.comments(interview_id),
                disputes=await interviews.disputes(interview_id),
                invite=await reviews.invite(interview_id),
                review=blind,
                verdicts=await reviews.verdicts(blind.id) if blind else (),
            )
        return arrange(records)

    async def history(self, interview_id: str, number: int, account: Account) -> ScoreHistory:
        """How a question's score came about. Raises `UnderBlindReviewError`."""
        async with self._database.reading() as session:
            interviews, reviews = Interviews(session), Reviews(session)
            await visible_interview(session, interview_id, account.id)
            await check_place(session, interview_id, number, None)
            question = (await interviews.questions(interview_id, [number]))[number]
            card = await reviews.card(interview_id, number)
            replaced = await reviews.replaced_cards(interview_id, number)
            scorers = {row.scorer_id for row in (*replaced, card) if row is not None and row.scorer_id}
            return history_of(
                question,
                card,
                replaced,
                await reviews.models(scorers),
                await reviews.overrides(interview_id, number),
                await interviews.disputes(interview_id, number),
                await reviews.finished_verdicts(interview_id, number),
            )

    async def preview(self, interview_id: str, account: Account) -> Report:
        """The report as its candidate sees it, or would if it were released.

        Raises `UnderBlindReviewError`.
        """
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await visible_interview(session, interview_id, account.id)
            questions = await interviews.questions(interview_id)
            lines = await interviews.lines(interview_id)
            cards = await interviews.effective_cards(interview_id)
            disputes = await interviews.disputes(interview_id)
        # The row is no longer the session's: this is stored nowhere.
        interview.released_at = interview.released_at or now()
        return build_report(interview, questions, lines, cards, full=False, disputes=disputes)

    async def override(
        self, interview_id: str, number: int, point_id: str, verdict: NewVerdict, account: Account
    ) -> None:
        """Put a person's verdict in place of the one that counts.

        Raises `ChangedMeanwhileError` when that is no longer the one they saw, `BadInputError` when there is
        no person's verdict to take back, `NotJudgeableError`,
        `UnderBlindReviewError`, `ConsentWithdrawnError`.
        """
        async with self._database.session() as session:
            check_consent(await open_interview(session, interview_id, account.id))
            await _decide(session, interview_id, number, point_id, verdict, account)
            await Interviews(session).update_totals(interview_id)

    async def open_disputes(self, account: Account, after: str | None = None) -> OpenDisputes:
        """Disputes without an outcome, but of interviews this account is to judge blind first.

        Raises `NotFoundError` unless `after` is a dispute.
        """
        async with self._database.reading() as session:
            last = await Reviews(session).dispute(after) if after else None
            if after and last is None:
                raise NotFoundError(f"after: there is no dispute {after[:40]!r}", hint="Start anew.")
            found = await Reviews(session).open_disputes(account.id, last, DISPUTES_A_PAGE + 1)
        shown, end = page_of(found, DISPUTES_A_PAGE)
        disputes = [
            OpenDispute(interview=interview.title, **columns_of(dispute, OpenDispute))
            for dispute, interview in shown
        ]
        return OpenDisputes(disputes=disputes, next=end[0].id if end else None)

    async def resolve(
        self, interview_id: str, dispute_id: str, outcome: NewOutcome, account: Account
    ) -> None:
        """End a dispute, with an override of its point where one is given.

        Raises `ChangedMeanwhileError` when someone else ended it or decided its point meanwhile,
        `UnderBlindReviewError`.
        """
        async with self._database.session() as session:
            await open_interview(session, interview_id, account.id)
            dispute = await Reviews(session).dispute(dispute_id, interview_id)
            if dispute is None:
                raise NotFoundError(f"there is no dispute {dispute_id[:40]!r}", hint="Check the address.")
            if dispute.status != "open":
                raise ChangedMeanwhileError(dispute.number, dispute.point_id)
            await self._end(session, dispute, outcome, account)
            await Interviews(session).update_totals(interview_id)

    async def _end(
        self, session: AsyncSession, dispute: Dispute, outcome: NewOutcome, account: Account
    ) -> None:
        if outcome.status == "upheld" and outcome.credit is not None:
            verdict = NewVerdict(
                credit=outcome.credit, reason=outcome.outcome, seen=outcome.seen, mark=outcome.mark
            )
            await _decide(session, dispute.interview_id, dispute.number, dispute.point_id, verdict, account)
        dispute.status = outcome.status
        dispute.outcome = outcome.outcome
        dispute.account_id, dispute.author = account.id, account.name
        dispute.resolved_at = now()
        audit(
            session,
            Actor.of(account),
            "dispute.resolve",
            dispute.interview_id,
            dispute=dispute.id,
            number=dispute.number,
            point=dispute.point_id,
            status=outcome.status,
        )

    async def comment(self, interview_id: str, comment: NewComment, account: Account) -> None:
        """Add a note; who reviews blind may, and sees their own."""
        async with self._database.session() as session:
            await Interviews(session).lock(interview_id)
            await check_place(session, interview_id, comment.number, comment.point_id)
            row = ReviewComment(
                interview_id=interview_id,
                number=comment.number,
                point_id=comment.point_id,
                text=comment.text,
                account_id=account.id,
                author=account.name,
            )
            await Reviews(session).add(row)
            audit(
                session,
                Actor.of(account),
                "review.comment",
                interview_id,
                comment=row.id,
                number=comment.number,
                point=comment.point_id,
            )

    async def mark_reviewed(self, interview_id: str, reviewed: bool, account: Account) -> None:
        """Say that a person has looked at the interview, or take that back; harmless when it is so."""
        async with self._database.session() as session:
            interview = await open_interview(session, interview_id, account.id)
            await _mark_reviewed(session, interview, reviewed, account)

    async def release(
        self, interview_id: str, released: bool, account: Account, *, reviewed: bool = False
    ) -> None:
        """Show an assessment's result to its candidate, or withdraw it; harmless when it is so already.

        `reviewed` also marks it so, whether or not it was released before.

        Raises `ConflictError` for a practice, whose candidate sees it anyway, and before the end.
        """
        async with self._database.session() as session:
            interview = await open_interview(session, interview_id, account.id)
            if reviewed:
                await _mark_reviewed(session, interview, True, account)
            if (interview.released_at is not None) == released:
                return
            if released and interview.mode == "practice":
                raise ConflictError(
                    "the candidate of a practice sees its report anyway", hint="Nothing is to be released."
                )
            if released and interview.status != "ended":
                raise ConflictError("the interview has not ended", hint="Release it when it has.")
            interview.released_at = now() if released else None
            action = "report.release" if released else "report.withdraw"
            audit(session, Actor.of(account), action, interview_id, sees=interview.settings.get("sees"))


async def _mark_reviewed(
    session: AsyncSession, interview: Interview, reviewed: bool, account: Account
) -> None:
    if (interview.reviewed_at is not None) == reviewed:
        return
    interview.reviewed_at = now() if reviewed else None
    audit(session, Actor.of(account), "review.done" if reviewed else "review.reopen", interview.id)
    await Interviews(session).update_totals(interview.id)


async def _decide(
    session: AsyncSession,
    interview_id: str,
    number: int,
    point_id: str,
    verdict: NewVerdict,
    account: Account,
) -> None:
    """Store an override, if nothing changed since the reviewer read the point."""
    reviews = Reviews(session)
    row = await judged_card(session, interview_id, number, point_id)
    card = QuestionScore.model_validate(row.card)
    last = last_decisions(await reviews.overrides(interview_id, number)).get(number, {})
    seen = last[point_id].id if point_id in last else 0
    if verdict.seen != seen or verdict.mark != mark_of(card, point_id):
        raise ChangedMeanwhileError(number, point_id)
    if verdict.credit is None and (seen == 0 or last[point_id].credit is None):
        raise BadInputError("credit: the scorer's verdict counts already", hint="Give 0, 0.5 or 1.")
    machine = {point.id: point.credit for point in card.points}
    counted = {point.id: point.credit for point in override(card, last).points}
    decided = PointOverrideRow(
        interview_id=interview_id,
        number=number,
        point_id=point_id,
        credit=verdict.credit,
        before=counted.get(point_id),
        machine_credit=machine.get(point_id),
        scorer_id=row.scorer_id,
        reason=verdict.reason,
        account_id=account.id,
        author=account.name,
    )
    await reviews.add(decided)
    audit(
        session,
        Actor.of(account),
        "score.override",
        interview_id,
        override=decided.id,
        number=number,
        point=point_id,
        credit=verdict.credit,
        before=decided.before,
    )
