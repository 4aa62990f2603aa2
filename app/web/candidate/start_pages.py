"""The start page, and beginning an interview from it."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.banks.library import BankLibrary
from app.dependencies import SAME_ORIGIN, room_of
from app.errors import AppError, BadInputError
from app.interviews.dependencies import PERSON_COOKIE, Interviews, remember, remember_interview
from app.interviews.planning.translating import Translator
from app.settings import Settings
from app.web import languages
from app.web.candidate.start_form import USUAL_QUESTIONS, BankCard, Choice, bank_cards
from app.web.rendering import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    language_of,
    problem_text,
    render,
    wording_of,
)
from app.web.routing import PageRoute

_PREFERENCE_SECONDS = 365 * 24 * 60 * 60

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
async def start(
    request: Request,
    bank: str = "",
    sections: Annotated[list[str], Query(max_length=200)] = [],  # noqa: B006
    questions: int = USUAL_QUESTIONS,
) -> Response:
    """Choose what to be interviewed on; a link may have chosen already."""
    return _start_page(request, Choice(bank, tuple(sections), max(questions, 1)))


@router.post("/interviews", dependencies=SAME_ORIGIN)
async def begin(
    request: Request,
    service: Interviews,
    bank: Annotated[str, Form(max_length=80)] = "",
    sections: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006
    questions: Annotated[int, Form()] = USUAL_QUESTIONS,
    follow_ups: Annotated[int, Form()] = 1,
    practice: Annotated[bool, Form()] = False,
    job_description: Annotated[str, Form()] = "",
    language: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Plan an interview and go to its chat; its token becomes a cookie that scripts can't read."""
    choice = Choice(bank, tuple(sections), questions, follow_ups, practice, job_description, language)
    card = next((each for each in _banks(request) if each.id == bank), None)
    if card is not None and questions > (there := choice.available(card)):
        # Without scripts the form can't know how many the chosen bank has.
        problem = wording_of(request)("start.too_many", n=there)
        return _start_page(request, choice, problem=problem)
    if card is not None:
        try:
            room_of(request, Translator).check(language or None, card.language)
        except BadInputError:
            possible = ", ".join(languages.name_of(each) for each in card.languages)
            problem = wording_of(request)("start.language_not_possible", possible=possible)
            return _start_page(request, replace(choice, language=""), problem=problem)
    try:
        created, person_token = await service.begin(choice.wanted(), request.cookies.get(PERSON_COOKIE))
    except AppError as error:
        return _start_page(request, choice, error)
    response = RedirectResponse(f"/interviews/{created.id}?started=1", 303)
    remember_interview(request, response, created.id, created.token)
    if person_token is not None:
        remember(request, response, PERSON_COOKIE, person_token)
    return response


@router.get("/preferences")
async def preferences(request: Request, language: str = "", theme: str = "", next: str = "/") -> Response:
    """Keep a choice of language or theme and go back to the page it was made on."""
    response = RedirectResponse(_own_address(next), 303)
    choices = {LANGUAGE_COOKIE: language if languages.by_code(language) else "", THEME_COOKIE: theme}
    if theme not in THEMES:
        choices[THEME_COOKIE] = ""
    for cookie, value in choices.items():
        if value:
            response.set_cookie(cookie, value, max_age=_PREFERENCE_SECONDS, samesite="lax", httponly=True)
    return response


def _banks(request: Request) -> list[BankCard]:
    banks = room_of(request, BankLibrary).banks.values()
    return bank_cards(banks, language_of(request).code, room_of(request, Translator).languages)


def _start_page(
    request: Request, choice: Choice, error: AppError | None = None, problem: str = ""
) -> Response:
    """The form, with no more questions than the chosen bank has. `problem` is a choice to be mended."""
    settings = room_of(request, Settings)
    banks = _banks(request)
    if banks:
        card = next((each for each in banks if each.id == choice.bank), banks[0])
        most = min(choice.available(card), settings.max_questions)
        if error is None:
            choice = replace(choice, questions=min(choice.questions, most))
        choice = replace(choice, bank=card.id)
    if error is not None:
        problem = problem_text(request, error)
    status = error.status if error else BadInputError.status if problem else 200
    tongues = dict.fromkeys(each for card in banks for each in card.languages[1:])
    return render(
        request,
        "candidate/start.html",
        status_code=status,
        tongues=list(tongues),
        name_of=languages.name_of,
        banks=banks,
        chosen=choice,
        max_questions=settings.max_questions,
        minutes=settings.max_minutes,
        problem=problem,
        detail=error.detail if error else None,
    )


def _own_address(address: str) -> str:
    """A path of this site, else the start page."""
    parts = urlsplit(address)
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_own and address.isprintable() else "/"
