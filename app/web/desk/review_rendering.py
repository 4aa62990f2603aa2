"""What the review's routes share: the page or a part of it, with what was typed and not saved."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from app.db.tables import Account
from app.dependencies import room_of
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.reviews.blind_reviews import MOST_WAITING, BlindReviewService
from app.recruiting.reviews.dependencies import Reviews
from app.recruiting.reviews.service import ReviewService
from app.web.desk.navigation import Navigation, address, kept_query, navigation_of
from app.web.desk.review_view import outcome_of, point_key, review_view
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


@dataclass(frozen=True)
class ReviewPage:
    """The page of one interview, for the reviewer who asked for it or sent a form of it."""

    request: Request
    account: Account
    reviews: ReviewService
    interview_id: str

    def address(self, anchor: str = "") -> str:
        """The page at a place of it, with the way the reviewer came."""
        return address(self.interview_id, anchor, kept_query(self.request, self.interview_id))

    def open(self, anchor: str = "") -> Response:
        """Leads there."""
        return go_to(self.request, self.address(anchor))

    async def show(
        self,
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
        view = review_view(await self.reviews.read(self.interview_id, self.account))
        waiting: list[str] = []
        if is_partial(self.request):
            navigation = Navigation(kept=kept_query(self.request, self.interview_id))
        else:
            navigation = await navigation_of(self.request, self.account, self.interview_id)
            if view.review.blind and view.review.blind.finished_at:
                waiting = await room_of(self.request, BlindReviewService).waiting(self.account)
        whole = "desk/transcript_blind.html" if view.review.hidden else "desk/transcript.html"
        if view.review.hidden and template not in _BLIND_PARTS:
            template = whole
        context = {
            "account": self.account,
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
        return render(
            self.request, template or whole, status_code=status_code, private=True, **(context | more)
        )

    async def answer(
        self, anchor: str, template: str, unsaved: dict[str, Unsaved] | None = None, **more: Any
    ) -> Response:
        """After a change: the part for a page that asked for it, else the whole page at its place.

        What was not saved is shown again, on the whole page where no part was asked for.
        """
        if is_partial(self.request):
            return await self.show(template=template, unsaved=unsaved, **more)
        if unsaved:
            return await self.show(unsaved=unsaved, **more)
        return self.open(anchor)

    async def answer_point(self, template: str, number: int, point_id: str, **more: Any) -> Response:
        """The same about a point, which has the focus then."""
        anchor = f"point-{point_key(number, point_id)}"
        return await self.answer(anchor, template, number=number, point_id=point_id, focus=True, **more)


async def review_page(
    request: Request, account: Recruiter, reviews: Reviews, interview_id: str
) -> ReviewPage:
    """The page of the interview that the address names, as a dependency of its routes."""
    return ReviewPage(request, account, reviews, interview_id)


Page = Annotated[ReviewPage, Depends(review_page)]
