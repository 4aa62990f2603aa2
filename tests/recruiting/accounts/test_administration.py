import asyncio

import pytest
from sqlalchemy import select

from app.db.audit import COMMAND_LINE, SYSTEM, Actor
from app.db.engine import Database
from app.db.tables import AuditEvent
from app.errors import NotFoundError
from app.recruiting.accounts.administration import (
    AccountAdministration,
    LastOwnerError,
    NameTakenError,
    OwnPasswordError,
)
from app.recruiting.accounts.credentials import UnusableNameError
from app.recruiting.accounts.service import AccountService
from tests.fakes.passwords import quick_passwords


@pytest.fixture
def accounts(each_database: Database) -> AccountAdministration:
    return AccountService(each_database, passwords=quick_passwords()).administration


async def test_the_very_first_account_is_an_owner(accounts: AccountAdministration) -> None:
    first, _ = await accounts.add(COMMAND_LINE, "Ann", "recruiter")
    second, _ = await accounts.add(COMMAND_LINE, "Ben", "recruiter")
    assert (first.role, second.role) == ("owner", "recruiter")


async def test_processes_that_start_together_make_one_first_account(each_database: Database) -> None:
    services = [AccountService(each_database, passwords=quick_passwords()) for _ in range(2)]
    made = await asyncio.gather(*(service.ensure_first_account() for service in services))
    assert sorted(password is None for password in made) == [False, True]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "x" * 81,
        "a\u200bb",
        "a\x00b",
        "a\ud800",
        "\u202eevil",
        "Candidate",
        "ＳＹＳＴＥＭ",
        "command  line",
    ],
)
async def test_a_name_that_nobody_could_tell_is_refused(accounts: AccountAdministration, name: str) -> None:
    with pytest.raises(UnusableNameError):
        await accounts.add(COMMAND_LINE, name)


@pytest.mark.parametrize(("name", "kept"), [("x" * 80, "x" * 80), ("  Ann\t Lee ", "Ann Lee"), ("﷽", None)])
async def test_a_name_is_kept_as_it_looks(
    accounts: AccountAdministration, name: str, kept: str | None
) -> None:
    account, _ = await accounts.add(COMMAND_LINE, name)
    assert account.name == (kept or account.name)
    assert (await accounts.find(name)).id == account.id


@pytest.mark.parametrize("twin", ["ann lee", "Ann  Lee", "ＡＮＮ ＬＥＥ"])
async def test_names_that_look_alike_are_one(accounts: AccountAdministration, twin: str) -> None:
    await accounts.add(COMMAND_LINE, "Ann Lee")
    with pytest.raises(NameTakenError):
        await accounts.add(COMMAND_LINE, twin)


async def test_the_last_owner_who_can_log_in_stays_one(accounts: AccountAdministration) -> None:
    ann, _ = await accounts.add(COMMAND_LINE, "Ann")
    ben, _ = await accounts.add(COMMAND_LINE, "Ben", "owner")
    await accounts.change(COMMAND_LINE, ben.id, disabled=True)
    with pytest.raises(LastOwnerError):
        await accounts.change(COMMAND_LINE, ann.id, disabled=True)
    with pytest.raises(LastOwnerError):
        await accounts.change(COMMAND_LINE, ann.id, role="recruiter")
    await accounts.change(COMMAND_LINE, ben.id, disabled=False)
    assert (await accounts.change(COMMAND_LINE, ann.id, role="recruiter")).role == "recruiter"


async def test_two_owners_who_demote_each_other_at_once_leave_one(accounts: AccountAdministration) -> None:
    ann, _ = await accounts.add(COMMAND_LINE, "Ann")
    ben, _ = await accounts.add(COMMAND_LINE, "Ben", "owner")
    done = await asyncio.gather(
        *(accounts.change(SYSTEM, each.id, role="recruiter") for each in (ann, ben)), return_exceptions=True
    )
    assert sorted(isinstance(each, LastOwnerError) for each in done) == [False, True]
    assert sum(each.role == "owner" for each in await accounts.all()) == 1


async def test_a_reset_ends_all_log_ins(each_database: Database) -> None:
    service = AccountService(each_database, passwords=quick_passwords())
    ann, password = await service.administration.add(COMMAND_LINE, "Ann")
    await service.log_in("Ann", password, "")
    _, fresh = await service.administration.reset_password(COMMAND_LINE, ann.id)
    assert await service.sessions(ann) == []
    assert await service.log_in("Ann", fresh, "")


async def test_ones_own_password_can_not_be_reset_without_knowing_it(accounts: AccountAdministration) -> None:
    ann, _ = await accounts.add(COMMAND_LINE, "Ann")
    with pytest.raises(OwnPasswordError):
        await accounts.reset_password(Actor.of(ann), ann.id)


@pytest.mark.parametrize("account_id", ["0" * 32, "\x00", "nobody's"])
async def test_an_unknown_account_is_not_found(accounts: AccountAdministration, account_id: str) -> None:
    with pytest.raises(NotFoundError):
        await accounts.change(COMMAND_LINE, account_id, disabled=True)
    with pytest.raises(NotFoundError):
        await accounts.reset_password(COMMAND_LINE, account_id)
    with pytest.raises(NotFoundError):
        await accounts.find(account_id)


async def test_every_change_is_in_the_audit_log_once_and_without_passwords(
    accounts: AccountAdministration, each_database: Database
) -> None:
    await accounts.add(COMMAND_LINE, "Ann")
    ben, password = await accounts.add(COMMAND_LINE, "Ben", "owner")
    for _ in range(2):
        await accounts.change(COMMAND_LINE, ben.id, role="recruiter")
        await accounts.change(COMMAND_LINE, ben.id, disabled=True)
    await accounts.change(COMMAND_LINE, ben.id, disabled=False)
    await accounts.reset_password(COMMAND_LINE, ben.id)
    async with each_database.reading() as session:
        query = select(AuditEvent).where(AuditEvent.subject == ben.id).order_by(AuditEvent.id)
        events = list(await session.scalars(query))
    assert [event.action for event in events] == [
        f"account.{verb}" for verb in ("add", "role", "disable", "enable", "password_reset")
    ]
    assert {event.actor for event in events} == {"command line"}
    assert events[1].detail == {"before": "owner", "after": "recruiter"}
    assert password not in str([event.detail for event in events])
