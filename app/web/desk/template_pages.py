"""The templates' pages: what there is, making one, changing, copying and archiving it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.banks.library import BankLibrary
from app.dependencies import SAME_ORIGIN, room_of
from app.errors import AppError, ConflictError
from app.llm.prompts import PromptLibrary
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.invites.dependencies import Invites
from app.recruiting.invites.repository import STATUSES, InviteStatus
from app.recruiting.templates.content import FOLLOW_UP_STYLES, MODES, SEES
from app.recruiting.templates.dependencies import Templates
from app.recruiting.templates.drawing import DIFFICULTIES
from app.recruiting.templates.errors import ContentError, FieldProblem, StaleTemplateError
from app.recruiting.templates.schemas import Questions, TemplateView
from app.settings import Settings
from app.web.desk.template_form import FIELDS, TemplateForm
from app.web.languages import name_of
from app.web.rendering import language_of, render, wording_of
from app.web.routing import DeskRoute
from app.web.wording import Wording

HOME = "/recruiter/templates"
_LONGEST_FORM = 2_000
NEW = {
    "follow_ups": "1",
    "follow_up_style": "standard",
    "mode": "assessment",
    "drawing": "same",
    "sees": "points",
    "retention_days": "180",
    "link_days": "14",
}

router = APIRouter(prefix=HOME, route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def templates(
    request: Request, account: Recruiter, service: Templates, invites: Invites, archived: bool = False
) -> Response:
    """Those in use, or those archived."""
    listed = await service.list(archived=archived)
    return render(
        request,
        "desk/templates.html",
        private=True,
        account=account,
        templates=listed,
        counts=await invites.counts([each.id for each in listed]),
        archived=archived,
    )


@router.get("/new")
async def new(request: Request, account: Recruiter) -> Response:
    """An empty form."""
    form = TemplateForm(dict.fromkeys(FIELDS, "") | NEW)
    return await _form_page(request, account, form)


@router.post("", dependencies=SAME_ORIGIN)
async def create(request: Request, account: Recruiter, service: Templates) -> Response:
    """Make it and go to it, or show the form again with what was wrong."""
    form, _, _ = await _read(request)
    try:
        made = await service.create(form.content(room_of(request, BankLibrary).banks.values()), account)
    except ContentError as error:
        return await _form_page(request, account, form, error=error)
    return RedirectResponse(f"{HOME}/{made.id}?saved=created", 303)


@router.get("/{template_id}")
async def template(
    request: Request,
    account: Recruiter,
    service: Templates,
    invites: Invites,
    template_id: str,
    saved: str = "",
) -> Response:
    """One template's form beside its questions. Raises `NotFoundError`."""
    view = await service.get(template_id)
    counts = (await invites.counts([template_id]))[template_id]
    return await _form_page(request, account, TemplateForm.of(view.content), view, counts, saved=saved)


@router.post("/{template_id}", dependencies=SAME_ORIGIN)
async def update(
    request: Request, account: Recruiter, service: Templates, invites: Invites, template_id: str
) -> Response:
    """Save it, or show what was typed with what was wrong or what someone else changed meanwhile."""
    form, revision, questions = await _read(request)
    try:
        content = form.content(room_of(request, BankLibrary).banks.values())
        await service.update(template_id, revision, content, account, questions)
    except (ContentError, ConflictError) as error:
        view = await service.get(template_id)
        counts = (await invites.counts([template_id]))[template_id]
        if isinstance(error, ContentError):
            view = view.model_copy(update={"revision": revision})
        return await _form_page(request, account, form, view, counts, error=error)
    saved = "saved" if questions == "keep" else "drawn"
    return RedirectResponse(f"{HOME}/{template_id}?saved={saved}", 303)


@router.post("/{template_id}/duplicate", dependencies=SAME_ORIGIN)
async def duplicate(request: Request, account: Recruiter, service: Templates, template_id: str) -> Response:
    """Copy it and go to the copy."""
    view = await service.get(template_id)
    name = wording_of(request)("templates.copy_of", name=view.content.name)
    copy = await service.duplicate(template_id, account, name)
    return RedirectResponse(f"{HOME}/{copy.id}?saved=copied", 303)


@router.post("/{template_id}/archive", dependencies=SAME_ORIGIN)
async def archive(
    account: Recruiter,
    service: Templates,
    template_id: str,
    revoke_links: Annotated[bool, Form()] = False,
) -> Response:
    """Take it out of use."""
    await service.archive(template_id, account, revoke_links=revoke_links)
    return RedirectResponse(f"{HOME}/{template_id}?saved=archived", 303)


@router.post("/{template_id}/restore", dependencies=SAME_ORIGIN)
async def restore(account: Recruiter, service: Templates, template_id: str) -> Response:
    """Take it into use again."""
    await service.restore(template_id, account)
    return RedirectResponse(f"{HOME}/{template_id}?saved=restored", 303)


async def _read(request: Request) -> tuple[TemplateForm, int, Questions]:
    """The form, the revision it was made to, and what to do with the pinned questions."""
    async with request.form(max_files=0, max_fields=_LONGEST_FORM) as sent:
        revision = str(sent.get("revision", ""))
        wanted = str(sent.get("questions", ""))
        form = TemplateForm.read(sent)
    questions: Questions = "anew" if wanted == "anew" else "newest" if wanted == "newest" else "keep"
    return form, int(revision) if revision.isascii() and revision.isdigit() else 0, questions


async def _form_page(
    request: Request,
    account: Recruiter,
    form: TemplateForm,
    view: TemplateView | None = None,
    counts: Mapping[InviteStatus, int] | None = None,
    *,
    saved: str = "",
    error: AppError | None = None,
) -> Response:
    t = wording_of(request)
    settings = room_of(request, Settings)
    library = room_of(request, BankLibrary)
    problems = error.problems if isinstance(error, ContentError) else ()
    stale = isinstance(error, StaleTemplateError) and view is not None
    banks = library.banks.values()
    return render(
        request,
        "desk/template.html",
        status_code=error.status if error else 200,
        private=True,
        account=account,
        form=form,
        view=view,
        banks=sorted(banks, key=lambda bank: _is_foreign(bank.language, language_of(request).code)),
        problems={each.field: _sentence(t, each) for each in problems},
        mix=_mix(view, library) if view else [],
        gone=[part.bank for part in view.content.parts if part.bank not in library.banks] if view else [],
        conflict=t("templates.archived_help") if isinstance(error, ConflictError) and not stale else None,
        theirs=_theirs(t, form, view) if stale and view else None,
        counts=counts or dict.fromkeys(STATUSES, 0),
        saved=saved if saved in ("created", "saved", "drawn", "copied", "archived", "restored") else "",
        modes=MODES,
        sees=SEES,
        styles=FOLLOW_UP_STYLES,
        difficulties=DIFFICULTIES,
        tongues=_tongues(request),
        name_of=name_of,
        max_minutes=settings.max_minutes,
        max_questions=settings.max_questions,
        retention_days=settings.retention_days,
    )


def _sentence(t: Wording, problem: FieldProblem) -> str:
    return t(f"templates.problem.{problem.kind}", **problem.values)


def _theirs(t: Wording, form: TemplateForm, view: TemplateView) -> list[tuple[str, str]]:
    """The fields that stand differently now: their label and what someone else saved."""
    present = TemplateForm.of(view.content)
    found = [
        (t(f"templates.field.{name}"), value or "–")
        for name, value in present.values.items()
        if value != form.values[name]
    ]
    if present.counts != form.counts:
        found.append((t("templates.field.parts"), t("templates.questions_n", n=view.content.questions)))
    for name in sorted(present.on ^ form.on):
        state = t("templates.turned_on" if name in present.on else "templates.turned_off")
        found.append((t(f"templates.field.{name}"), state))
    return found


def _mix(view: TemplateView, library: BankLibrary) -> list[tuple[str, str, str, list[tuple[str, int]]]]:
    """The strata by section: bank, section, its title, and how many of each difficulty."""
    titles = {
        (bank.id, section.id): section.title for bank in library.banks.values() for section in bank.sections
    }
    mix: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for stratum in view.strata:
        mix.setdefault((stratum.bank, stratum.section), []).append((stratum.difficulty, stratum.count))
    return [
        (bank, section, titles.get((bank, section), section), parts) for (bank, section), parts in mix.items()
    ]


def _tongues(request: Request) -> list[str]:
    """The languages that the interviewer has phrases in."""
    return room_of(request, PromptLibrary).files.spoken()


def _is_foreign(language: str, visitor: str) -> bool:
    return language.partition("-")[0] != visitor.partition("-")[0]
