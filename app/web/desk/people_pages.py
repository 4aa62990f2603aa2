"""One's own password and log-ins; for owners also everybody's accounts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.db.audit import Actor
from app.db.tables import Account
from app.dependencies import SAME_ORIGIN
from app.errors import AppError, ConflictError, NotAllowedError
from app.recruiting.accounts.administration import Role
from app.recruiting.accounts.attempts import LogInRefusedError
from app.recruiting.accounts.credentials import SHORTEST_PASSWORD
from app.recruiting.accounts.dependencies import Accounts, Owner, Recruiter, SessionToken, address_of
from app.recruiting.accounts.schemas import AccountView, SessionView
from app.recruiting.accounts.service import AccountService, hash_session
from app.web.rendering import problem_text, render, wording_of
from app.web.routing import HOME, DeskRoute

PEOPLE = f"{HOME}/people"
_DONE = ("password", "session", "account")

# In this order: many a browser also names those it came from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)

router = APIRouter(prefix=PEOPLE, route_class=DeskRoute, include_in_schema=False)
Text = Annotated[str, Form(max_length=5000)]


@router.get("")
async def people(
    request: Request, accounts: Accounts, account: Recruiter, token: SessionToken, done: str = ""
) -> Response:
    """Who one is here, where one is logged in, and who else has an account."""
    return await _page(request, accounts, account, token, done=done if done in _DONE else None)


@router.post("/password", dependencies=SAME_ORIGIN)
async def change_password(
    request: Request,
    accounts: Accounts,
    account: Recruiter,
    token: SessionToken,
    current: Text = "",
    new: Text = "",
) -> Response:
    """Change one's own password."""
    try:
        await accounts.change_password(account, token or "", current, new, address_of(request))
    except NotAllowedError:
        raise
    except AppError as error:
        return await _page(request, accounts, account, token, error=error, wrong="password")
    return _back("password")


@router.post("/sessions/{session_id}/revoke", dependencies=SAME_ORIGIN)
async def revoke_session(session_id: str, accounts: Accounts, account: Recruiter) -> Response:
    """End one of one's own log-ins."""
    await accounts.revoke_session(account, session_id)
    return _back("session")


@router.post("/accounts", dependencies=SAME_ORIGIN)
async def add(
    request: Request,
    accounts: Accounts,
    account: Owner,
    token: SessionToken,
    name: Text = "",
    role: Annotated[Role, Form()] = "recruiter",
) -> Response:
    """Add an account and show its password, once."""
    try:
        made, password = await accounts.administration.add(Actor.of(account), name, role)
    except AppError as error:
        return await _page(request, accounts, account, token, error=error, wrong="add", name=name)
    return await _page(request, accounts, account, token, issued=(made, password))


@router.post("/accounts/{account_id}/role", dependencies=SAME_ORIGIN)
async def change_role(
    request: Request,
    account_id: str,
    role: Annotated[Role, Form()],
    accounts: Accounts,
    account: Owner,
    token: SessionToken,
) -> Response:
    """Make someone an owner, or no longer one."""
    return await _change(request, accounts, account, token, account_id, role=role)


@router.post("/accounts/{account_id}/disable", dependencies=SAME_ORIGIN)
async def disable(
    request: Request, account_id: str, accounts: Accounts, account: Owner, token: SessionToken
) -> Response:
    """Refuse an account from now on."""
    return await _change(request, accounts, account, token, account_id, disabled=True)


@router.post("/accounts/{account_id}/enable", dependencies=SAME_ORIGIN)
async def enable(
    request: Request, account_id: str, accounts: Accounts, account: Owner, token: SessionToken
) -> Response:
    """Let a disabled account log in again."""
    return await _change(request, accounts, account, token, account_id, disabled=False)


@router.post("/accounts/{account_id}/password", dependencies=SAME_ORIGIN)
async def reset_password(
    request: Request, account_id: str, accounts: Accounts, account: Owner, token: SessionToken
) -> Response:
    """Give an account a new password and show it, once."""
    try:
        issued = await accounts.administration.reset_password(Actor.of(account), account_id)
    except ConflictError as error:
        return await _page(request, accounts, account, token, error=error, wrong="change")
    return await _page(request, accounts, account, token, issued=issued)


async def _change(
    request: Request,
    accounts: AccountService,
    account: Account,
    token: str | None,
    account_id: str,
    *,
    role: Role | None = None,
    disabled: bool | None = None,
) -> Response:
    try:
        await accounts.administration.change(Actor.of(account), account_id, role, disabled)
    except ConflictError as error:
        return await _page(request, accounts, account, token, error=error, wrong="change")
    return _back("account")


async def _page(
    request: Request,
    accounts: AccountService,
    account: Account,
    token: str | None,
    *,
    issued: tuple[Account, str] | None = None,
    error: AppError | None = None,
    wrong: Literal["password", "add", "change"] | None = None,
    name: str = "",
    done: str | None = None,
) -> Response:
    """`issued` is an account with its new password; `error` what was wrong in the form `wrong`."""
    is_owner = account.role == "owner"
    current = hash_session(token or "")
    sessions = [SessionView.of(each, current) for each in await accounts.sessions(account)]
    everybody = await accounts.administration.all() if is_owner else []
    return render(
        request,
        "desk/people.html",
        status_code=error.status if error else 200,
        private=True,
        account=AccountView.of(account),
        is_owner=is_owner,
        sessions=[(each, _device_of(each.agent)) for each in sessions],
        everybody=[AccountView.of(each) for each in everybody],
        issued=issued,
        problem=_problem(request, error) if error else None,
        wrong=wrong,
        name=name,
        done=done,
        shortest=SHORTEST_PASSWORD,
    )


def _problem(request: Request, error: AppError) -> str:
    t = wording_of(request)
    if isinstance(error, LogInRefusedError):
        return t("recruiter.wait", n=error.minutes)
    key = f"people.problem.{error.code}"
    return t(key) if key in t else problem_text(request, error)


def _device_of(agent: str) -> str | None:
    """Such as `Firefox · Windows`; None when it is no browser we know."""
    names = [next((name for mark, name in marks if mark in agent), None) for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in names if name) or None


def _back(done: str) -> Response:
    return RedirectResponse(f"{PEOPLE}?done={done}", 303)
