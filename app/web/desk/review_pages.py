"""The transcript page: verdicts point by point, disputes, comments, history, and release to the candidate."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import NotFoundError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.reviews.dependencies import Reviews
from app.recruiting.reviews.errors import ChangedMeanwhileError
from app.recruiting.reviews.schemas import NewComment, NewOutcome, NewVerdict
from app.web.desk.navigation import address, kept_query
from app.web.desk.review_rendering import (
    MOST_WORDS,
    Unsaved,
    answer,
    show_review,
)
from app.web.desk.review_view import outcome_of, point_key
from app.web.rendering import render
from app.web.routing import PartialRoute, go_to, is_partial

router = APIRouter(
    prefix="/recruiter/interviews/{interview_id}", route_class=PartialRoute, include_in_schema=False
)

_POINT = "desk/transcript_saved.html"
_COMMENTS = "desk/transcript_comments.html"
_TO_THE_SCORER = "scorer"
Text = Annotated[str, Form(max_length=MOST_WORDS)]
Choice = Annotated[str, Form(max_length=20)]
Seen = Annotated[int, Form()]
Mark = Annotated[str, Form(max_length=40)]


@router.get("")
async def transcript(request: Request, account: Recruiter, reviews: Reviews, interview_id: str) -> Response:
    """The conversation beside its rubric, or what of it a blind reviewer may see. Raises `NotFoundError`."""
    return await show_review(request, reviews, account, interview_id)


@router.get("/questions/{number}/history")
async def history(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    number: int,
    point: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """How a question's score came about, or that of one point of it."""
    found = await reviews.history(interview_id, number, account)
    if point and point not in found.points:
        raise NotFoundError(f"question {number} has no point {point!r}", hint="Check the address.")
    events = [each for each in found.events if not point or each.point_id in (None, point)]
    template = "desk/transcript_events.html" if is_partial(request) else "desk/transcript_history.html"
    return render(
        request,
        template,
        private=True,
        account=account,
        history=found,
        events=events,
        only=point,
        outcome_of=outcome_of,
        back=address(
            interview_id,
            f"point-{point_key(number, point)}" if point else f"rubric-q{number}",
            kept_query(request, interview_id),
        ),
    )


@router.post("/questions/{number}/points/{point_id}/verdict", dependencies=SAME_ORIGIN)
async def override(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    number: int,
    point_id: str,
    credit: Choice = "",
    reason: Text = "",
    seen: Seen = 0,
    mark: Mark = "",
) -> Response:
    """Override a point; where it was decided meanwhile, show that beside what was typed."""
    unsaved, status = None, 200
    try:
        wanted = None if credit == _TO_THE_SCORER else credit
        verdict = NewVerdict.model_validate({"credit": wanted, "reason": reason, "seen": seen, "mark": mark})
        await reviews.override(interview_id, number, point_id, verdict, account)
    except ValidationError as error:
        unsaved, status = Unsaved(credit, reason, _problem(error)), 422
    except ChangedMeanwhileError as error:
        unsaved, status = Unsaved(credit, reason, decided=True), error.status
    key = point_key(number, point_id)
    more = {"unsaved": {f"verdict:{key}": unsaved}, "status_code": status} if unsaved else {}
    return await answer(
        request,
        reviews,
        account,
        interview_id,
        f"point-{key}",
        _POINT,
        number=number,
        point_id=point_id,
        focus=True,
        **more,
    )


@router.post("/disputes/{dispute_id}", dependencies=SAME_ORIGIN)
async def resolve(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    dispute_id: str,
    number: Annotated[int, Form()],
    point_id: Annotated[str, Form(max_length=80)],
    decision: Choice = "",
    outcome: Text = "",
    seen: Seen = 0,
    mark: Mark = "",
) -> Response:
    """End a dispute: `decision` is rejected, upheld, or the credit it is upheld with."""
    unsaved, status = None, 200
    key = point_key(number, point_id)
    form = f"dispute:{dispute_id}"
    try:
        kind = decision if decision in ("rejected", "upheld", "") else "upheld"
        credit = None if kind == decision else decision
        wanted = {"status": kind, "outcome": outcome, "credit": credit, "seen": seen, "mark": mark}
        await reviews.resolve(interview_id, dispute_id, NewOutcome.model_validate(wanted), account)
    except ValidationError as error:
        unsaved, status = Unsaved(decision, outcome, _problem(error)), 422
    except ChangedMeanwhileError as error:
        # Its form may be gone: what was typed then waits in that of the verdict.
        unsaved, status = Unsaved(decision, outcome, decided=True), error.status
        number, point_id, key = error.number, error.point_id, point_key(error.number, error.point_id)
    more = {}
    if unsaved:
        more = {"unsaved": {form: unsaved, f"verdict:{key}": unsaved}, "status_code": status}
    return await answer(
        request,
        reviews,
        account,
        interview_id,
        f"point-{key}",
        _POINT,
        number=number,
        point_id=point_id,
        focus=True,
        **more,
    )


@router.post("/comments", dependencies=SAME_ORIGIN)
async def comment(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    text: Text = "",
    number: Annotated[int, Form()] = 0,
    point_id: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Add a comment to the interview, to a question, or to a point."""
    unsaved, status = None, 200
    try:
        wanted = {"text": text, "number": number or None, "point_id": point_id or None}
        await reviews.comment(interview_id, NewComment.model_validate(wanted), account)
    except ValidationError as error:
        unsaved, status = Unsaved("", text, _problem(error)), 422
    place = point_key(number, point_id) if point_id else f"q{number}" if number else "interview"
    more = {"unsaved": {f"comment:{place}": unsaved}, "status_code": status} if unsaved else {}
    return await answer(
        request,
        reviews,
        account,
        interview_id,
        f"comments-{place}",
        _COMMENTS,
        number=number,
        point_id=point_id,
        place=place,
        **more,
    )


@router.post("/reviewed", dependencies=SAME_ORIGIN)
async def mark_reviewed(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    reviewed: Annotated[bool, Form()] = True,
) -> Response:
    """Mark the interview as reviewed, or not."""
    await reviews.mark_reviewed(interview_id, reviewed, account)
    return await answer(
        request, reviews, account, interview_id, "state", "desk/transcript_state.html", focus=True
    )


@router.get("/release")
async def release_page(request: Request, account: Recruiter, reviews: Reviews, interview_id: str) -> Response:
    """What the candidate would see, to be released or withdrawn."""
    return await show_review(
        request,
        reviews,
        account,
        interview_id,
        template="desk/transcript_release.html",
        report=await reviews.preview(interview_id, account),
    )


@router.post("/release", dependencies=SAME_ORIGIN)
async def release(
    request: Request,
    account: Recruiter,
    reviews: Reviews,
    interview_id: str,
    released: Annotated[bool, Form()] = True,
    reviewed: Annotated[bool, Form()] = False,
) -> Response:
    """Release the result to the candidate, who also marks it `reviewed` if wanted, or withdraw it."""
    await reviews.release(interview_id, released, account, reviewed=reviewed)
    return go_to(request, address(interview_id, kept=kept_query(request, interview_id)))


def _problem(error: ValidationError) -> str:
    """Which field of the form was not usable."""
    return str(error.errors()[0]["loc"][0])
