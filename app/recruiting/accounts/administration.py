"""Who has an account and in which role. At least one owner can always log in."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from app.db.audit import SYSTEM, Actor, audit
from app.db.engine import Database
from app.db.tables import Account
from app.errors import ConflictError, NotFoundError
from app.recruiting.accounts.credentials import Passwords, clean_name, random_password
from app.recruiting.accounts.repository import Accounts

Role = Literal["owner", "recruiter"]
ROLES: tuple[Role, ...] = ("owner", "recruiter")


class NameTakenError(ConflictError):
    """There is an account whose name looks the same."""


class LastOwnerError(ConflictError):
    """Nobody could administer accounts any more."""


class OwnPasswordError(ConflictError):
    """One's own password is changed by who knows it."""


class AccountAdministration:
    """Adds, disables and changes accounts; every change is in the audit log."""

    def __init__(self, database: Database, passwords: Passwords, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def all(self) -> list[Account]:
        """Those that may log in first, owners before recruiters, by name."""
        async with self._database.reading() as session:
            return await Accounts(session).all()

    async def find(self, name: str) -> Account:
        """The account of this name, however it is written. Raises `NotFoundError`."""
        async with self._database.reading() as session:
            account = await Accounts(session).by_name(name)
        if account is None:
            raise NotFoundError(
                f"there is no account {name}", hint="'interviewer user list' shows every account."
            )
        return account

    async def add_first(self, name: str) -> str | None:
        """Make an owner if there is no account at all; the random password."""
        async with self._database.reading() as session:
            if await Accounts(session).any():
                return None
        password = random_password()
        try:
            await self.add(SYSTEM, name, "owner", password)
        except NameTakenError:
            # Another process made it in the same moment.
            return None
        return password

    async def add(
        self, actor: Actor, name: str, role: Role = "recruiter", password: str | None = None
    ) -> tuple[Account, str]:
        """A new account and its password, a random one unless given. The very first is an owner.

        Raises `UnusableNameError`, `UnusablePasswordError`, `NameTakenError`.
        """
        name = clean_name(name)
        password = password if password is not None else random_password()
        account = Account(
            name=name,
            role=role,
            password_hash=await self._passwords.hash(password),
            created_at=self._clock(),
        )
        taken = NameTakenError(f"there is an account {name} already", hint="Choose another name.")
        try:
            async with self._database.session() as session:
                accounts = Accounts(session)
                if await accounts.by_name(name) is not None:
                    raise taken
                if not await accounts.any():
                    account.role = "owner"
                await accounts.add(account)
                audit(session, actor, "account.add", account.id, role=account.role)
        except IntegrityError as error:
            raise taken from error
        return account, password

    async def reset_password(
        self, actor: Actor, account_id: str, password: str | None = None
    ) -> tuple[Account, str]:
        """The account and its new password, a random one unless given; all its log-ins end.

        Raises `NotFoundError`, `UnusablePasswordError`, and `OwnPasswordError` for one's own.
        """
        if actor.account_id == account_id:
            raise OwnPasswordError(
                "this is your own account", hint="Change your password by giving the current one."
            )
        password = password if password is not None else random_password()
        hashed = await self._passwords.hash(password)
        async with self._database.session() as session:
            accounts = Accounts(session)
            account = await _get(accounts, account_id)
            account.password_hash = hashed
            ended = await accounts.drop_sessions(account_id)
            audit(session, actor, "account.password_reset", account_id, sessions_ended=ended)
        return account, password

    async def change(
        self, actor: Actor, account_id: str, role: Role | None = None, disabled: bool | None = None
    ) -> Account:
        """Another role, or whether it may log in; None stays as it is.

        Holds at once: a role for log-ins that are open too, and those of a disabled account end. Raises
        `NotFoundError`, `LastOwnerError`.
        """
        async with self._database.session() as session:
            accounts = Accounts(session)
            if role == "recruiter" or disabled:
                await _keep_an_owner(accounts, account_id)
            account = await _get(accounts, account_id)
            if role is not None and account.role != role:
                audit(session, actor, "account.role", account_id, before=account.role, after=role)
                account.role = role
            if disabled is not None and (account.disabled_at is not None) != disabled:
                account.disabled_at = self._clock() if disabled else None
                ended = await accounts.drop_sessions(account_id)
                action = "account.disable" if disabled else "account.enable"
                audit(session, actor, action, account_id, sessions_ended=ended)
        return account


async def _get(accounts: Accounts, account_id: str) -> Account:
    account = await accounts.get(account_id)
    if account is None:
        raise NotFoundError("there is no such account", hint="Reload the list of accounts.")
    return account


async def _keep_an_owner(accounts: Accounts, but: str) -> None:
    """Raises `LastOwnerError` when no owner but this one can log in."""
    if await accounts.active_owners() == {but}:
        raise LastOwnerError(
            "this is the last owner who can log in",
            hint="Make someone else an owner first: 'interviewer user role NAME owner'.",
        )
