"""The review of a draft: what was understood, what is doubtful, its details, and publishing it."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.authoring.checks import reasons_against
from app.authoring.dependencies import Drafts
from app.authoring.editing import find_flag
from app.authoring.repairs import find_repair
from app.authoring.schemas import DetailsEdit, DraftView, LeftOut
from app.dependencies import SAME_ORIGIN
from app.errors import AppError, BadInputError, ConflictError, NotFoundError
from app.recruiting.accounts.dependencies import Recruiter
from app.web.banks.bank_view import shown_diff
from app.web.banks.draft_doubts import corrected, damaged_place, mark_of, owner_of
from app.web.banks.draft_rendering import ListPart, changed, details_of, editor, show_draft
from app.web.banks.draft_view import Row, review, row_of
from app.web.rendering import render, wording_of
from app.web.routing import PartialRoute, go_to, is_partial, problem_of

router = APIRouter(prefix="/recruiter/drafts", route_class=PartialRoute, include_in_schema=False)
_MOST_WORDS = 20_000
Mark = Annotated[str, Form(max_length=16)]
Show = Annotated[str, Query(max_length=40)]


@router.get("/{draft_id}")
async def draft(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    show: Show = "all",
    page: int = 1,
    open: str = "",
) -> Response:
    """The review; a published draft leads to what became of it. Raises `NotFoundError`."""
    view = await drafts.get(draft_id)
    if view.status == "published":
        return go_to(request, f"/recruiter/drafts/{draft_id}/published")
    if view.status == "discarded":
        raise NotFoundError(f"the draft {draft_id[:40]!r} was discarded", hint="Import the document again.")
    opened = row_of(view, open) if open else None
    seen = await asyncio.to_thread(review, view, show, page, open if opened else None)
    unfolded = editor(view, opened) if opened else None
    return await show_draft(request, view, ListPart(show, page), seen=seen, editor=unfolded)


@router.get("/{draft_id}/chips")
async def chips(
    request: Request, account: Recruiter, drafts: Drafts, draft_id: str, show: Show = "all"
) -> Response:
    """The filters with their counts."""
    return await show_draft(
        request, await drafts.get(draft_id), ListPart(show), template="banks/draft_chips.html"
    )


@router.post("/{draft_id}/details", dependencies=SAME_ORIGIN)
async def edit_details(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    title: Annotated[str, Form(max_length=2000)] = "",
    role: Annotated[str, Form(max_length=2000)] = "",
    bank_id: Annotated[str, Form(max_length=200)] = "",
    language: Annotated[str, Form(max_length=40)] = "",
    mark: Mark = "",
) -> Response:
    """Save where the draft is published to, or show the form again with what is wrong."""
    t = wording_of(request)
    typed = {"title": title, "role": role, "bank_id": bank_id.strip(), "language": language}

    async def again(status: int, problem: str | None, theirs: tuple[tuple[str, str], ...] = ()) -> Response:
        view = await drafts.get(draft_id)
        kept = mark if not theirs else details_of(view).mark
        details = replace(details_of(view), **typed, mark=kept, open=True, problem=problem, theirs=theirs)
        template = "banks/draft_understood.html" if is_partial(request) else "banks/draft.html"
        return await show_draft(
            request, view, ListPart(), template=template, status_code=status, details=details
        )

    try:
        edit = DetailsEdit.model_validate(typed)
    except ValidationError as error:
        return await again(422, t(f"draft.details.problem_{error.errors()[0]['loc'][0]}"))

    async def save(view: DraftView) -> DraftView:
        theirs = details_of(view)
        if theirs.mark != mark and any(getattr(theirs, name) != value for name, value in typed.items()):
            raise ConflictError("someone else changed these details meanwhile")
        return await drafts.edit_details(draft_id, edit, view.revision)

    try:
        view = await changed(drafts, await drafts.get(draft_id), save)
    except ConflictError:
        theirs = details_of(await drafts.get(draft_id))
        names = {"title": "name"}
        differing = tuple(
            (names.get(name, name), getattr(theirs, name))
            for name, value in typed.items()
            if getattr(theirs, name) != value
        )
        return await again(409, None, differing)
    return await _answer(request, view, "banks/draft_understood.html")


@router.post("/{draft_id}/repairs/{number}", dependencies=SAME_ORIGIN)
async def settle_repair(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    number: int,
    do: Annotated[str, Form(max_length=20)] = "keep",
    text: Annotated[str, Form(max_length=_MOST_WORDS)] = "",
    mark: Mark = "",
) -> Response:
    """Keep a repair, or put the person's words in its place."""

    async def settle(view: DraftView) -> DraftView:
        if mark_of(find_repair(view.draft, number)) != mark:
            raise ConflictError("someone else settled this repair meanwhile")
        return await drafts.settle_repair(draft_id, number, text if do == "mine" else None, view.revision)

    before = await drafts.get(draft_id)
    owner = owner_of(before.draft, find_repair(before.draft, number))
    view = await changed(drafts, before, settle)
    return await _answer(
        request, view, "banks/draft_settled.html", touched=_rows(view, [owner.key] if owner else [])
    )


@router.post("/{draft_id}/flags", dependencies=SAME_ORIGIN)
async def settle_flag(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    index: Annotated[int, Form()],
    key: Annotated[str, Form(max_length=200)] = "",
    do: Annotated[str, Form(max_length=20)] = "keep",
    text: Annotated[str, Form(max_length=_MOST_WORDS)] = "",
    mark: Mark = "",
) -> Response:
    """Settle a flag of a question, or of the draft without a key; `mine` puts the words right first."""

    async def settle(view: DraftView) -> DraftView:
        row = row_of(view, key) if key else None
        flag = find_flag(view.draft, key or None, index)
        if mark_of(flag) != mark:
            raise ConflictError("someone else settled this meanwhile")
        place = damaged_place(view.draft, row.question, flag) if row else None
        if do == "mine" and row and place and (edit := corrected(row.question, *place, text)):
            view = await drafts.edit_question(draft_id, key, edit, view.revision)
            row = row_of(view, key)
            if row is None or row.question.flags[index].settled:
                return view
        return await drafts.settle_flag(draft_id, key or None, index, view.revision)

    view = await changed(drafts, await drafts.get(draft_id), settle)
    return await _answer(request, view, "banks/draft_settled.html", touched=_rows(view, [key]))


@router.post("/{draft_id}/propose", dependencies=SAME_ORIGIN)
async def propose(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """Let the LLM propose points; the answer shows how far it is."""
    return await _answer(request, await drafts.propose_points(draft_id), "banks/draft_job.html")


@router.post("/{draft_id}/cancel", dependencies=SAME_ORIGIN)
async def cancel(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """Stop proposing; what was proposed stays."""
    return await _answer(request, await drafts.cancel(draft_id), "banks/draft_job.html")


@router.get("/{draft_id}/job")
async def job(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """How far the LLM is; once it has ended, what it changed."""
    view = await drafts.get(draft_id)
    if not is_partial(request):
        return go_to(request, f"/recruiter/drafts/{draft_id}")
    template = "banks/draft_job.html" if view.job else "banks/draft_proposed.html"
    return await show_draft(request, view, ListPart(), template=template, ended=view.job is None)


@router.post("/{draft_id}/discard", dependencies=SAME_ORIGIN)
async def discard(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """Put the draft away."""
    await drafts.discard(draft_id, account_id=account.id)
    return go_to(request, "/recruiter/banks")


@router.get("/{draft_id}/publish")
async def confirm(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """What publishing would change."""
    view = await drafts.get(draft_id)
    if view.status != "open":
        return go_to(request, f"/recruiter/drafts/{draft_id}")
    try:
        return await _confirm_page(request, drafts, view)
    except BadInputError as error:
        problem = problem_of(request, error)
        return await show_draft(request, view, ListPart(), status_code=error.status, problem=problem)


@router.post("/{draft_id}/publish", dependencies=SAME_ORIGIN)
async def publish(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    revision: Annotated[int, Form()],
    onto: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Publish what was confirmed; where that is no longer what it was, show what it is now."""
    try:
        await drafts.publish(draft_id, account.id, revision, onto=onto)
    except (BadInputError, ConflictError) as error:
        view = await drafts.get(draft_id)
        if view.status == "open":
            return await _confirm_page(request, drafts, view, error)
    return go_to(request, f"/recruiter/drafts/{draft_id}/published")


@router.get("/{draft_id}/published")
async def published(request: Request, account: Recruiter, drafts: Drafts, draft_id: str) -> Response:
    """How far the index is with the version, then that it serves."""
    view = await drafts.get(draft_id)
    if view.status != "published":
        return go_to(request, f"/recruiter/drafts/{draft_id}")
    template = "banks/draft_done.html" if is_partial(request) else "banks/draft_published.html"
    return render(request, template, private=True, view=view)


async def _answer(request: Request, view: DraftView, template: str, **more: Any) -> Response:
    """The changed part for a page that asked for it, else the page again."""
    if not is_partial(request):
        return go_to(request, f"/recruiter/drafts/{view.id}")
    return await show_draft(request, view, ListPart(), template=template, **more)


def _rows(view: DraftView, keys: list[str]) -> list[Row]:
    return [row for key in keys if (row := row_of(view, key)) is not None]


async def _confirm_page(
    request: Request, drafts: Drafts, view: DraftView, error: AppError | None = None
) -> Response:
    diff = await drafts.difference(view.id)
    left_out = [
        LeftOut(key=question.key, text=question.text[:200], reasons=reasons)
        for _, question in view.draft.questions()
        if (reasons := reasons_against(question))
    ]
    refused = error is not None and not isinstance(error, ConflictError)
    return render(
        request,
        "banks/draft_publish.html",
        status_code=error.status if error else 200,
        private=True,
        view=view,
        shown=shown_diff(diff),
        publishable=view.summary.publishable,
        left_out=left_out,
        changed=isinstance(error, ConflictError),
        problem=problem_of(request, error) if error and refused else None,
    )
