"""The blind review in the browser: begun, a verdict a point, finished."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import BadInputError
from app.recruiting.reviews.dependencies import BlindReviews
from app.recruiting.reviews.schemas import CREDITS
from app.web.desk.navigation import navigation_of
from app.web.desk.review_rendering import Page
from app.web.rendering import render
from app.web.routing import PartialRoute

router = APIRouter(
    prefix="/recruiter/interviews/{interview_id}", route_class=PartialRoute, include_in_schema=False
)


@router.get("/blind")
async def ask(page: Page) -> Response:
    """What a blind review is, and a button that begins it; nothing of the interview is shown."""
    review = await page.reviews.read(page.interview_id, page.account)
    if review.blind is not None:
        return page.open()
    return render(
        page.request,
        "desk/transcript_ask_blind.html",
        private=True,
        account=page.account,
        interview_id=review.id,
        ended=review.status == "ended",
        navigation=await navigation_of(page.request, page.account, page.interview_id),
    )


@router.post("/blind", dependencies=SAME_ORIGIN)
async def start(page: Page, blind: BlindReviews) -> Response:
    """Begin a blind review."""
    await blind.start(page.interview_id, page.account)
    return page.open()


@router.post("/blind/questions/{number}/points/{point_id}", dependencies=SAME_ORIGIN)
async def judge(
    page: Page, blind: BlindReviews, number: int, point_id: str, credit: Annotated[float, Form()]
) -> Response:
    """Keep one verdict."""
    if credit not in CREDITS:
        raise BadInputError("credit: must be 0, 0.5 or 1")
    await blind.judge(page.interview_id, number, point_id, credit, page.account)
    return await page.answer_point("desk/transcript_blind_saved.html", number, point_id)


@router.post("/blind/finish", dependencies=SAME_ORIGIN)
async def finish(page: Page, blind: BlindReviews) -> Response:
    """Finish the review and show where scorer and reviewer differ."""
    await blind.finish(page.interview_id, page.account)
    return page.open()
