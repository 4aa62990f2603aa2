import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.db.opening import migration_config, newest_revision, upgrade
from app.db.tables import Base
from app.db.word_index import TRANSCRIPT_WORDS
from app.settings import Settings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
    engine = create_engine(Settings(_env_file=None, database_url=url).async_database_url)  # type: ignore[call-arg]
    yield engine
    await engine.dispose()


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """The index of words differs by database, and so no model describes its tables."""
    return kind != "table" or not (name or "").startswith(TRANSCRIPT_WORDS)


def differences(connection: Connection) -> list[object]:
    opts = {"compare_type": True, "include_name": is_described}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, Base.metadata))


async def test_the_migrations_make_the_tables_the_code_expects(engine: AsyncEngine) -> None:
    await upgrade(engine)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrading_twice_changes_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    await upgrade(engine)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_downgrade_takes_all_tables_away(engine: AsyncEngine) -> None:
    await upgrade(engine)

    async with engine.begin() as connection:
        await connection.run_sync(lambda c: command.downgrade(migration_config(c), "base"))

    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda c: inspect(c).get_table_names())
    assert tables == ["alembic_version"]


async def test_processes_that_start_together_migrate_once(engine: AsyncEngine) -> None:
    await asyncio.gather(*(upgrade(engine) for _ in range(4)))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_newest_revision_is_the_one_alembic_ends_at(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        config = await connection.run_sync(migration_config)

    assert ScriptDirectory.from_config(config).get_current_head() == newest_revision()
