from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.audit import SYSTEM
from app.db.engine import Database
from app.db.tables import Account, AccountSession, AuditEvent, now
from app.errors import NotAllowedError, NotFoundError
from app.recruiting.accounts.attempts import MOST_PER_NAME, LogInRefusedError
from app.recruiting.accounts.credentials import Passwords, UnusablePasswordError, WrongPasswordError
from app.recruiting.accounts.service import FIRST_NAME, SESSION_LIFETIME, AccountService
from tests.fakes.passwords import quick_passwords


class Clock:
    def __init__(self) -> None:
        self.now = now()

    def __call__(self) -> object:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> AccountService:
    return AccountService(database, clock, quick_passwords())  # type: ignore[arg-type]


async def test_the_first_account_gets_a_random_password_once(
    accounts: AccountService, database: Database
) -> None:
    password = await accounts.ensure_first_account()
    assert password is not None
    assert len(password) >= 20
    assert await accounts.ensure_first_account() is None
    async with database.reading() as session:
        (account,) = await session.scalars(select(Account))
    assert account.name == FIRST_NAME
    assert account.role == "owner"
    assert account.password_hash.startswith("$argon2id$")


async def test_the_right_password_opens_a_session(accounts: AccountService, database: Database) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    assert (await accounts.account(token)).name == FIRST_NAME
    async with database.reading() as session:
        (stored,) = await session.scalars(select(AccountSession))
    assert token not in stored.token_hash


@pytest.mark.parametrize("name", [FIRST_NAME, "nobody"])
@pytest.mark.parametrize("password", ["wrong", "\ud800", "x" * 5000])
async def test_a_wrong_name_or_password_says_the_same(
    accounts: AccountService, name: str, password: str
) -> None:
    await accounts.ensure_first_account()
    with pytest.raises(NotAllowedError, match="the account or the password is wrong"):
        await accounts.log_in(name, password, "1.2.3.4")


async def test_guessing_is_slowed_down_even_with_the_right_password(accounts: AccountService) -> None:
    password = await accounts.ensure_first_account() or ""
    for _ in range(MOST_PER_NAME):
        with pytest.raises(NotAllowedError):
            await accounts.log_in(FIRST_NAME, "wrong", "1.2.3.4")
    with pytest.raises(LogInRefusedError) as refused:
        await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    assert refused.value.minutes >= 1


async def test_a_session_ends_by_itself(accounts: AccountService, clock: Clock) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    clock.now += SESSION_LIFETIME + timedelta(seconds=1)
    with pytest.raises(NotAllowedError):
        await accounts.account(token)


async def test_old_sessions_are_swept_at_the_next_log_in(
    accounts: AccountService, clock: Clock, database: Database
) -> None:
    password = await accounts.ensure_first_account() or ""
    await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    clock.now += SESSION_LIFETIME + timedelta(seconds=1)
    await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    async with database.reading() as session:
        assert len(list(await session.scalars(select(AccountSession)))) == 1


async def test_logging_out_revokes_the_session(accounts: AccountService) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    await accounts.log_out(token)
    await accounts.log_out(token)
    with pytest.raises(NotAllowedError):
        await accounts.account(token)


@pytest.mark.parametrize("token", [None, "", "unknown", "\udcff"])
async def test_no_session_is_nobody(accounts: AccountService, token: str | None) -> None:
    with pytest.raises(NotAllowedError):
        await accounts.account(token)


async def test_a_name_opens_however_it_is_written(accounts: AccountService) -> None:
    _, password = await accounts.administration.add(SYSTEM, "王 Ann")
    for written in ("王 ann", " 王  ＡＮＮ "):
        assert await accounts.log_in(written, password, "1.2.3.4")


async def test_logging_in_again_ends_the_session_it_replaces(accounts: AccountService) -> None:
    password = await accounts.ensure_first_account() or ""
    first = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    second = await accounts.log_in(FIRST_NAME, password, "1.2.3.4", replaces=first)
    assert (await accounts.account(second)).name == FIRST_NAME
    with pytest.raises(NotAllowedError):
        await accounts.account(first)


async def test_a_disabled_account_is_refused_at_once_and_stays_out(accounts: AccountService) -> None:
    await accounts.ensure_first_account()
    account, password = await accounts.administration.add(SYSTEM, "Ann")
    token = await accounts.log_in("Ann", password, "1.2.3.4")
    await accounts.administration.change(SYSTEM, account.id, disabled=True)
    with pytest.raises(NotAllowedError):
        await accounts.account(token)
    with pytest.raises(NotAllowedError, match="the account or the password is wrong"):
        await accounts.log_in("Ann", password, "1.2.3.4")
    await accounts.administration.change(SYSTEM, account.id, disabled=False)
    with pytest.raises(NotAllowedError):
        await accounts.account(token)
    assert await accounts.log_in("Ann", password, "1.2.3.4")


async def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(
    accounts: AccountService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await accounts.ensure_first_account()
    account, password = await accounts.administration.add(SYSTEM, "Ann")
    fits = Passwords.fits

    async def slowly(self: Passwords, given: str, hashed: str | None) -> bool:
        right = await fits(self, given, hashed)
        await accounts.administration.reset_password(SYSTEM, account.id)
        return right

    monkeypatch.setattr(Passwords, "fits", slowly)
    with pytest.raises(NotAllowedError):
        await accounts.log_in("Ann", password, "1.2.3.4")


async def test_changing_ones_password_ends_all_other_log_ins(accounts: AccountService) -> None:
    password = await accounts.ensure_first_account() or ""
    other = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    here = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    account = await accounts.account(here)
    assert await accounts.change_password(account, here, password, "a new long password", "1.2.3.4") == 1
    assert (await accounts.account(here)).id == account.id
    with pytest.raises(NotAllowedError):
        await accounts.account(other)
    with pytest.raises(NotAllowedError):
        await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    assert await accounts.log_in(FIRST_NAME, "a new long password", "1.2.3.4")


async def test_guessing_the_current_password_is_slowed_down_as_log_ins_are(accounts: AccountService) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    account = await accounts.account(token)
    for _ in range(MOST_PER_NAME):
        with pytest.raises(WrongPasswordError):
            await accounts.change_password(account, token, "wrong", "a new long password", "1.2.3.4")
    with pytest.raises(LogInRefusedError):
        await accounts.change_password(account, token, password, "a new long password", "1.2.3.4")


@pytest.mark.parametrize("new", ["", "ninechars", "x" * 1025])
async def test_a_password_of_the_wrong_length_is_refused(accounts: AccountService, new: str) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    with pytest.raises(UnusablePasswordError, match=f"{len(new)} characters"):
        await accounts.change_password(await accounts.account(token), token, password, new, "1.2.3.4")


async def test_only_ones_own_sessions_can_be_ended(accounts: AccountService) -> None:
    owner_password = await accounts.ensure_first_account() or ""
    _, password = await accounts.administration.add(SYSTEM, "Ann")
    owners = await accounts.log_in(FIRST_NAME, owner_password, "1.2.3.4", agent="Firefox/1")
    anns = await accounts.log_in("Ann", password, "1.2.3.4")
    owner, ann = await accounts.account(owners), await accounts.account(anns)
    (seen,) = await accounts.sessions(owner)
    assert seen.agent == "Firefox/1"
    for session_id in (seen.token_hash, "0" * 64, "\x00", "' or 1"):
        with pytest.raises(NotFoundError):
            await accounts.revoke_session(ann, session_id)
    await accounts.revoke_session(owner, seen.token_hash)
    with pytest.raises(NotAllowedError):
        await accounts.account(owners)


async def test_log_ins_are_in_the_audit_log_and_refusals_only_once_in_a_while(
    accounts: AccountService, database: Database
) -> None:
    password = await accounts.ensure_first_account() or ""
    token = await accounts.log_in(FIRST_NAME, password, "1.2.3.4")
    await accounts.log_out(token)
    for _ in range(MOST_PER_NAME + 3):
        with pytest.raises((NotAllowedError, LogInRefusedError)):
            await accounts.log_in(FIRST_NAME, "my secret", "1.2.3.4")
    async with database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [(event.actor, event.action.removeprefix("account.")) for event in events] == [
        ("system", "add"),
        (FIRST_NAME, "log_in"),
        (FIRST_NAME, "log_out"),
        *[("someone", "log_in_failed")] * MOST_PER_NAME,
        ("someone", "log_in_refused"),
    ]
    assert {event.subject for event in events} == {events[0].subject}
    assert "1.2.3.4" not in str([event.detail for event in events])
