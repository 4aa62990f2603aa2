"""The structure of a draft: questions and sections added, renamed, removed; and drafts of banks in use."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from app.authoring.dependencies import Drafts
from app.authoring.schemas import DraftView, QuestionEdit
from app.dependencies import SAME_ORIGIN
from app.errors import BadInputError
from app.recruiting.accounts.dependencies import Recruiter
from app.web.banks.draft_rendering import ListPart, changed, open_address, show_draft
from app.web.rendering import wording_of
from app.web.routing import PartialRoute, go_to, problem_of

router = APIRouter(prefix="/recruiter", route_class=PartialRoute, include_in_schema=False)
Words = Annotated[str, Form(max_length=20_000)]


@router.post("/banks/{bank_id}/edit", dependencies=SAME_ORIGIN)
async def edit_bank(request: Request, account: Recruiter, drafts: Drafts, bank_id: str) -> Response:
    """A draft of the bank as it is in use, to be changed and published as its next version."""
    return go_to(request, f"/recruiter/drafts/{await drafts.draft_of(bank_id, account.id)}")


@router.post("/drafts/{draft_id}/questions", dependencies=SAME_ORIGIN)
async def add_question(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    draft_id: str,
    section: Annotated[str, Form(max_length=200)] = "",
    text: Words = "",
) -> Response:
    """A new question at the end of a section, unfolded for its points."""
    before = await drafts.get(draft_id)
    try:
        view = await changed(
            drafts,
            before,
            lambda view: drafts.add_question(draft_id, section, QuestionEdit(text=text), view.revision),
        )
    except (BadInputError, ValueError):
        return await _refused(request, before, "draft.problem.text")
    known = {question.key for _, question in before.draft.questions()}
    new = [question.key for _, question in view.draft.questions() if question.key not in known]
    return go_to(request, open_address(draft_id, new[-1], "all", 1))


@router.post("/drafts/{draft_id}/questions/{key}/remove", dependencies=SAME_ORIGIN)
async def remove_question(
    request: Request, account: Recruiter, drafts: Drafts, draft_id: str, key: str
) -> Response:
    """Take a question out for good."""
    before = await drafts.get(draft_id)
    await changed(drafts, before, lambda view: drafts.remove_question(draft_id, key, view.revision))
    return go_to(request, f"/recruiter/drafts/{draft_id}#questions")


@router.post("/drafts/{draft_id}/sections", dependencies=SAME_ORIGIN)
async def add_section(
    request: Request, account: Recruiter, drafts: Drafts, draft_id: str, title: Words = ""
) -> Response:
    """A new section at the end."""
    before = await drafts.get(draft_id)
    if not title.strip():
        return await _refused(request, before, "draft.problem.section")
    await changed(drafts, before, lambda view: drafts.add_section(draft_id, title, view.revision))
    return go_to(request, f"/recruiter/drafts/{draft_id}#sections")


@router.post("/drafts/{draft_id}/sections/{key}", dependencies=SAME_ORIGIN)
async def rename_section(
    request: Request, account: Recruiter, drafts: Drafts, draft_id: str, key: str, title: Words = ""
) -> Response:
    """Give a section another title."""
    before = await drafts.get(draft_id)
    if not title.strip():
        return await _refused(request, before, "draft.problem.section")
    await changed(drafts, before, lambda view: drafts.rename_section(draft_id, key, title, view.revision))
    return go_to(request, f"/recruiter/drafts/{draft_id}#sections")


async def _refused(request: Request, view: DraftView, problem: str) -> Response:
    text = wording_of(request)(problem)
    shown = problem_of(request, BadInputError("nothing was written"), text)
    return await show_draft(request, view, ListPart(), status_code=422, problem=shown)
