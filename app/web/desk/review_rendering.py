"""What the review's routes share: the page or a part of it, with what was typed and not saved."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.db.tables import Account
from app.dependencies import room_of
from app.recruiting.reviews.blind_reviews import MOST_WAITING, BlindReviewService
from app.recruiting.reviews.service import ReviewService
from app.web.desk.navigation import Navigation, address, kept_query, navigation_of
from app.web.desk.review_view import outcome_of, review_view
from app.web.rendering import render
from app.web.routing import go_to, is_partial

MOST_WORDS = 20_000
_BLIND_PARTS = ("desk/transcript_blind_saved.html", "desk/transcript_comments.html")


@dataclass(frozen=True)
class Unsaved:
    """A form that was not saved: what was typed, and why as a string's key; `decided` meanwhile by others."""

    choice: str = ""
    text: str = ""
    problem: str = ""
    decided: bool = False


async def show_review(
    request: Request,
    reviews: ReviewService,
    account: Account,
    interview_id: str,
    *,
    template: str = "",
    status_code: int = 200,
    number: int = 0,
    point_id: str = "",
    unsaved: dict[str, Unsaved] | None = None,
    **more: Any,
) -> Response:
    """The page as this reviewer may see it, or with a `template` the part about a question or a point.

    `unsaved` holds forms by their names: `verdict:`, `comment:` or `dispute:` and the place or id.
    """
    view = review_view(await reviews.read(interview_id, account))
    waiting: list[str] = []
    if is_partial(request):
        navigation = Navigation(kept=kept_query(request, interview_id))
    else:
        navigation = await navigation_of(request, account, interview_id)
        if view.review.blind and view.review.blind.finished_at:
            waiting = await room_of(request, BlindReviewService).waiting(account)
    whole = "desk/transcript_blind.html" if view.review.hidden else "desk/transcript.html"
    if view.review.hidden and template not in _BLIND_PARTS:
        template = whole
    context = {
        "account": account,
        "view": view,
        "review": view.review,
        "navigation": navigation,
        "waiting": waiting,
        "most_waiting": MOST_WAITING,
        "lang": view.review.language,
        "question": view.question(number),
        "point": view.point(number, point_id),
        "unsaved": unsaved or {},
        "nothing_unsaved": Unsaved(),
        "outcome_of": outcome_of,
        "oob": False,
        "focus": False,
    }
    return render(request, template or whole, status_code=status_code, private=True, **(context | more))


async def answer(
    request: Request,
    reviews: ReviewService,
    account: Account,
    interview_id: str,
    anchor: str,
    template: str,
    **more: Any,
) -> Response:
    """After a change: the part for a page that asked for it, else the whole page at its place.

    What was not saved is shown again, on the whole page where no part was asked for.
    """
    if is_partial(request):
        return await show_review(request, reviews, account, interview_id, template=template, **more)
    if "unsaved" in more:
        return await show_review(request, reviews, account, interview_id, **more)
    return go_to(request, address(interview_id, anchor, kept_query(request, interview_id)))
