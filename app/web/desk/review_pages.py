"""The transcript page: verdicts point by point, disputes, comments, history, and release to the candidate."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import NotFoundError
from app.recruiting.reviews.errors import ChangedMeanwhileError
from app.recruiting.reviews.schemas import NewComment, NewOutcome, NewVerdict
from app.web.desk.review_rendering import MOST_WORDS, Page, Unsaved
from app.web.desk.review_view import outcome_of, point_key
from app.web.rendering import render
from app.web.routing import PartialRoute, is_partial

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
async def transcript(page: Page) -> Response:
    """The conversation beside its rubric, or what of it a blind reviewer may see. Raises `NotFoundError`."""
    return await page.show()


@router.get("/questions/{number}/history")
async def history(page: Page, number: int, point: Annotated[str, Query(max_length=80)] = "") -> Response:
    """How a question's score came about, or that of one point of it."""
    found = await page.reviews.history(page.interview_id, number, page.account)
    if point and point not in found.points:
        raise NotFoundError(f"question {number} has no point {point!r}", hint="Check the address.")
    partial = is_partial(page.request)
    return render(
        page.request,
        "desk/transcript_events.html" if partial else "desk/transcript_history.html",
        private=True,
        account=page.account,
        history=found,
        events=[each for each in found.events if not point or each.point_id in (None, point)],
        only=point,
        outcome_of=outcome_of,
        back=page.address(f"point-{point_key(number, point)}" if point else f"rubric-q{number}"),
    )


@router.post("/questions/{number}/points/{point_id}/verdict", dependencies=SAME_ORIGIN)
async def override(
    page: Page,
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
        await page.reviews.override(page.interview_id, number, point_id, verdict, page.account)
    except ValidationError as error:
        unsaved, status = Unsaved(credit, reason, _problem(error)), 422
    except ChangedMeanwhileError as error:
        unsaved, status = Unsaved(credit, reason, decided=True), error.status
    forms = {f"verdict:{point_key(number, point_id)}": unsaved} if unsaved else None
    return await page.answer_point(_POINT, number, point_id, unsaved=forms, status_code=status)


@router.post("/disputes/{dispute_id}", dependencies=SAME_ORIGIN)
async def resolve(
    page: Page,
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
    try:
        kind = decision if decision in ("rejected", "upheld", "") else "upheld"
        credit = None if kind == decision else decision
        wanted = {"status": kind, "outcome": outcome, "credit": credit, "seen": seen, "mark": mark}
        ended = NewOutcome.model_validate(wanted)
        await page.reviews.resolve(page.interview_id, dispute_id, ended, page.account)
    except ValidationError as error:
        unsaved, status = Unsaved(decision, outcome, _problem(error)), 422
    except ChangedMeanwhileError as error:
        # Its form may be gone: what was typed then waits in that of the verdict.
        unsaved, status = Unsaved(decision, outcome, decided=True), error.status
        number, point_id = error.number, error.point_id
    names = (f"dispute:{dispute_id}", f"verdict:{point_key(number, point_id)}")
    forms = dict.fromkeys(names, unsaved) if unsaved else None
    return await page.answer_point(_POINT, number, point_id, unsaved=forms, status_code=status)


@router.post("/comments", dependencies=SAME_ORIGIN)
async def comment(
    page: Page,
    text: Text = "",
    number: Annotated[int, Form()] = 0,
    point_id: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Add a comment to the interview, to a question, or to a point."""
    forms, status = None, 200
    place = point_key(number, point_id) if point_id else f"q{number}" if number else "interview"
    try:
        wanted = {"text": text, "number": number or None, "point_id": point_id or None}
        await page.reviews.comment(page.interview_id, NewComment.model_validate(wanted), page.account)
    except ValidationError as error:
        forms, status = {f"comment:{place}": Unsaved("", text, _problem(error))}, 422
    return await page.answer(
        f"comments-{place}",
        _COMMENTS,
        forms,
        number=number,
        point_id=point_id,
        place=place,
        status_code=status,
    )


@router.post("/reviewed", dependencies=SAME_ORIGIN)
async def mark_reviewed(page: Page, reviewed: Annotated[bool, Form()] = True) -> Response:
    """Mark the interview as reviewed, or not."""
    await page.reviews.mark_reviewed(page.interview_id, reviewed, page.account)
    return await page.answer("state", "desk/transcript_state.html", focus=True)


@router.get("/release")
async def release_page(page: Page) -> Response:
    """What the candidate would see, to be released or withdrawn."""
    report = await page.reviews.preview(page.interview_id, page.account)
    return await page.show(template="desk/transcript_release.html", report=report)


@router.post("/release", dependencies=SAME_ORIGIN)
async def release(
    page: Page, released: Annotated[bool, Form()] = True, reviewed: Annotated[bool, Form()] = False
) -> Response:
    """Release the result to the candidate, who also marks it `reviewed` if wanted, or withdraw it."""
    await page.reviews.release(page.interview_id, released, page.account, reviewed=reviewed)
    return page.open()


def _problem(error: ValidationError) -> str:
    """Which field of the form was not usable."""
    return str(error.errors()[0]["loc"][0])
