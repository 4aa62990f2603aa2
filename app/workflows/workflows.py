"""Work that survives a kill: each piece is a DBOS workflow, kept in a database of its own.

A slice registers its kinds of workflow; when all have, the workflows are opened, and whatever an earlier
process or a dead one left is taken up. DBOS is one per process, and its clock of attempts, retries and
recovery stays inside this package.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from app.background import PeriodicJob, TaskSet
from app.db.engine import Database
from app.db.tables import now
from app.errors import StorageError
from app.settings import Settings
from app.workflows import processes
from app.workflows.store import configuration, empty_log

log = logging.getLogger("interviewer.workflows")

_LIVE_STATUSES = {"PENDING", "ENQUEUED", "DELAYED"}
_Result = TypeVar("_Result")
Body = Callable[..., Coroutine[Any, Any, None]]


async def step(name: str, do: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
    """What `do` returns inside a workflow; once it has, a workflow that is taken up does not do it again."""
    return await DBOS.run_step_async({"name": name}, do)


class Kind:
    """One kind of workflow: starts its workflows, and follows those that run in this process.

    `body` is called with a workflow's arguments and may be called again with the same; `unfinished` lists
    the arguments of all workflows that should be under way; `ended` is called, when the outcome of one that
    ran here is recorded, with its error or None and its arguments. Databases hold pending workflows by
    `name` and by id, `prefix` and the arguments. `noun` and `hint` are for the error when one can't start.
    """

    def __init__(
        self,
        name: str,
        body: Body,
        unfinished: Callable[[], Awaitable[Sequence[tuple[Any, ...]]]],
        *,
        ended: Body,
        noun: str,
        hint: str = "",
        prefix: str = "",
    ) -> None:
        self.name = name
        self.prefix = prefix
        self.unfinished = unfinished
        self._body = body
        self._ended = ended
        self._noun = noun
        self._hint = hint
        self._at_work = TaskSet()
        self._ending = TaskSet()
        self._workflow: Body = self._run

    @property
    def at_work(self) -> bool:
        """Whether a workflow runs in this process, or what follows its end."""
        return bool(self._at_work or self._ending)

    def is_at_work(self, *args: Any) -> bool:
        """Whether the workflow with these arguments runs in this process."""
        return self._id(args) in self._at_work

    def register(self) -> None:
        """Let DBOS know the body; before it is launched."""

        async def run(*args: Any) -> None:
            await self._run(*args)

        self._workflow = DBOS.workflow(name=self.name)(run)

    async def start(self, *args: Any) -> None:
        """Start a workflow that was never started. Raises `StorageError`."""
        await self._start(self._id(args), args)

    async def ensure(self, *args: Any) -> bool:
        """Start a workflow unless it is under way, one that has ended anew; whether it was started.

        Raises `StorageError`.
        """
        if self.is_at_work(*args):
            return False
        workflow_id, attempt = self._id(args), 0
        try:
            while (found := await DBOS.get_workflow_status_async(workflow_id)) is not None:
                if found.status in _LIVE_STATUSES:
                    return False
                attempt += 1
                workflow_id = f"{self._id(args)}-{attempt}"
        except SQLAlchemyError as error:
            raise self._not_started(error) from error
        await self._start(workflow_id, args)
        return True

    async def stop(self, prefixes: Collection[str]) -> None:
        """End those of this process whose ids begin so; they stay pending."""
        beginnings = tuple(prefixes)
        await self._at_work.cancel([key for key in self._at_work if str(key).startswith(beginnings)])

    async def close(self) -> None:
        """End those of this process; they stay pending."""
        await self._at_work.close()
        await self._ending.close()

    def _id(self, args: tuple[Any, ...]) -> str:
        return self.prefix + "-".join(map(str, args))

    async def _start(self, workflow_id: str, args: tuple[Any, ...]) -> None:
        try:
            with SetWorkflowID(workflow_id):
                await DBOS.start_workflow_async(self._workflow, *args)
        except SQLAlchemyError as error:
            raise self._not_started(error) from error

    def _not_started(self, error: SQLAlchemyError) -> StorageError:
        return StorageError(f"{self._noun} could not be started: {error}", hint=self._hint)

    async def _run(self, *args: Any) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.hold(task, self._id(args))
        # When the task is done its outcome is recorded, so whatever follows may start it anew.
        task.add_done_callback(lambda done: self._end(done, args))
        await self._body(*args)

    def _end(self, task: "asyncio.Task[Any]", args: tuple[Any, ...]) -> None:
        if not task.cancelled():
            self._ending.spawn(self._ended(task.exception(), *args))


class Workflows:
    """All kinds of workflow of this process, and what processes that are dead left of theirs."""

    _opened: ClassVar["Workflows | None"] = None

    def __init__(self, settings: Settings, database: Database) -> None:
        self._url = settings.workflow_database_url
        self._processes = processes.Processes(database)
        self._watch = PeriodicJob(
            "looking after the other processes", processes.SEEN_EVERY_SECONDS, self._look_around
        )
        self._kinds: list[Kind] = []

    @property
    def is_open(self) -> bool:
        """Whether workflows can be started."""
        return Workflows._opened is self

    def register(self, kind: Kind) -> Kind:
        """Have the kind's workflows run from the opening on."""
        if self.is_open:
            raise RuntimeError(f"'{kind.name}' is registered after the workflows were opened")
        self._kinds.append(kind)
        return kind

    async def open(self) -> None:
        """Take up what this or a dead process left, and what nobody began. Call it once in a process.

        Raises `StorageError`.
        """
        await self._processes.enlist()
        self._launch()
        if self._processes.are_many:
            await self.relieve_dead()
            self._watch.start()
        await self._ensure_all()
        await self.forget_finished()

    def _launch(self) -> None:
        if Workflows._opened is not None:
            raise RuntimeError("the workflows of another service run in this process")
        for kind in self._kinds:
            kind.register()
        try:
            DBOS(config=configuration(self._url, self._processes.own_id))
            DBOS.launch()
        except SQLAlchemyError as error:
            DBOS.destroy(destroy_registry=True)
            raise StorageError(
                f"the database of unfinished turns can't be opened: {error}",
                hint="Check INTERVIEWER_DATA_DIR and INTERVIEWER_DATABASE_URL.",
            ) from error
        Workflows._opened = self

    async def close(self) -> None:
        """Stop; what is unfinished stays pending and goes on when a service starts again."""
        await self._watch.close()
        for kind in self._kinds:
            await kind.close()
        if self.is_open:
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
            # DBOS made its own thread pool the loop's default, and has just shut it down.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
            Workflows._opened = None
            await self._processes.leave()

    async def _ensure_all(self) -> None:
        for kind in self._kinds:
            for args in await kind.unfinished():
                await kind.ensure(*args)

    async def forget_finished(self, age: timedelta = timedelta(days=7)) -> None:
        """Delete the records of workflows that ended longer ago than `age`; what they made is what lasts."""
        finished = await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=(now() - age).isoformat(),
            limit=10_000,
            load_input=False,
            load_output=False,
        )
        if finished:
            await DBOS.delete_workflows_async([found.workflow_id for found in finished])

    async def forget(self, kind: Kind, beginnings: Collection[str]) -> None:
        """Stop this process's workflows whose arguments begin so, and delete the records of all of them."""
        prefixes = [f"{kind.prefix}{beginning}-" for beginning in beginnings]
        await kind.stop(prefixes)
        if not self.is_open:
            return
        found = await DBOS.list_workflows_async(
            workflow_id_prefix=prefixes, load_input=False, load_output=False
        )
        if found:
            await DBOS.delete_workflows_async([each.workflow_id for each in found])
        await asyncio.to_thread(empty_log, self._url)

    async def _look_around(self) -> None:
        await self._processes.enlist()
        await self.relieve_dead()

    async def relieve_dead(self) -> None:
        """Resume what executors that are dead or unknown left pending, and start what nobody began."""
        # In this order: whoever has pending work has enlisted before.
        pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        living, dead = await self._processes.roll()
        left = [found.workflow_id for found in pending if found.executor_id not in living]
        if left:
            log.info("taking over %d workflows of processes that fell silent", len(left))
            await DBOS.resume_workflows_async(left)
        if left or dead:
            await self._ensure_all()
            await self._processes.strike(sorted(dead))
