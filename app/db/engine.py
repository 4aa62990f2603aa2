"""The async engine and short sessions: SQLite in WAL mode by default, Postgres by URL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.errors import StorageError

_READ_ONLY = "interviewer_read_only"
DATABASE_HINT = (
    "Check free disk space, the data folder's permissions and INTERVIEWER_DATABASE_URL; then try again."
)


def create_engine(url: str) -> AsyncEngine:
    """An engine for `url`; SQLite gets WAL, foreign keys and a busy time-out of 10 s.

    On SQLite what is deleted is overwritten. Errors don't quote the values of a statement: they hold what
    candidates wrote, and errors are logged and kept with failed turns.
    """
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver would open transactions late and deferred; `_begin_sqlite` opens them itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads before it writes fails at once, without the busy time-out, when
    # another one wrote in between; an immediate one waits for its turn.
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Database:
    """Opens short transactions: `session()` to write, `reading()` to read beside writers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = async_sessionmaker(engine, expire_on_commit=False)
        self._reading = async_sessionmaker(
            engine.execution_options(**{_READ_ONLY: True}), expire_on_commit=False, autoflush=False
        )

    @property
    def is_shared(self) -> bool:
        """Whether several processes may serve from it: true on a database server."""
        return self.engine.dialect.name != "sqlite"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Raises `StorageError` when the database can't be reached or has no room.
        """
        async with _transaction(self._writing) as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads; on SQLite it never waits for a writer. Raises `StorageError`."""
        async with _transaction(self._reading) as session:
            yield session

    async def ping(self) -> None:
        """Ask for nothing. Raises `StorageError` where the database does not answer."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def flush_deleted(self) -> bool:
        """Bring deletions into SQLite's file and empty its log, which still holds the pages from before.

        False when someone was reading in it: then the next call does it. Always true on a server.
        """
        if self.is_shared:
            return True
        async with self.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            # At once or not at all: while it waits for readers, nobody could write.
            await raw.execute("PRAGMA busy_timeout=0")
            try:
                cursor = await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (busy, _, _) = await cursor.fetchone()
            finally:
                await raw.execute("PRAGMA busy_timeout=10000")
        return not busy

    async def close(self) -> None:
        await self.engine.dispose()


@asynccontextmanager
async def _transaction(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    try:
        async with sessions.begin() as session:
            try:
                await session.connection()
            except OSError as error:
                raise StorageError(f"the database can't be reached: {error}", hint=DATABASE_HINT) from error
            yield session
    except (IntegrityError, ProgrammingError):
        raise
    except DBAPIError as error:
        raise StorageError(f"the database refused: {error.orig}", hint=DATABASE_HINT) from error
