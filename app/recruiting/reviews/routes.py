"""The JSON API of the review: what the transcript page does, for other programs."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.reviews.dependencies import BlindReviews, Reviews
from app.recruiting.reviews.schemas import (
    InterviewReview,
    NewBlindVerdict,
    NewComment,
    NewOutcome,
    NewRelease,
    NewVerdict,
    OpenDisputes,
    Reviewed,
    ScoreHistory,
)

router = APIRouter(prefix="/api/v1/recruiting", tags=["recruiting"])
_interview = APIRouter(prefix="/interviews/{interview_id}", dependencies=SAME_ORIGIN)


@router.get("/disputes")
async def open_disputes(
    account: Recruiter, reviews: Reviews, after: Annotated[str | None, Query(max_length=80)] = None
) -> OpenDisputes:
    """Open disputes, oldest first, but of interviews that you are to judge blind first.

    `seen` and `mark` of the point, which an outcome is sent with, stand in the interview.
    """
    return await reviews.open_disputes(account, after)


@_interview.get("")
async def read(account: Recruiter, reviews: Reviews, interview_id: str) -> InterviewReview:
    """The transcript with its rubric, verdicts, disputes and comments."""
    return await reviews.read(interview_id, account)


@_interview.get("/questions/{number}/history")
async def history(account: Recruiter, reviews: Reviews, interview_id: str, number: int) -> ScoreHistory:
    """How the score of a question came about: cards, overrides, disputes, finished blind verdicts."""
    return await reviews.history(interview_id, number, account)


@_interview.post("/questions/{number}/points/{point_id}/verdict")
async def override(
    account: Recruiter, reviews: Reviews, interview_id: str, number: int, point_id: str, verdict: NewVerdict
) -> InterviewReview:
    """Override the verdict on a point; 409 when it was decided anew after it was read."""
    await reviews.override(interview_id, number, point_id, verdict, account)
    return await reviews.read(interview_id, account)


@_interview.post("/disputes/{dispute_id}/outcome")
async def resolve(
    account: Recruiter, reviews: Reviews, interview_id: str, dispute_id: str, outcome: NewOutcome
) -> InterviewReview:
    """Uphold a dispute, with an override or without, or reject it; the candidate reads the outcome."""
    await reviews.resolve(interview_id, dispute_id, outcome, account)
    return await reviews.read(interview_id, account)


@_interview.post("/comments")
async def comment(
    account: Recruiter, reviews: Reviews, interview_id: str, comment: NewComment
) -> InterviewReview:
    """Note something on the interview, a question or a point; candidates never see it."""
    await reviews.comment(interview_id, comment, account)
    return await reviews.read(interview_id, account)


@_interview.put("/reviewed")
async def mark_reviewed(
    account: Recruiter, reviews: Reviews, interview_id: str, sent: Reviewed
) -> InterviewReview:
    """Say whether a person has looked at the interview."""
    await reviews.mark_reviewed(interview_id, sent.reviewed, account)
    return await reviews.read(interview_id, account)


@_interview.put("/release")
async def release(
    account: Recruiter, reviews: Reviews, interview_id: str, wanted: NewRelease | None = None
) -> InterviewReview:
    """Show an assessment's result to its candidate, as far as the interview's settings allow."""
    reviewed = wanted is not None and wanted.reviewed
    await reviews.release(interview_id, True, account, reviewed=reviewed)
    return await reviews.read(interview_id, account)


@_interview.delete("/release")
async def withdraw(account: Recruiter, reviews: Reviews, interview_id: str) -> InterviewReview:
    """Hide the result from the candidate again."""
    await reviews.release(interview_id, False, account)
    return await reviews.read(interview_id, account)


@_interview.put("/blind")
async def start_blind(
    account: Recruiter, reviews: Reviews, blind: BlindReviews, interview_id: str
) -> InterviewReview:
    """Begin a blind review: scores are hidden from you until you finish it."""
    await blind.start(interview_id, account)
    return await reviews.read(interview_id, account)


@_interview.put("/blind/questions/{number}/points/{point_id}")
async def judge_blind(
    account: Recruiter,
    reviews: Reviews,
    blind: BlindReviews,
    interview_id: str,
    number: int,
    point_id: str,
    verdict: NewBlindVerdict,
) -> InterviewReview:
    """Give or change a blind verdict."""
    await blind.judge(interview_id, number, point_id, verdict.credit, account)
    return await reviews.read(interview_id, account)


@_interview.post("/blind/finish")
async def finish_blind(
    account: Recruiter, reviews: Reviews, blind: BlindReviews, interview_id: str
) -> InterviewReview:
    """Finish the blind review and see the scores beside your verdicts."""
    await blind.finish(interview_id, account)
    return await reviews.read(interview_id, account)


router.include_router(_interview)
