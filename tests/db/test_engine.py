import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.db.tables import Account
from app.errors import StorageError
from tests.waiting import PATIENCE_SECONDS, driver_threads, until


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"))
    await upgrade(database.engine)
    yield database
    await database.close()


def account(name: str) -> Account:
    return Account(name=name, password_hash="x")


async def test_a_session_commits_at_its_end(database: Database) -> None:
    async with database.session() as session:
        session.add(account("kept"))

    async with database.reading() as session:
        assert list(await session.scalars(select(Account.name))) == ["kept"]


async def test_a_session_that_raises_stores_nothing(database: Database) -> None:
    async def stop_half_way() -> None:
        async with database.session() as session:
            session.add(account("lost"))
            await session.flush()
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await stop_half_way()

    async with database.reading() as session:
        assert list(await session.scalars(select(Account.name))) == []


async def test_writers_wait_for_each_other_even_when_they_read_first(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.session() as session:
            await session.scalars(select(Account))
            await asyncio.sleep(0.01)
            session.add(account(f"account {number}"))

    await asyncio.gather(*(add(number) for number in range(8)))

    async with database.reading() as session:
        assert len(list(await session.scalars(select(Account)))) == 8


async def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.session() as writing:
        writing.add(account("new"))
        await writing.flush()
        async with asyncio.timeout(PATIENCE_SECONDS), database.reading() as session:
            assert list(await session.scalars(select(Account))) == []


async def test_a_broken_rule_stays_an_integrity_error(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.session() as session:
            session.add_all([account("same"), account("same")])


async def test_times_come_back_in_utc(database: Database) -> None:
    made = account("a")
    made.created_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    async with database.session() as session:
        session.add(made)

    async with database.reading() as session:
        found = (await session.scalars(select(Account))).one()
    assert found.created_at == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert found.created_at.tzinfo is not None


async def test_times_of_other_zones_are_stored_as_the_same_moment(database: Database) -> None:
    made = account("a")
    made.created_at = datetime(2026, 1, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    async with database.session() as session:
        session.add(made)

    async with database.reading() as session:
        found = (await session.scalars(select(Account))).one()
    assert found.created_at == datetime(2026, 1, 2, 0, 0, tzinfo=UTC)


async def test_a_folder_that_cannot_be_opened_says_what_to_check(tmp_path: Path) -> None:
    before = driver_threads()
    database = Database(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'test.db'}"))

    with pytest.raises(StorageError) as refused:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))

    assert "INTERVIEWER_DATABASE_URL" in refused.value.hint
    await database.close()
    await until(lambda: driver_threads() <= before)


async def test_a_server_that_is_not_there_says_what_to_check() -> None:
    database = Database(create_engine("postgresql+asyncpg://nobody@127.0.0.1:9/none"))

    with pytest.raises(StorageError, match="can't be reached"):
        async with database.session():
            pass

    await database.close()
