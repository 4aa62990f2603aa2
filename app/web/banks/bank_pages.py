"""The banks' pages: what there is, bringing a document, trying a search, one bank and its versions."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.authoring.dependencies import Drafts
from app.authoring.difference import BankDiff
from app.authoring.schemas import DraftListing
from app.banks.file import MAX_BYTES
from app.banks.library import BankLibrary
from app.dependencies import SAME_ORIGIN, room_of
from app.errors import AppError, BadInputError, BankError, ConflictError, NotFoundError
from app.recruiting.accounts.dependencies import Recruiter
from app.search.index import QuestionIndex
from app.search.service import search
from app.web.banks.bank_view import HitRow, hit_row, question_page, shelf_bank, shown_diff
from app.web.banks.import_problems import import_problem
from app.web.rendering import render, wording_of
from app.web.routing import PartialRoute, go_to, is_partial, problem_of

HITS = 8
# Around the file a form has its boundaries and the file's name.
_ENVELOPE_BYTES = 100_000
HOME = "/recruiter/banks"

router = APIRouter(prefix=HOME, route_class=PartialRoute, include_in_schema=False)


@router.get("")
async def banks(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    q: Annotated[str, Query(max_length=20_000)] = "",
    within: Annotated[str, Query(alias="in", max_length=80)] = "",
) -> Response:
    """The banks, open drafts, and what a search finds; a page that searches gets the finds only."""
    found = await _found(request, q, within)
    if is_partial(request):
        return render(request, "banks/banks_found.html", private=True, **found)
    return await _banks_page(request, drafts, q, within, found)


@router.post("/import", dependencies=SAME_ORIGIN, max_body_size=MAX_BYTES + _ENVELOPE_BYTES)
async def import_document(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Make a draft of a document and go to its review, or say what is wrong with the document."""
    t = wording_of(request)
    try:
        if file is None or not file.filename:
            raise BadInputError("file: is empty", hint="Choose a file.")
        view = await drafts.create(file.filename, await file.read(), account.id)
    except (BadInputError, BankError) as error:
        problem = import_problem(t, error)
        if is_partial(request):
            return render(
                request, "banks/banks_problem.html", status_code=error.status, private=True, problem=problem
            )
        return await _banks_page(request, drafts, problem=problem, status_code=error.status)
    return go_to(request, f"/recruiter/drafts/{view.id}")


@router.get("/{bank_id}")
async def bank(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    bank_id: str,
    page: int = 1,
    question: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(alias="from", max_length=40)] = "",
    after: Annotated[str, Query(alias="to", max_length=40)] = "",
    restored: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """One bank: its questions, its versions, and what differs between two. Raises `NotFoundError`."""
    diff = await drafts.publisher.difference(bank_id, before, after) if before and after else None
    return await _bank_page(
        request,
        drafts,
        bank_id,
        page=page,
        question=question,
        diff=diff,
        restored=restored,
    )


@router.post("/{bank_id}/roll-back", dependencies=SAME_ORIGIN)
async def roll_back(
    request: Request,
    account: Recruiter,
    drafts: Drafts,
    bank_id: str,
    version: Annotated[str, Form(max_length=40)],
) -> Response:
    """Publish an older version's content as a new version."""
    try:
        published = await drafts.publisher.restore(bank_id, version, account.id)
    except (BadInputError, ConflictError) as error:
        return await _bank_page(request, drafts, bank_id, error=error)
    return go_to(request, f"{HOME}/{bank_id}?restored={published.version}")


async def _bank_page(
    request: Request,
    drafts: Drafts,
    bank_id: str,
    *,
    page: int = 1,
    question: str = "",
    diff: BankDiff | None = None,
    restored: str = "",
    error: AppError | None = None,
) -> Response:
    t = wording_of(request)
    shown = room_of(request, BankLibrary).get(bank_id)
    versions = await drafts.publisher.versions(bank_id)
    usual = versions[min(1, len(versions) - 1)].version
    notices = []
    if any(version.version == restored for version in versions):
        notices.append(t("banks.one.rolled_back", version=restored))
    if versions[0].version != shown.version:
        notices.append(t("banks.one.published_soon"))
    return render(
        request,
        "banks/bank.html",
        status_code=error.status if error else 200,
        private=True,
        bank=shown,
        total=sum(len(section.questions) for section in shown.sections),
        versions=versions,
        compared=(diff.before, diff.after) if diff else (usual, shown.version),
        shown=shown_diff(diff) if diff else None,
        questions=question_page(shown, page, question),
        shown_question=question,
        notice=" ".join(notices),
        problem=problem_of(request, error) if error else None,
    )


async def _banks_page(
    request: Request,
    drafts: Drafts,
    q: str = "",
    within: str = "",
    found: dict[str, Any] | None = None,
    problem: dict[str, str] | None = None,
    status_code: int = 200,
) -> Response:
    shelf = [
        shelf_bank(each, await drafts.publisher.versions(each.id))
        for each in room_of(request, BankLibrary).banks.values()
    ]
    return render(
        request,
        "banks/banks.html",
        status_code=status_code,
        private=True,
        banks=shelf,
        drafts=[_listed(each) for each in await drafts.list(("open",))],
        query=q,
        searched=within,
        max_bytes=MAX_BYTES,
        problem=problem,
        **(found or {"hits": None, "search_problem": None}),
    )


def _listed(draft: DraftListing) -> dict[str, Any]:
    summary = draft.summary
    return {
        "id": draft.id,
        "name": draft.name,
        "title": draft.title,
        "created_at": draft.created_at,
        "questions": summary.questions,
        "doubtful": summary.doubtful,
        "left_out": summary.questions - summary.publishable,
    }


async def _found(request: Request, query: str, within: str) -> dict[str, Any]:
    """What the search box's part of the page shows."""
    if not query.strip():
        return {"hits": None, "search_problem": None}
    t = wording_of(request)
    library = room_of(request, BankLibrary)
    try:
        hits = await search(room_of(request, QuestionIndex), query, HITS, bank=within or None)
    except BadInputError:
        return {"hits": None, "search_problem": t("banks.search.no_words")}
    except AppError:
        return {"hits": None, "search_problem": t("banks.search.failed")}
    rows: list[HitRow] = []
    for hit in hits:
        try:
            place = library.question(hit.question_id)
        except NotFoundError:
            continue
        rows.append(hit_row(hit, *place))
    return {"hits": rows, "search_problem": None}
