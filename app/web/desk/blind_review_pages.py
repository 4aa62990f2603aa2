"""The blind review in the browser: begun, a verdict a point, finished."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import BadInputError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.reviews.dependencies import BlindReviews, Reviews
from app.recruiting.reviews.schemas import CREDITS
from app.web.desk.navigation import address, kept_query, navigation_of
from app.web.desk.review_rendering import (
    answer,
)
from app.web.desk.review_view import point_key
from app.web.rendering import render
from app.web.routing import PartialRoute, go_to

router = APIRouter(
    prefix="/recruiter/interviews/{interview_id}", route_class=PartialRoute, include_in_schema=False
)


@router.get("/blind")
async def ask(request: Request, account: Recruiter, reviews: Reviews, interview_id: str) -> Response:
    """What a blind review is, and a button that begins it; nothing of the interview is shown."""
    review = await reviews.read(interview_id, account)
    if review.blind is not None:
        return go_to(request, address(interview_id, kept=kept_query(request, interview_id)))
    return render(
        request,
        "desk/transcript_ask_blind.html",
        private=True,
        account=account,
        interview_id=review.id,
        ended=review.status == "ended",
        navigation=await navigation_of(request, account, interview_id),
    )


@router.post("/blind", dependencies=SAME_ORIGIN)
async def start(request: Request, account: Recruiter, blind: BlindReviews, interview_id: str) -> Response:
    """Begin a blind review."""
    await blind.start(interview_id, account)
    return go_to(request, address(interview_id, kept=kept_query(request, interview_id)))


@router.post("/blind/questions/{number}/points/{point_id}", dependencies=SAME_ORIGIN)
async def judge(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    blind: BlindReviews,
    interview_id: str,
    number: int,
    point_id: str,
    credit: Annotated[float, Form()],
) -> Response:
    """Keep one verdict."""
    if credit not in CREDITS:
        raise BadInputError("credit: must be 0, 0.5 or 1")
    await blind.judge(interview_id, number, point_id, credit, account)
    return await answer(
        request,
        reviews,
        account,
        interview_id,
        f"point-{point_key(number, point_id)}",
        "desk/transcript_blind_saved.html",
        number=number,
        point_id=point_id,
        focus=True,
    )


@router.post("/blind/finish", dependencies=SAME_ORIGIN)
async def finish(request: Request, account: Recruiter, blind: BlindReviews, interview_id: str) -> Response:
    """Finish the review and show where scorer and reviewer differ."""
    await blind.finish(interview_id, account)
    return go_to(request, address(interview_id, kept=kept_query(request, interview_id)))
