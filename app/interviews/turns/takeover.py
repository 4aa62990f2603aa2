"""Processes that share a database: each shows that it lives, and takes up the turns of silent ones."""

import asyncio
import contextlib
import logging
import os
import socket
from datetime import timedelta

from dbos import DBOS

from app.db.engine import Database
from app.db.tables import Executor, new_id, now
from app.errors import StorageError
from app.interviews.repository import Executors
from app.interviews.turns.workflow import DurableTurns

log = logging.getLogger("interviewer.interviews")

SEEN_EVERY_SECONDS = 5.0
SILENT_AFTER_SECONDS = 30.0
# The one process that may open a SQLite database; DBOS recovers its work by itself.
ONLY_EXECUTOR = "local"


class Takeover:
    """This process among the others."""

    def __init__(self, database: Database, turns: DurableTurns) -> None:
        self._database = database
        self._turns = turns
        self._host = socket.gethostname()
        self._executor_id = f"{self._host[:40]}-{new_id()}" if database.is_shared else ONLY_EXECUTOR
        self._task: asyncio.Task[None] | None = None

    async def enlist(self) -> str:
        """Show that this process lives; its executor id."""
        if self._database.is_shared:
            async with self._database.session() as session:
                await Executors(session).seen(self._executor_id, self._host, os.getpid())
        return self._executor_id

    async def start(self) -> None:
        """Take up what dead processes left, now and from time to time."""
        if self._database.is_shared:
            await self._relieve_dead()
            self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Leave; what this process leaves pending is free to take."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        with contextlib.suppress(StorageError):
            async with self._database.session() as session:
                await Executors(session).remove([self._executor_id])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SEEN_EVERY_SECONDS)
            try:
                await self.enlist()
                await self._relieve_dead()
            except StorageError as error:
                log.warning("could not look after the other processes: %s", error.detail)

    async def _relieve_dead(self) -> None:
        """Resume the pending turns of executors that are dead or unknown, and start turns nobody began."""
        # In this order: whoever has pending work has enlisted before.
        pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        async with self._database.reading() as session:
            known = await Executors(session).all()
        living = {executor.id for executor in known if not self._is_dead(executor)}
        left = [found.workflow_id for found in pending if found.executor_id not in living]
        if left:
            log.info("taking over %d turns of processes that fell silent", len(left))
            await DBOS.resume_workflows_async(left)
        if left or len(living) < len(known):
            await self._turns.ensure_all()
            async with self._database.session() as session:
                await Executors(session).remove([e.id for e in known if e.id not in living])

    def _is_dead(self, executor: Executor) -> bool:
        if executor.id == self._executor_id:
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
