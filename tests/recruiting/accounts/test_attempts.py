import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.tables import LogInFailure
from app.recruiting.accounts.attempts import (
    MOST_PER_ADDRESS,
    MOST_PER_NAME,
    WINDOW,
    Attempt,
    LogInRefusedError,
)

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


async def begin(
    database: Database, name: str = "ann", address: str = "1.2.3.4", at: datetime = NOON
) -> LogInRefusedError | None:
    async with database.session() as session:
        return await Attempt.of(name, address).begin(session, at)


async def fail(database: Database, times: int, name: str = "ann", address: str = "1.2.3.4") -> None:
    for _ in range(times):
        assert await begin(database, name, address) is None


async def test_a_name_is_closed_after_a_few_failures(each_database: Database) -> None:
    await fail(each_database, MOST_PER_NAME)
    refused = await begin(each_database)
    assert refused is not None
    assert refused.minutes == WINDOW.seconds / 60
    assert await begin(each_database, " ＡＮＮ") is not None


async def test_another_address_may_still_try_the_name(each_database: Database) -> None:
    await fail(each_database, MOST_PER_NAME)
    await fail(each_database, 1, address="5.6.7.8")


@pytest.mark.parametrize(
    ("tried", "also"),
    [("1.2.3.4", "1.2.3.4"), ("::ffff:1.2.3.4", "1.2.3.4"), ("2001:db8::1", "2001:db8::beef"), ("", "")],
)
async def test_an_address_that_tries_many_names_is_closed(
    each_database: Database, tried: str, also: str
) -> None:
    for place in range(MOST_PER_ADDRESS):
        await fail(each_database, 1, name=f"name{place}", address=tried)
    assert await begin(each_database, "someone else", also) is not None
    assert await begin(each_database, "someone else", "2001:db8:1::1") is None


async def test_it_opens_again_after_the_window_and_old_failures_are_dropped(each_database: Database) -> None:
    await fail(each_database, MOST_PER_NAME)
    assert await begin(each_database, at=NOON + WINDOW - timedelta(seconds=1)) is not None
    assert await begin(each_database, at=NOON + WINDOW) is None
    async with each_database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(LogInFailure)) == 1


async def test_success_forgets_the_names_failures(each_database: Database) -> None:
    await fail(each_database, MOST_PER_NAME)
    async with each_database.session() as session:
        await Attempt.of("ann", "1.2.3.4").succeeded(session)
    await fail(each_database, MOST_PER_NAME)


async def test_guesses_sent_at_once_do_not_slip_through(each_database: Database) -> None:
    answers = await asyncio.gather(*(begin(each_database) for _ in range(4 * MOST_PER_NAME)))
    assert answers.count(None) == MOST_PER_NAME


async def test_what_was_typed_as_a_name_is_not_kept(each_database: Database) -> None:
    await fail(each_database, 1, name="correct horse")
    async with each_database.reading() as session:
        (kept,) = await session.scalars(select(LogInFailure.name_hash))
    assert "horse" not in kept
