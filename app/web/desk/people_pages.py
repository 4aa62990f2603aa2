"""One's own password and log-ins; for owners also everybody's accounts."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.db.audit import Actor
from app.db.tables import Account
from app.dependencies import SAME_ORIGIN
from app.errors import AppError, ConflictError, NotAllowedError
from app.recruiting.accounts.administration import Role
from app.recruiting.accounts.attempts import LogInRefusedError
from app.recruiting.accounts.credentials import SHORTEST_PASSWORD
from app.recruiting.accounts.dependencies import Accounts, Recruiter, SessionToken, address_of, owner
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
_OWNERS = [*SAME_ORIGIN, Depends(owner)]


@dataclass(frozen=True)
class PeoplePage:
    """The page, for who asked for it or sent a form of it."""

    request: Request
    accounts: AccountService
    account: Account
    token: str | None

    async def show(
        self,
        *,
        issued: tuple[Account, str] | None = None,
        error: AppError | None = None,
        wrong: Literal["password", "add", "change"] | None = None,
        name: str = "",
        done: str | None = None,
    ) -> Response:
        """`issued` is an account with its new password; `error` what was wrong in the form `wrong`."""
        is_owner = self.account.role == "owner"
        current = hash_session(self.token or "")
        sessions = [SessionView.of(each, current) for each in await self.accounts.sessions(self.account)]
        everybody = await self.accounts.administration.all() if is_owner else []
        return render(
            self.request,
            "desk/people.html",
            status_code=error.status if error else 200,
            private=True,
            account=AccountView.of(self.account),
            is_owner=is_owner,
            sessions=[(each, _device_of(each.agent)) for each in sessions],
            everybody=[AccountView.of(each) for each in everybody],
            issued=issued,
            problem=_problem(self.request, error) if error else None,
            wrong=wrong,
            name=name,
            done=done,
            shortest=SHORTEST_PASSWORD,
        )

    async def change(
        self, account_id: str, role: Role | None = None, disabled: bool | None = None
    ) -> Response:
        """Change an account and go back, or say why that can't be."""
        try:
            await self.accounts.administration.change(Actor.of(self.account), account_id, role, disabled)
        except ConflictError as error:
            return await self.show(error=error, wrong="change")
        return _back("account")


async def _people_page(
    request: Request, accounts: Accounts, account: Recruiter, token: SessionToken
) -> PeoplePage:
    return PeoplePage(request, accounts, account, token)


Page = Annotated[PeoplePage, Depends(_people_page)]


@router.get("")
async def people(page: Page, done: str = "") -> Response:
    """Who one is here, where one is logged in, and who else has an account."""
    return await page.show(done=done if done in _DONE else None)


@router.post("/password", dependencies=SAME_ORIGIN)
async def change_password(page: Page, current: Text = "", new: Text = "") -> Response:
    """Change one's own password."""
    try:
        await page.accounts.change_password(
            page.account, page.token or "", current, new, address_of(page.request)
        )
    except NotAllowedError:
        raise
    except AppError as error:
        return await page.show(error=error, wrong="password")
    return _back("password")


@router.post("/sessions/{session_id}/revoke", dependencies=SAME_ORIGIN)
async def revoke_session(session_id: str, accounts: Accounts, account: Recruiter) -> Response:
    """End one of one's own log-ins."""
    await accounts.revoke_session(account, session_id)
    return _back("session")


@router.post("/accounts", dependencies=_OWNERS)
async def add(page: Page, name: Text = "", role: Annotated[Role, Form()] = "recruiter") -> Response:
    """Add an account and show its password, once."""
    try:
        issued = await page.accounts.administration.add(Actor.of(page.account), name, role)
    except AppError as error:
        return await page.show(error=error, wrong="add", name=name)
    return await page.show(issued=issued)


@router.post("/accounts/{account_id}/role", dependencies=_OWNERS)
async def change_role(page: Page, account_id: str, role: Annotated[Role, Form()]) -> Response:
    """Make someone an owner, or no longer one."""
    return await page.change(account_id, role=role)


@router.post("/accounts/{account_id}/disable", dependencies=_OWNERS)
async def disable(page: Page, account_id: str) -> Response:
    """Refuse an account from now on."""
    return await page.change(account_id, disabled=True)


@router.post("/accounts/{account_id}/enable", dependencies=_OWNERS)
async def enable(page: Page, account_id: str) -> Response:
    """Let a disabled account log in again."""
    return await page.change(account_id, disabled=False)


@router.post("/accounts/{account_id}/password", dependencies=_OWNERS)
async def reset_password(page: Page, account_id: str) -> Response:
    """Give an account a new password and show it, once."""
    try:
        issued = await page.accounts.administration.reset_password(Actor.of(page.account), account_id)
    except ConflictError as error:
        return await page.show(error=error, wrong="change")
    return await page.show(issued=issued)


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
