import asyncio
import logging

import pytest

from app.background import PeriodicJob, TaskSet
from app.errors import StorageError
from tests.waiting import until


class Counting:
    """A job that counts its runs and raises what it is given, one a run."""

    def __init__(self, *faults: Exception) -> None:
        self.runs = 0
        self.faults = list(faults)
        self.pause: float | None = None

    async def __call__(self) -> float | None:
        self.runs += 1
        if self.faults:
            raise self.faults.pop(0)
        return self.pause


async def forever() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise RuntimeError("broken")


async def test_an_error_in_a_job_is_logged_and_the_job_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    job = Counting(StorageError("the disk is full"), RuntimeError("broken"))
    periodic = PeriodicJob("counting", 0.001, job)
    periodic.start()

    await until(lambda: job.runs >= 4)

    await periodic.close()
    assert "counting failed and is tried again in 0.001 s: the disk is full" in caplog.text
    assert "RuntimeError: broken" in caplog.text


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_job_is_done_first_at_the_start_or_after_the_first_pause(at_once: bool) -> None:
    job = Counting()
    periodic = PeriodicJob("counting", 3600, job, at_once=at_once)
    periodic.start()
    await asyncio.sleep(0.02)

    await periodic.close()

    assert job.runs == at_once


async def test_a_job_that_is_woken_is_done_now_and_may_lengthen_its_pause() -> None:
    job = Counting()
    job.pause = 3600.0
    periodic = PeriodicJob("counting", 0.001, job)
    periodic.start()
    await until(lambda: job.runs == 1)
    await asyncio.sleep(0.02)
    assert job.runs == 1

    periodic.wake()
    await until(lambda: job.runs == 2)

    await periodic.close()


@pytest.mark.parametrize("finish", [True, False])
async def test_closing_cancels_a_job_under_way_or_lets_it_finish(finish: bool) -> None:
    begun, ended = asyncio.Event(), []

    async def job() -> None:
        begun.set()
        try:
            await asyncio.sleep(0.02)
            ended.append("finished")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    before = asyncio.all_tasks()
    periodic = PeriodicJob("waiting", 0.001, job)
    periodic.start()
    await begun.wait()

    await periodic.close(finish=finish)

    assert ended == ["finished" if finish else "cancelled"]
    assert asyncio.all_tasks() == before


async def test_closing_a_job_that_was_never_started_is_harmless() -> None:
    await PeriodicJob("never", 1, Counting()).close(finish=True)


async def test_closing_cancels_all_tasks_and_waits_until_none_is_left() -> None:
    before, cleaned = asyncio.all_tasks(), []

    async def cleans_up() -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0.01)
            cleaned.append(True)

    tasks = TaskSet()
    tasks.spawn(cleans_up(), "one")
    tasks.spawn(cleans_up())
    await asyncio.sleep(0)
    assert ("one" in tasks, len(tasks)) == (True, 2)

    await tasks.close()

    assert cleaned == [True, True]
    assert (len(tasks), asyncio.all_tasks()) == (0, before)


async def test_a_task_that_fails_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    tasks = TaskSet()
    tasks.spawn(forever(), "goes on")
    with caplog.at_level(logging.ERROR):
        tasks.spawn(fails(), "fails")
        await tasks.wait("fails")
    await until(lambda: list(tasks) == ["goes on"])
    assert "broken" in caplog.text
    await tasks.close()


async def test_only_the_chosen_tasks_are_cancelled() -> None:
    tasks = TaskSet()
    for key in ("one", "other"):
        tasks.spawn(forever(), key)

    await tasks.cancel(["one", "unknown"])

    assert list(tasks) == ["other"]
    await tasks.close()


async def test_waiting_for_a_task_has_a_limit_and_leaves_it_running() -> None:
    tasks = TaskSet()
    tasks.spawn(forever(), "slow")
    await tasks.wait("slow", 0.01)
    await tasks.wait("unknown")
    assert "slow" in tasks
    await tasks.close()


async def test_nothing_begins_in_a_set_that_is_closed() -> None:
    before = asyncio.all_tasks()
    tasks = TaskSet()
    await tasks.close()
    tasks.spawn(forever())
    other = asyncio.create_task(forever())
    tasks.hold(other)
    await asyncio.wait({other})

    assert other.cancelled()
    assert (len(tasks), asyncio.all_tasks()) == (0, before)
