"""Brings the tables up to date when the service starts."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import DATABASE_HINT
from app.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

# Any number that no other program uses for an advisory lock on the same database.
_LOCK = 0x1A7E_2713


async def upgrade(engine: AsyncEngine) -> None:
    """Run every migration that is missing, in one transaction; several processes may start at once.

    Raises `StorageError` when the database can't be reached or refuses.
    """
    try:
        async with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade)
    except (OSError, DBAPIError) as error:
        raise StorageError(f"the database can't be opened: {error}", hint=DATABASE_HINT) from error


def newest_revision() -> str:
    """The last migration: its number is what its file's name begins with."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS_DIR / "versions").glob("[0-9]*_*.py"))


def _upgrade(connection: Connection) -> None:
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
