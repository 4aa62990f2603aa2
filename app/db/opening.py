"""Opens the database the settings name, its tables brought up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import DATABASE_HINT, Database, create_engine
from app.errors import SetupError, StorageError
from app.settings import SQLITE_NAME, Settings

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

# Any number that no other program uses for an advisory lock on the same database.
_LOCK = 0x1A7E_2713


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, closed at the end. Raises `SetupError` for the data folder, else `StorageError`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"the data folder {settings.data_dir} can't be made: {error.strerror}",
            hint="Set INTERVIEWER_DATA_DIR to a folder the service may write to.",
        ) from error
    database = Database(create_engine(settings.async_database_url))
    try:
        await upgrade(database.engine)
        yield database
    finally:
        await database.close()


def is_there(settings: Settings) -> bool:
    """Whether there is a database to open: a file not made yet holds nothing."""
    return settings.database_url is not None or (settings.data_dir / SQLITE_NAME).exists()


async def upgrade(engine: AsyncEngine) -> None:
    """Run every migration that is missing, in one transaction; several processes may start at once.

    Raises `StorageError` when the database can't be reached or refuses.
    """
    try:
        async with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(upgrade_connection)
    except (OSError, DBAPIError) as error:
        raise StorageError(f"the database can't be opened: {error}", hint=DATABASE_HINT) from error


def newest_revision() -> str:
    """The last migration: its number is what its file's name begins with."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS_DIR / "versions").glob("[0-9]*_*.py"))


def upgrade_connection(connection: Connection) -> None:
    """Run the missing migrations on an open connection."""
    if inspect(connection).has_table(VERSION_TABLE):
        revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        if revision == newest_revision():
            return
    # Imported only when there is something to do: it costs a quarter of a second at every start.
    from alembic import command

    command.upgrade(migration_config(connection), "head")


def migration_config(connection: Connection) -> "Config":
    """Alembic's configuration for an open connection, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
