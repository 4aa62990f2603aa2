"""`interviewer user …`: who may sit at the recruiter's desk."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import BadInputError

if TYPE_CHECKING:
    from app.recruiting.accounts.administration import AccountAdministration

user_app = typer.Typer(help="Accounts of the recruiter's desk.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the account, however it is written.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
]


class Role(StrEnum):
    """What an account may do: owners also administer accounts and read the audit log."""

    OWNER = "owner"
    RECRUITER = "recruiter"


@user_app.command("add")
def add_command(
    name: Annotated[str, typer.Argument(help="Name of the new account, 1 to 80 characters.")],
    role: Annotated[Role, typer.Option(help="What it may do.")] = Role.RECRUITER,
    password_stdin: PasswordStdin = False,
) -> None:
    """Add an account. Its random password is printed once, unless one is read from standard input."""
    from app.db.audit import COMMAND_LINE

    given = _given_password(password_stdin)

    async def add() -> None:
        async with _administration() as accounts:
            account, password = await accounts.add(COMMAND_LINE, name, role.value, given)
        typer.echo(f"added {account.role} {account.name}")
        _show(None if given else password)

    asyncio.run(add())


@user_app.command("list")
def list_command() -> None:
    """Show every account, those that may log in first."""

    async def show() -> None:
        async with _administration() as accounts:
            for account in await accounts.all():
                state = "disabled" if account.disabled_at else "active"
                typer.echo(f"{account.role:<9}  {state:<8}  {account.created_at:%Y-%m-%d}  {account.name}")

    asyncio.run(show())


@user_app.command("password")
def password_command(name: Name, password_stdin: PasswordStdin = False) -> None:
    """Give an account a new password and end all its log-ins."""
    from app.db.audit import COMMAND_LINE

    given = _given_password(password_stdin)

    async def reset() -> None:
        async with _administration() as accounts:
            account = await accounts.find(name)
            _, password = await accounts.reset_password(COMMAND_LINE, account.id, given)
        typer.echo(f"{account.name} has a new password; all log-ins ended")
        _show(None if given else password)

    asyncio.run(reset())


@user_app.command("disable")
def disable_command(name: Name) -> None:
    """Refuse an account from now on; what it decided stays."""
    _set_disabled(name, True)


@user_app.command("enable")
def enable_command(name: Name) -> None:
    """Let a disabled account log in again."""
    _set_disabled(name, False)


@user_app.command("role")
def role_command(name: Name, role: Annotated[Role, typer.Argument(help="Its new role.")]) -> None:
    """Change what an account may do."""
    from app.db.audit import COMMAND_LINE

    async def change() -> None:
        async with _administration() as accounts:
            account = await accounts.find(name)
            await accounts.change(COMMAND_LINE, account.id, role=role.value)
        typer.echo(f"{account.name} is {role.value} now")

    asyncio.run(change())


def _set_disabled(name: str, disabled: bool) -> None:
    from app.db.audit import COMMAND_LINE

    async def change() -> None:
        async with _administration() as accounts:
            account = await accounts.find(name)
            await accounts.change(COMMAND_LINE, account.id, disabled=disabled)
        typer.echo(f"{account.name} is {'disabled' if disabled else 'enabled'} now")

    asyncio.run(change())


def _given_password(from_stdin: bool) -> str | None:
    if not from_stdin:
        return None
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise BadInputError("standard input holds no password", hint="Pipe one line into the command.")
    return password


def _show(password: str | None) -> None:
    if password is not None:
        typer.echo(f"password: {password}\nThis password is shown only now; keep it.")


@asynccontextmanager
async def _administration() -> AsyncIterator["AccountAdministration"]:
    from app.db.opening import open_database
    from app.recruiting.accounts.service import AccountService
    from app.settings import get_settings

    async with open_database(get_settings()) as database:
        yield AccountService(database).administration
