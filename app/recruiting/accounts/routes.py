"""The API of accounts: one's own for everybody who is logged in, all of them for owners."""

from fastapi import APIRouter, Request, status

from app.db.audit import Actor
from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Accounts, Owner, Recruiter, SessionToken, address_of
from app.recruiting.accounts.schemas import (
    AccountChange,
    AccountView,
    IssuedPassword,
    NewAccount,
    PasswordChange,
    SessionView,
)
from app.recruiting.accounts.service import hash_session

router = APIRouter(
    prefix="/api/v1/accounts", tags=["accounts"], responses={401: {"description": "Nobody is logged in"}}
)


@router.get("/me", summary="One's own account")
async def me(account: Recruiter) -> AccountView:
    return AccountView.of(account)


@router.post("/me/password", status_code=204, summary="Change one's own password", dependencies=SAME_ORIGIN)
async def change_password(
    request: Request, change: PasswordChange, accounts: Accounts, account: Recruiter, token: SessionToken
) -> None:
    """All other log-ins end. Wrong current passwords are counted as failed log-ins are."""
    await accounts.change_password(account, token or "", change.current, change.new, address_of(request))


@router.get("/me/sessions", summary="One's own log-ins")
async def sessions(accounts: Accounts, account: Recruiter, token: SessionToken) -> list[SessionView]:
    """Newest first."""
    current = hash_session(token or "")
    return [SessionView.of(each, current) for each in await accounts.sessions(account)]


@router.delete("/me/sessions/{session_id}", status_code=204, summary="End a log-in", dependencies=SAME_ORIGIN)
async def revoke_session(session_id: str, accounts: Accounts, account: Recruiter) -> None:
    await accounts.revoke_session(account, session_id)


@router.get("", summary="All accounts")
async def all_accounts(accounts: Accounts, account: Owner) -> list[AccountView]:
    """For owners. Those that may log in first."""
    return [AccountView.of(each) for each in await accounts.administration.all()]


@router.post("", status_code=status.HTTP_201_CREATED, summary="Add an account", dependencies=SAME_ORIGIN)
async def add(wanted: NewAccount, accounts: Accounts, account: Owner) -> IssuedPassword:
    """For owners. The random password is shown only in this answer."""
    made, password = await accounts.administration.add(Actor.of(account), wanted.name, wanted.role)
    return IssuedPassword(account=AccountView.of(made), password=password)


@router.patch("/{account_id}", summary="Change an account", dependencies=SAME_ORIGIN)
async def change(account_id: str, wanted: AccountChange, accounts: Accounts, account: Owner) -> AccountView:
    """For owners. The last owner who can log in stays one."""
    return AccountView.of(
        await accounts.administration.change(Actor.of(account), account_id, wanted.role, wanted.disabled)
    )


@router.post("/{account_id}/password", summary="Give an account a new password", dependencies=SAME_ORIGIN)
async def reset_password(account_id: str, accounts: Accounts, account: Owner) -> IssuedPassword:
    """For owners. All its log-ins end; the random password is shown only in this answer."""
    changed, password = await accounts.administration.reset_password(Actor.of(account), account_id)
    return IssuedPassword(account=AccountView.of(changed), password=password)
