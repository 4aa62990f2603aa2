"""The database of workflows: DBOS keeps it apart from ours."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable

from dbos import DBOSConfig
from sqlalchemy import make_url

# Pending work is only recovered under the same version: it changes when an old workflow could not be finished
# by the new code, and never with a release.
APPLICATION_VERSION = "1"


def configuration(url: str, executor_id: str) -> DBOSConfig:
    """How DBOS is to run on the database at `url`."""
    # DBOS writes to the console unless its logger has a handler; ours decides where messages go.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.propagate = True
    config = DBOSConfig(
        name="interviewer",
        system_database_url=url,
        application_version=APPLICATION_VERSION,
        executor_id=executor_id,
        enable_otlp=False,
        log_level="WARNING",
        # Closing waits for this poll.
        notification_listener_polling_interval_sec=0.2,
    )
    if url.startswith("sqlite"):
        config["db_engine_kwargs"] = {"creator": _sqlite_connector(url)}
    return config


def empty_log(url: str) -> None:
    """Write what was deleted to a file of SQLite, unless someone is reading in it: then the next one does."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(make_url(url).database or "", timeout=0)
        with contextlib.closing(connection):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sqlite_connector(url: str) -> Callable[[], sqlite3.Connection]:
    path = make_url(url).database or ""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False)
        # A lost workflow record is made good by `ensure_all`, so there is no need to wait for the disk.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return connect
