"""Turns that survive a kill: each one is a DBOS workflow, kept in a database of its own.

DBOS is one per process: its workflow is registered when this module is imported and finds the service that
runs in `DurableTurns`. Its clock of attempts, retries and recovery stays inside this module.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import Database
from app.db.tables import now
from app.errors import AppError, NotFoundError, StorageError
from app.interviews.repository import OPENING, Interviews, missing
from app.interviews.turns.answering import ReplyAnswerer
from app.interviews.turns.judging import ReplyJudge
from app.interviews.turns.live import LiveUtterances
from app.interviews.turns.turn import Turn
from app.interviews.views import state_view
from app.settings import Settings

log = logging.getLogger("interviewer.interviews")

# Pending work is only recovered under the same version: it changes when an old turn could not be finished
# by the new code, and never with a release.
APPLICATION_VERSION = "1"
_LIVE_STATUSES = {"PENDING", "ENQUEUED", "DELAYED"}

_running: "DurableTurns | None" = None


@DBOS.workflow(name="answer_reply")
async def answer_reply(interview_id: str, turn_seq: int) -> None:
    """Judge line `turn_seq`, then say and commit what follows it."""
    if _running is None:
        raise RuntimeError("no interview service is running in this process")
    await _running.run(interview_id, turn_seq)


class DurableTurns:
    """Starts turns and sees them through, across kills of this process."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        judge: ReplyJudge,
        answerer: ReplyAnswerer,
        live: LiveUtterances,
    ) -> None:
        self._settings = settings
        self._database = database
        self._judge = judge
        self._answerer = answerer
        self._live = live
        self._taken: set[tuple[str, int]] = set()
        self._at_work: dict[tuple[str, int], asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def launch(self, executor_id: str) -> None:
        """Open the workflows' database and take up what this executor left. Call it inside the loop."""
        global _running
        if _running is not None:
            raise RuntimeError("one interview service runs in this process already")
        _quieten()
        url = self._settings.workflow_database_url
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
        _running = self
        try:
            DBOS(config=config)
            DBOS.launch()
        except SQLAlchemyError as error:
            _running = None
            DBOS.destroy()
            raise StorageError(
                f"the database of unfinished turns can't be opened: {error}",
                hint="Check INTERVIEWER_DATA_DIR and INTERVIEWER_DATABASE_URL.",
            ) from error

    async def close(self) -> None:
        """Stop; what is unfinished stays pending and goes on when the service starts again."""
        global _running
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if _running is self:
            await asyncio.to_thread(DBOS.destroy)
            # DBOS made its own thread pool the loop's default, and has just shut it down.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
            _running = None

    def is_taken(self, interview_id: str, turn_seq: int) -> bool:
        """Whether this process is at that turn."""
        return (interview_id, turn_seq) in self._taken

    async def start(self, interview_id: str, turn_seq: int) -> None:
        """Start a turn that was never started."""
        await self._start(f"{interview_id}-{turn_seq}", interview_id, turn_seq)

    async def ensure(self, interview_id: str, turn_seq: int) -> None:
        """Start a turn unless it is under way; one that failed starts anew."""
        if self.is_taken(interview_id, turn_seq):
            return
        workflow_id, attempt = f"{interview_id}-{turn_seq}", 0
        while (found := await DBOS.get_workflow_status_async(workflow_id)) is not None:
            if found.status in _LIVE_STATUSES:
                return
            attempt += 1
            workflow_id = f"{interview_id}-{turn_seq}-{attempt}"
        await self._start(workflow_id, interview_id, turn_seq)

    async def _start(self, workflow_id: str, interview_id: str, turn_seq: int) -> None:
        self._taken.add((interview_id, turn_seq))
        self._live.forget_problem(interview_id)
        try:
            with SetWorkflowID(workflow_id):
                await DBOS.start_workflow_async(answer_reply, interview_id, turn_seq)
        except SQLAlchemyError as error:
            self._taken.discard((interview_id, turn_seq))
            raise StorageError(
                f"the turn could not be started: {error}",
                hint="The reply is stored. Check free disk space, then send it again.",
            ) from error

    async def ensure_all(self) -> None:
        """Start every turn that waits for the interviewer and is not under way."""
        async with self._database.reading() as session:
            waiting = await Interviews(session).unanswered()
        for interview_id, turn_seq in waiting:
            await self.ensure(interview_id, turn_seq)

    async def forget_finished(self, age: timedelta = timedelta(days=7)) -> None:
        """Delete the records of turns finished longer ago than `age`; the transcript is what lasts."""
        finished = await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=(now() - age).isoformat(),
            limit=10_000,
            load_input=False,
            load_output=False,
        )
        if finished:
            await DBOS.delete_workflows_async([found.workflow_id for found in finished])

    async def forget(self, interview_ids: Collection[str]) -> None:
        """Stop this process's turns of deleted interviews, and delete the records of all their turns.

        A turn that another process is at finds no interview to write in.
        """
        tasks = [task for (interview_id, _), task in self._at_work.items() if interview_id in interview_ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for interview_id in interview_ids:
            self._live.forget(interview_id, missing(interview_id).to_problem())
        if _running is not self:
            return
        prefixes = [f"{interview_id}-" for interview_id in interview_ids]
        found = await DBOS.list_workflows_async(
            workflow_id_prefix=prefixes, load_input=False, load_output=False
        )
        if found:
            await DBOS.delete_workflows_async([each.workflow_id for each in found])
        url = self._settings.workflow_database_url
        if url.startswith("sqlite"):
            await asyncio.to_thread(_empty_log, url)

    async def run(self, interview_id: str, turn_seq: int) -> None:
        """The workflow's body: two steps, each of which may be repeated."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._taken.add((interview_id, turn_seq))
        self._at_work[interview_id, turn_seq] = task
        # When the task is done its outcome is recorded, so a repeat that the error provokes starts anew.
        task.add_done_callback(lambda done: self._finish(done, interview_id, turn_seq))
        turn: Turn | None = None

        async def taken_up() -> Turn:
            nonlocal turn
            turn = turn or await self._answerer.take_up(interview_id, turn_seq)
            return turn

        async def judge() -> None:
            await self._judge.judge(await taken_up())

        async def speak() -> int:
            return await self._answerer.speak(await taken_up())

        if turn_seq != OPENING:
            await DBOS.run_step_async({"name": "judge"}, judge)
        await DBOS.run_step_async({"name": "speak"}, speak)
        if turn is not None:
            # While the candidate thinks; not a step, since nothing is lost with it.
            self._keep(asyncio.create_task(self._judge.prepare_next(turn)))

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _finish(self, task: asyncio.Task[Any], interview_id: str, turn_seq: int) -> None:
        self._tasks.discard(task)
        self._taken.discard((interview_id, turn_seq))
        self._at_work.pop((interview_id, turn_seq), None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._keep(asyncio.create_task(self._show(interview_id, turn_seq, error)))

    async def _show(self, interview_id: str, turn_seq: int, error: BaseException) -> None:
        if isinstance(error, NotFoundError):
            log.info("interview %s was deleted during the turn after line %d", interview_id, turn_seq)
            self._live.forget(interview_id, error.to_problem())
            return
        log.error("interview %s: the turn after line %d failed: %r", interview_id, turn_seq, error)
        if not isinstance(error, AppError):
            error = AppError(
                "the interviewer lost the thread; the log has the details",
                hint="Your reply is stored. Send it again to go on.",
            )
        state = None
        try:
            async with self._database.reading() as session:
                interviews = Interviews(session)
                if await interviews.answer_to(interview_id, turn_seq) is not None:
                    return  # The candidate did not wait, and has an answer.
                interview = await interviews.get(interview_id)
            state = state_view(interview, "idle", now()) if interview else None
        except StorageError as storage_error:
            log.error("interview %s: %s", interview_id, storage_error.detail)
        self._live.fail(interview_id, error.to_problem(), state)


def _quieten() -> None:
    # DBOS writes to the console unless its logger has a handler; ours decides where messages go.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.propagate = True


def _sqlite_connector(url: str) -> Callable[[], sqlite3.Connection]:
    path = make_url(url).database or ""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False)
        # A lost workflow record is made good by `ensure_all`, so there is no need to wait for the disk.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return connect


def _empty_log(url: str) -> None:
    """Write what was deleted to the file, unless someone is reading in it: then the next deletion does."""
    connection = sqlite3.connect(make_url(url).database or "", timeout=0)
    with contextlib.closing(connection):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
