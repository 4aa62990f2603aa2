"""A run meets errors of the database and of its scorer, is stopped and let go on; nothing is done twice."""

import asyncio
from collections import Counter
from itertools import cycle, repeat

import pytest
from sqlalchemy import select

from app.db.tables import AuditEvent, ReplacedCard, RescoredInterview
from app.errors import ConflictError, NotFoundError
from app.recruiting.rescoring.schemas import NewRun, RunView
from tests.recruiting.rescoring.desk import Desk
from tests.recruiting.rescoring.ended import add_ended, current_cards

ANSWERS = [f"I apologise and offer a refund, case {number}." for number in range(12)]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.recruiting.rescoring.workflow.FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr("app.recruiting.rescoring.workflow.LONGEST_PAUSE_SECONDS", 0.001)


async def each_was_done_once(desk: Desk, ids: list[str]) -> bool:
    """Every interview was judged once, and its card replaced once by the new one."""
    judged = Counter(answer[-1].text for answer in desk.house.scorer.answers)
    async with desk.house.database.reading() as session:
        replaced = list(await session.scalars(select(ReplacedCard.interview_id)))
        statuses = set(await session.scalars(select(RescoredInterview.status)))
    cards = {row.fingerprint for row in await current_cards(desk.house.database)}
    return (
        judged == Counter(ANSWERS)
        and Counter(replaced) == Counter(ids)
        and (statuses, cards) == ({"adopted"}, {"plain-1"})
    )


async def held_at_the_first(desk: Desk) -> tuple[list[str], RunView]:
    """Interviews, and a run that waits in the middle of the first."""
    ids = await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.gate = asyncio.Event()
    run = await desk.rescoring.begin(NewRun(adopt=True), desk.account)
    await desk.judging()
    return ids, run


@pytest.mark.parametrize(
    "faults",
    [
        ("before", ""),
        ("within", ""),
        ("after", ""),
        ("before", "within", "after", ""),
        ("", "", "after", "before", "", "within", "within", ""),
    ],
    ids="-".join,
)
async def test_errors_of_the_database_at_every_step_are_waited_out(
    desk: Desk, faults: tuple[str, ...]
) -> None:
    ids = await add_ended(desk.house.database, ANSWERS)
    desk.database.faults = cycle(faults)

    run = await desk.ended(await desk.rescoring.begin(NewRun(adopt=True), desk.account))

    assert (run.status, run.done, run.failure, run.waits_for) == ("done", len(ids), "", "")
    assert desk.database.failed > len(ids)
    assert await each_was_done_once(desk, ids)


async def test_a_run_says_what_it_waits_for_and_goes_on_by_itself(desk: Desk) -> None:
    ids, run = await held_at_the_first(desk)
    desk.database.faults = repeat("before")
    desk.house.scorer.gate.set()

    async def waits() -> str:
        while not (view := await desk.rescoring.get(run.id)).waits_for:
            await asyncio.sleep(0.01)
        assert view.status == "running"
        return view.waits_for

    assert await asyncio.wait_for(waits(), 60) == "the database can't be reached. Try again."
    desk.database.faults = repeat("")
    ended = await desk.ended(run)
    assert (ended.status, ended.waits_for) == ("done", "")
    assert await each_was_done_once(desk, ids)


async def test_a_run_can_be_cancelled_while_the_database_fails_it(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.gate = asyncio.Event()
    run = await desk.rescoring.begin(NewRun(adopt=True), desk.account)
    await desk.judging()
    desk.database.faults = repeat("before")
    desk.house.scorer.gate.set()

    await desk.rescoring.cancel(run.id, desk.account)
    desk.database.faults = repeat("")
    await desk.at_rest()

    assert (await desk.rescoring.get(run.id)).status == "cancelled"
    assert {row.fingerprint for row in await current_cards(desk.house.database)} == {"older"}


async def test_a_lasting_error_is_shown_with_what_to_change_and_the_run_can_go_on(desk: Desk) -> None:
    ids = await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.fault = RuntimeError("broken")

    failed = await desk.ended(await desk.rescoring.begin(NewRun(adopt=True), desk.account))

    assert failed.status == "failed"
    assert failed.failure.startswith(f"RuntimeError at interview {ids[0]}")
    assert "let the run go on" in failed.failure
    desk.house.scorer.fault = None
    desk.house.scorer.answers.clear()
    done = await desk.ended(await desk.rescoring.resume(failed.id, desk.account))
    assert (done.status, done.failure) == ("done", "")
    assert await each_was_done_once(desk, ids)


async def test_a_cancelled_run_goes_on_where_it_stopped(desk: Desk) -> None:
    ids, run = await held_at_the_first(desk)
    await desk.rescoring.cancel(run.id, desk.account)
    desk.house.scorer.gate.set()
    await desk.at_rest()
    desk.house.scorer.answers.clear()

    done = await desk.ended(await desk.rescoring.resume(run.id, desk.account))

    assert (done.status, done.done) == ("done", len(ids))
    assert await each_was_done_once(desk, ids)


async def test_a_run_let_go_on_before_it_had_stopped_loses_nothing(desk: Desk) -> None:
    ids, run = await held_at_the_first(desk)

    await desk.rescoring.cancel(run.id, desk.account)
    await desk.rescoring.resume(run.id, desk.account)
    desk.house.scorer.gate.set()

    assert (await desk.ended(run)).status == "done"
    assert await each_was_done_once(desk, ids)


async def test_only_a_run_that_stopped_can_go_on(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    run = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))

    with pytest.raises(ConflictError, match="done"):
        await desk.rescoring.resume(run.id, desk.account)
    with pytest.raises(NotFoundError):
        await desk.rescoring.resume("0" * 32, desk.account)


async def test_who_let_a_run_go_on_is_in_the_audit_log(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.fault = RuntimeError("broken")
    failed = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))
    desk.house.scorer.fault = None
    await desk.ended(await desk.rescoring.resume(failed.id, desk.account))

    async with desk.house.database.reading() as session:
        actions = list(await session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["rescoring.begin", "rescoring.resume"]
