"""What the review's routes share: what its templates are given, and changes that are retried."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.authoring.schemas import DraftView
from app.authoring.service import DraftService
from app.banks.library import BankLibrary
from app.banks.schema import Difficulty, Kind
from app.dependencies import room_of
from app.documents.draft import Flag
from app.errors import ConflictError
from app.web.banks.draft_doubts import mark_of
from app.web.banks.draft_forms import Difference, QuestionForm
from app.web.banks.draft_view import MUST_BE_FIXED, Review, Row, excerpt, review
from app.web.banks.excerpt import ExcerptLine
from app.web.languages import LANGUAGES, name_of
from app.web.rendering import render
from app.web.routing import with_query

_TRIES = 5


@dataclass(frozen=True)
class ListPart:
    """Which part of the list a page shows."""

    show: str = "all"
    page: int = 1


def list_address(draft_id: str, shown: str = "all", page: int = 1) -> str:
    """The review with that part of the list."""
    query = {"show": shown if shown != "all" else "", "page": str(page) if page > 1 else ""}
    return with_query(f"/recruiter/drafts/{draft_id}", query)


def open_address(draft_id: str, key: str, shown: str = "all", page: int = 1) -> str:
    """The review with a question unfolded."""
    address = list_address(draft_id, shown, page)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'open': key})}#row-{quote(key)}"


@dataclass(frozen=True)
class Details:
    """The form of where the draft is published to, as it stands or as typed."""

    title: str
    role: str
    bank_id: str
    language: str
    mark: str
    open: bool = False
    problem: str | None = None
    theirs: tuple[tuple[str, str], ...] = ()


def details_of(view: DraftView) -> Details:
    """The details as they stand."""
    draft = view.draft
    fields = (draft.title, draft.role, view.bank_id, draft.language)
    mark = hashlib.sha256(repr(fields).encode("utf-8", "replace")).hexdigest()[:16]
    return Details(*fields, mark)


@dataclass(frozen=True)
class Editor:
    """One question unfolded: as it stands, or as typed and not yet saved (`changed`)."""

    row: Row
    form: QuestionForm
    mark: str
    source: list[ExcerptLine]
    flags: list[tuple[int, Flag]]
    focus: str = "title"
    changed: bool = False
    problems: tuple[str, ...] = ()
    theirs: tuple[Difference, ...] = ()

    @property
    def flag_marks(self) -> dict[int, str]:
        """What the forms of the flags carry, by the flags' places."""
        return {index: mark_of(flag) for index, flag in self.flags}


def editor(view: DraftView, row: Row, form: QuestionForm | None = None, **more: Any) -> Editor:
    """The editor of a question, with a form that is not saved where one is given."""
    stored = QuestionForm.of(row.section, row.question)
    fields: dict[str, Any] = {"mark": stored.mark, "changed": form is not None} | more
    return Editor(
        row=row,
        form=form or stored,
        source=excerpt(view.draft, row.question),
        flags=[(index, flag) for index, flag in enumerate(row.question.flags) if not flag.settled],
        **fields,
    )


async def show_draft(
    request: Request,
    view: DraftView,
    place: ListPart,
    *,
    template: str = "banks/draft.html",
    status_code: int = 200,
    seen: Review | None = None,
    **more: Any,
) -> Response:
    """The review, or with another `template` a part of it."""
    seen = seen or await asyncio.to_thread(review, view, place.show, place.page)
    # The draft's own code stands for its language, as zh-TW for Traditional Chinese.
    tongues = {name_of(code): code for code in (*(each.code for each in LANGUAGES), view.draft.language)}
    context = {
        "view": view,
        "review": seen,
        "list_address": partial(list_address, view.id),
        "open_address": partial(open_address, view.id),
        "details": details_of(view),
        "banks": list(room_of(request, BankLibrary).banks.values()),
        "draft_languages": [(code, name) for name, code in tongues.items()],
        "kinds": get_args(Kind),
        "difficulties": get_args(Difficulty),
        "must_be_fixed": MUST_BE_FIXED,
        "editor": None,
        "problem": None,
        "ended": False,
        "oob": False,
        "focus": False,
        "focus_eyes": False,
    }
    return render(request, template, status_code=status_code, private=True, **(context | more))


async def changed(
    drafts: DraftService, view: DraftView, change: Callable[[DraftView], Awaitable[DraftView]]
) -> DraftView:
    """The draft after `change`, made again when only another part of the draft was changed meanwhile.

    `change` gets the draft as it stands and raises `ConflictError` itself where its own part is another.
    """
    for _ in range(_TRIES):
        try:
            return await change(view)
        except ConflictError:
            revision, view = view.revision, await drafts.get(view.id)
            if view.revision == revision:
                raise
    return await change(view)
