"""Processes that share a database: each shows that it lives, so that others know when it is dead."""

import contextlib
import os
import socket
from collections.abc import Sequence
from datetime import timedelta

from app.db.engine import Database
from app.db.tables import Executor, new_id, now
from app.errors import StorageError
from app.workflows.repository import Executors

SEEN_EVERY_SECONDS = 5.0
SILENT_AFTER_SECONDS = 30.0
# The one process that may open a SQLite database; DBOS recovers its work by itself.
ONLY_EXECUTOR = "local"


class Processes:
    """This process among the others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._host = socket.gethostname()
        self.are_many = database.is_shared
        self.own_id = f"{self._host[:40]}-{new_id()}" if self.are_many else ONLY_EXECUTOR

    async def enlist(self) -> None:
        """Show that this process lives."""
        if self.are_many:
            async with self._database.session() as session:
                await Executors(session).seen(self.own_id, self._host, os.getpid())

    async def leave(self) -> None:
        """What this process leaves pending is free to take."""
        if self.are_many:
            with contextlib.suppress(StorageError):
                await self.strike([self.own_id])

    async def strike(self, executor_ids: Sequence[str]) -> None:
        """Take executors from the list."""
        async with self._database.session() as session:
            await Executors(session).remove(executor_ids)

    async def roll(self) -> tuple[set[str], set[str]]:
        """The ids of the executors that live, and of those that are dead."""
        async with self._database.reading() as session:
            known = await Executors(session).all()
        dead = {executor.id for executor in known if self._is_dead(executor)}
        return {executor.id for executor in known} - dead, dead

    def _is_dead(self, executor: Executor) -> bool:
        if executor.id == self.own_id:
            return False
        if now() - executor.seen_at > timedelta(seconds=SILENT_AFTER_SECONDS):
            return True
        # A process of this host can be looked up; one that restarts in a container finds its own old number.
        return executor.host == self._host and (executor.pid == os.getpid() or not _is_running(executor.pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
