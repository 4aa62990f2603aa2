"""Who may act as a recruiter: the holder of a log-in's cookie, on the pages and in the API alike."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie

from app.db.tables import Account
from app.dependencies import Configured, room
from app.errors import ForbiddenError
from app.recruiting.accounts.service import AccountService

SESSION_COOKIE = "recruiter"

_cookie = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, description="The cookie that logging in at /recruiter/login sets."
)


Accounts = Annotated[AccountService, Depends(room(AccountService))]
SessionToken = Annotated[str | None, Security(_cookie)]


async def recruiter(accounts: Accounts, token: SessionToken) -> Account:
    """The recruiter who is logged in. Raises `NotAllowedError`."""
    return await accounts.account(token)


Recruiter = Annotated[Account, Depends(recruiter)]


async def owner(account: Recruiter) -> Account:
    """The owner who is logged in. Raises `NotAllowedError`, `ForbiddenError`."""
    if account.role != "owner":
        raise ForbiddenError("only an owner may do this", hint="Ask an owner of this installation.")
    return account


Owner = Annotated[Account, Depends(owner)]


async def may_score(settings: Configured, accounts: Accounts, token: SessionToken) -> None:
    """Scoring single answers costs calls of the language model: open to all only where the settings say so.

    Raises `NotAllowedError`.
    """
    if not settings.scoring_is_open:
        await accounts.account(token)


def address_of(request: Request) -> str:
    """Where the request comes from; empty when the server does not know."""
    return request.client.host if request.client else ""
