"""Work beside the requests: tasks that end with their owner, and jobs done every few seconds.

A task group of the standard library ends all its tasks when one fails, and its owner waits for them; these
tasks fail alone, and outlive the call that began them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable, Iterator
from contextlib import suppress
from typing import Any

from app.errors import AppError

log = logging.getLogger("interviewer.background")


class TaskSet:
    """Tasks of one owner, each under a key; one that fails is logged, and the others go on."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[Any]] = {}
        self._closed = False

    def spawn(self, work: Coroutine[Any, Any, object], key: Hashable = None) -> None:
        """Begin work now; nothing once the set is closed."""
        if self._closed:
            work.close()
            return
        task = asyncio.create_task(work)
        task.add_done_callback(_log_failure)
        self.hold(task, key)

    def hold(self, task: "asyncio.Task[Any]", key: Hashable = None) -> None:
        """Let a task that someone else began, and whose failure is theirs to see to, end with this set."""
        if self._closed:
            task.cancel()
            return
        key = task if key is None else key
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._let_go(key, done))

    def _let_go(self, key: Hashable, task: "asyncio.Task[Any]") -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]

    def __contains__(self, key: Hashable) -> bool:
        return key in self._tasks

    def __len__(self) -> int:
        return len(self._tasks)

    def __iter__(self) -> Iterator[Hashable]:
        """The keys of what is under way; a task without one is its own."""
        return iter(tuple(self._tasks))

    async def wait(self, key: Hashable, seconds: float | None = None) -> None:
        """Until the task under `key` has ended, if there is one, at most so long."""
        if key in self._tasks:
            await asyncio.wait({self._tasks[key]}, timeout=seconds)

    async def cancel(self, keys: Collection[Hashable]) -> None:
        """End the tasks under these keys and wait for them."""
        tasks = [self._tasks[key] for key in keys if key in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """End all tasks and wait for them."""
        self._closed = True
        await self.cancel(tuple(self))


class PeriodicJob:
    """Does `job` every `seconds`, the first time after the first pause or, `at_once`, at the start.

    `name` says in the log what is done. A job that fails is done again after the pause. What it returns is
    the pause that follows, in seconds; None: the usual one.
    """

    def __init__(
        self, name: str, seconds: float, job: Callable[[], Awaitable[float | None]], *, at_once: bool = False
    ) -> None:
        self._name = name
        self._seconds = seconds
        self._job = job
        self._at_once = at_once
        self._woken = asyncio.Event()
        self._closing = False
        self._tasks = TaskSet()

    def start(self) -> None:
        """Do the job from now on."""
        self._tasks.spawn(self._repeat(), self._name)

    def wake(self) -> None:
        """End the pause."""
        self._woken.set()

    async def close(self, *, finish: bool = False) -> None:
        """Stop. A job under way is cancelled, or waited for with `finish`."""
        self._closing = True
        self.wake()
        if finish:
            await self._tasks.wait(self._name)
        await self._tasks.close()

    async def _repeat(self) -> None:
        pause = 0.0 if self._at_once else self._seconds
        while not self._closing:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            self._woken.clear()
            if not self._closing:
                pause = await self._do() or self._seconds

    async def _do(self) -> float | None:
        try:
            return await self._job()
        except AppError as error:
            log.error("%s failed and is tried again in %g s: %s", self._name, self._seconds, error.detail)
        except Exception:
            log.exception("%s failed and is tried again in %g s", self._name, self._seconds)
        return None


def _log_failure(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task in the background failed", exc_info=error)
