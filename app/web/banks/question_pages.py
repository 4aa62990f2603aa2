"""One question of a draft: unfolded, edited in place, folded up again."""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.authoring.dependencies import Drafts
from app.authoring.schemas import DraftView
from app.dependencies import SAME_ORIGIN
from app.errors import ConflictError, NotFoundError
from app.recruiting.accounts.dependencies import Recruiter
from app.web.banks.draft_forms import QuestionForm
from app.web.banks.draft_rendering import Editor, ListPart, changed, editor, list_address, show_draft
from app.web.banks.draft_view import Row, review, row_of
from app.web.routing import PartialRoute, go_to, is_partial

router = APIRouter(prefix="/recruiter/drafts", route_class=PartialRoute, include_in_schema=False)


@router.get("/{draft_id}/questions/{key}")
async def question(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    key: str,
    show: Annotated[str, Query(max_length=40)] = "all",
    page: int = 1,
    closed: bool = False,
) -> Response:
    """The question unfolded, or folded up again. Raises `NotFoundError`."""
    view = await drafts.get(draft_id)
    row = _row(view, key)
    place = ListPart(show, page)
    if closed:
        return await show_draft(request, view, place, template="banks/draft_row.html", row=row, focus=True)
    return await _show(request, view, place, editor(view, row))


@router.post("/{draft_id}/questions/{key}", dependencies=SAME_ORIGIN)
async def edit(request: Request, account: Recruiter, drafts: Drafts, draft_id: str, key: str) -> Response:
    """Save the form, or change its list of points and show it again."""
    sent = await request.form(max_fields=2000)
    place = ListPart(str(sent.get("show", "all")), _number(str(sent.get("page", "1"))))
    mark = str(sent.get("mark", ""))
    view = await drafts.get(draft_id)
    row = _row(view, key)
    form = QuestionForm.read(sent, row.question)
    do = str(sent.get("do", "save"))
    if do != "save":
        form, focus = form.after(do)
        return await _show(request, view, place, editor(view, row, form, mark=mark, focus=focus))
    if problems := form.problems(view.draft.sections):
        return await _show(
            request, view, place, editor(view, row, form, mark=mark, problems=tuple(problems)), 422
        )

    async def save(view: DraftView) -> DraftView:
        row = _row(view, key)
        theirs = QuestionForm.of(row.section, row.question)
        if mark != theirs.mark and form.differences(theirs):
            raise ConflictError("someone else changed this question meanwhile")
        return await drafts.edit_question(draft_id, key, form.edit(), view.revision)

    try:
        view = await changed(drafts, view, save)
    except ConflictError:
        view = await drafts.get(draft_id)
        if view.status != "open":
            raise
        row = _row(view, key)
        theirs = form.differences(QuestionForm.of(row.section, row.question))
        return await _show(request, view, place, editor(view, row, form, theirs=tuple(theirs)), 409)
    if not is_partial(request):
        return go_to(request, f"{list_address(draft_id, place.show, place.page)}#row-{quote(key)}")
    row = _row(view, key)
    return await show_draft(request, view, place, template="banks/draft_saved.html", row=row, focus=True)


async def _show(
    request: Request, view: DraftView, place: ListPart, shown: Editor, status: int = 200
) -> Response:
    if is_partial(request):
        return await show_draft(
            request, view, place, template="banks/draft_editor.html", status_code=status, editor=shown
        )
    # Without scripts the whole page is shown, on the list's page that holds the question.
    seen = await asyncio.to_thread(review, view, place.show, place.page, shown.row.question.key)
    return await show_draft(request, view, place, status_code=status, editor=shown, seen=seen)


def _row(view: DraftView, key: str) -> Row:
    row = row_of(view, key)
    if row is None:
        raise NotFoundError(f"the draft has no question {key[:80]!r}", hint="Load the draft again.")
    return row


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() else 1
