"""Opens the database the settings name, its tables brought up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.db.engine import Database, create_engine
from app.db.migrate import upgrade
from app.errors import SetupError
from app.settings import SQLITE_NAME, Settings


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
