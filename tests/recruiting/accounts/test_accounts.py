from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import Account, AccountSession, now
from app.errors import NotAllowedError
from app.recruiting.accounts.attempts import MOST_PER_NAME, LogInRefusedError
from app.recruiting.accounts.service import FIRST_NAME, SESSION_LIFETIME, AccountService


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
    return AccountService(database, clock)  # type: ignore[arg-type]


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
    assert account.password_hash.startswith("$argon2id$")


async def test_two_installations_have_different_passwords(settings: object, accounts: AccountService) -> None:
    assert accounts._nobody != AccountService(accounts._database)._nobody


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
