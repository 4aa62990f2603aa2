"""The recruiter's pages: log-in, the list of interviews, one transcript with its rubric."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import AppError, NotAllowedError
from app.interviews.access import interview_service
from app.interviews.service import InterviewService
from app.recruiting.accounts.access import SESSION_COOKIE, Accounts, Recruiter
from app.recruiting.accounts.attempts import LogInRefusedError
from app.recruiting.accounts.service import SESSION_LIFETIME
from app.recruiting.desk.listing import read_page
from app.recruiting.desk.repository import Filters
from app.same_origin import require_same_origin
from app.web.rendering import PageRoute, render, wording_of
from app.web.scores.report_view import report_view

HOME = "/recruiter"
LOG_IN = "/recruiter/login"


class DeskRoute(PageRoute):
    """A page of the desk: who is not logged in is sent to the log-in page."""

    def error_response(self, request: Request, error: AppError) -> Response:
        if isinstance(error, NotAllowedError):
            return RedirectResponse(f"{LOG_IN}?{urlencode({'next': request.url.path})}", 303)
        return super().error_response(request, error)


router = APIRouter(prefix="/recruiter", route_class=DeskRoute, include_in_schema=False)


@router.get("/login")
async def log_in_page(request: Request, accounts: Accounts, next: str = HOME) -> Response:
    """The log-in form; who is logged in goes on to the desk."""
    try:
        await accounts.account(request.cookies.get(SESSION_COOKIE))
    except NotAllowedError:
        return render(request, "desk/login.html", private=True, next=_local(next), name="", problem=None)
    return RedirectResponse(_local(next), 303)


@router.post("/login", dependencies=[Depends(require_same_origin)])
async def log_in(
    request: Request,
    accounts: Accounts,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=5000)] = "",
    next: Annotated[str, Form(max_length=500)] = HOME,
) -> Response:
    """Log in, or show the form again with what was wrong."""
    t = wording_of(request)
    address = request.client.host if request.client else ""
    try:
        token = await accounts.log_in(name, password, address)
    except LogInRefusedError as error:
        problem, status_code = t("recruiter.wait", n=error.minutes), error.status
    except NotAllowedError as error:
        problem, status_code = t("recruiter.wrong"), error.status
    else:
        response = RedirectResponse(_local(next), 303)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response
    return render(
        request,
        "desk/login.html",
        status_code=status_code,
        private=True,
        next=_local(next),
        name=name,
        problem=problem,
    )


@router.post("/logout", dependencies=[Depends(require_same_origin)])
async def log_out(request: Request, accounts: Accounts) -> Response:
    """Revoke the session."""
    await accounts.log_out(request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse(LOG_IN, 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return response


@router.get("")
async def interviews(
    request: Request,
    account: Recruiter,
    bank: str = "",
    status: Literal["", "open", "paused", "ended"] = "",
    after: str = "",
) -> Response:
    """The list, newest first."""
    page = await read_page(request.app.state.database, Filters(bank or None, status or None), after or None)
    return render(
        request,
        "desk/interviews.html",
        private=True,
        account=account,
        page=page,
        bank=bank,
        status=status,
        is_first=not after,
        newest=_list_address(bank=bank, status=status),
        older=_list_address(bank=bank, status=status, after=page.next or ""),
    )


@router.get("/interviews/{interview_id}")
async def transcript(
    request: Request,
    account: Recruiter,
    service: Annotated[InterviewService, Depends(interview_service)],
    interview_id: str,
) -> Response:
    """One conversation beside its rubric. Raises `NotFoundError`."""
    interview = await service.find(interview_id)
    seen = await service.view(interview)
    report = await service.report(interview_id, full=True)
    return render(
        request,
        "desk/transcript.html",
        private=True,
        account=account,
        interview=interview,
        view=report_view(report, seen.transcript),
    )


def _list_address(**query: str) -> str:
    return f"{HOME}?{urlencode({name: value for name, value in query.items() if value})}"


def _local(address: str) -> str:
    """The address if it is a page of the desk, else the list."""
    own = (f"{HOME}/interviews/", f"{HOME}/banks", f"{HOME}/drafts")
    return address if address.startswith(own) else HOME
