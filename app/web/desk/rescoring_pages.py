"""Scoring interviews again: what to score and with what, how far it is, what it changed."""

from datetime import UTC, datetime, time
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.banks.library import BankLibrary
from app.dependencies import SAME_ORIGIN, room_of
from app.errors import AppError, BadInputError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.rescoring.dependencies import Rescoring
from app.recruiting.rescoring.schemas import NewRun, Scope, ScorerChoice, Strategy
from app.settings import Settings
from app.web.rendering import problem_text, render
from app.web.routing import PartialRoute

_PAGE = "/recruiter/rescoring"

router = APIRouter(prefix=_PAGE, route_class=PartialRoute, include_in_schema=False)


@router.get("")
async def runs(
    request: Request,
    account: Recruiter,
    service: Rescoring,
    ids: Annotated[list[str], Query()] = [],  # noqa: B006
) -> Response:
    """The form and the latest runs; `ids` are interviews chosen in the list."""
    return await _overview(request, service, ids)


@router.post("", dependencies=SAME_ORIGIN)
async def begin(
    request: Request,
    account: Recruiter,
    service: Rescoring,
    ids: Annotated[list[str], Form(max_length=10_000)] = [],  # noqa: B006
    bank: Annotated[str, Form(max_length=80)] = "",
    since: Annotated[str, Form(max_length=20)] = "",
    until: Annotated[str, Form(max_length=20)] = "",
    model: Annotated[str, Form(max_length=200)] = "",
    judge: Annotated[Strategy | None, Form()] = None,
    prompts: Annotated[str, Form(max_length=80)] = "",
    adopt: Annotated[bool, Form()] = False,
) -> Response:
    """Start a run and go to its page, or show what to change."""
    try:
        scope = Scope(interview_ids=ids, bank=bank or None, since=_day(since), until=_day(until, end=True))
        choice = ScorerChoice(model=model.strip() or None, judge=judge, prompts=prompts or None)
        run = await service.begin(NewRun(scope=scope, scorer=choice, adopt=adopt), account)
    except BadInputError as error:
        return await _overview(request, service, ids, error)
    return RedirectResponse(f"{_PAGE}/{run.id}", 303)


@router.get("/{run_id}")
async def one(request: Request, account: Recruiter, service: Rescoring, run_id: str) -> Response:
    """One run. Raises `NotFoundError`."""
    run, changed = await service.get(run_id), await service.changed(run_id, account)
    return render(request, "desk/rescoring_run.html", private=True, run=run, changed=changed)


@router.get("/{run_id}/progress")
async def progress(request: Request, account: Recruiter, service: Rescoring, run_id: str) -> Response:
    """The part of a run's page that changes while it runs."""
    run, changed = await service.get(run_id), await service.changed(run_id, account)
    return render(request, "desk/rescoring_progress.html", private=True, run=run, changed=changed)


@router.post("/{run_id}/cancel", dependencies=SAME_ORIGIN)
async def cancel(account: Recruiter, service: Rescoring, run_id: str) -> Response:
    """Stop it and show it."""
    await service.cancel(run_id, account)
    return RedirectResponse(f"{_PAGE}/{run_id}", 303)


@router.post("/{run_id}/resume", dependencies=SAME_ORIGIN)
async def resume(account: Recruiter, service: Rescoring, run_id: str) -> Response:
    """Let it go on and show it."""
    await service.resume(run_id, account)
    return RedirectResponse(f"{_PAGE}/{run_id}", 303)


@router.post("/{run_id}/adopt", dependencies=SAME_ORIGIN)
async def adopt(account: Recruiter, service: Rescoring, run_id: str) -> Response:
    """Make its cards the current ones and show it."""
    await service.adopt(run_id, account)
    return RedirectResponse(f"{_PAGE}/{run_id}", 303)


async def _overview(
    request: Request, service: Rescoring, ids: list[str], error: AppError | None = None
) -> Response:
    return render(
        request,
        "desk/rescoring.html",
        status_code=error.status if error else 200,
        private=True,
        runs=await service.runs(),
        ids=ids,
        banks=[(bank.id, bank.title) for bank in room_of(request, BankLibrary).banks.values()],
        prompt_versions=service.scorers.prompt_versions(),
        can_name_a_model=not room_of(request, Settings).uses_embedded_model,
        problem=problem_text(request, error) if error else None,
        detail=f"{error.detail}. {error.hint}" if error else None,
    )


def _day(text: str, *, end: bool = False) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError as error:
        raise BadInputError(f"date: {text!r} is none", hint="Write it as 2026-01-31.") from error
    return datetime.combine(day, time.max if end else time.min, UTC)
