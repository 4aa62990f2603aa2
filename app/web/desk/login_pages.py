"""Logging in at the recruiter's desk, and out."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dependencies import SAME_ORIGIN
from app.errors import NotAllowedError
from app.recruiting.accounts.attempts import LogInRefusedError
from app.recruiting.accounts.dependencies import SESSION_COOKIE, Accounts, address_of
from app.recruiting.accounts.service import SESSION_LIFETIME
from app.web.rendering import render, wording_of
from app.web.routing import HOME, LOG_IN, DeskRoute, page_of_the_desk

router = APIRouter(prefix="/recruiter", route_class=DeskRoute, include_in_schema=False)


@router.get("/login")
async def log_in_page(request: Request, accounts: Accounts, next: str = HOME) -> Response:
    """The log-in form; who is logged in goes on to the desk."""
    try:
        await accounts.account(request.cookies.get(SESSION_COOKIE))
    except NotAllowedError:
        return _form(request, next)
    return RedirectResponse(page_of_the_desk(next), 303)


@router.post("/login", dependencies=SAME_ORIGIN)
async def log_in(
    request: Request,
    accounts: Accounts,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=5000)] = "",
    next: Annotated[str, Form(max_length=500)] = HOME,
) -> Response:
    """Log in, or show the form again with what was wrong."""
    t = wording_of(request)
    try:
        token = await accounts.log_in(
            name,
            password,
            address_of(request),
            agent=request.headers.get("user-agent", ""),
            replaces=request.cookies.get(SESSION_COOKIE),
        )
    except LogInRefusedError as error:
        return _form(request, next, name, t("recruiter.wait", n=error.minutes), error.status)
    except NotAllowedError as error:
        return _form(request, next, name, t("recruiter.wrong"), error.status)
    response = RedirectResponse(page_of_the_desk(next), 303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.post("/logout", dependencies=SAME_ORIGIN)
async def log_out(request: Request, accounts: Accounts) -> Response:
    """Revoke the session."""
    await accounts.log_out(request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse(LOG_IN, 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return response


def _form(
    request: Request, next: str, name: str = "", problem: str | None = None, status_code: int = 200
) -> Response:
    return render(
        request,
        "desk/login.html",
        status_code=status_code,
        private=True,
        next=page_of_the_desk(next),
        name=name,
        problem=problem,
    )
