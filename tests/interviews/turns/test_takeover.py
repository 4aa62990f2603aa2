import asyncio
import os
from datetime import timedelta

import psycopg
import pytest
from dbos import DBOS
from sqlalchemy import update

from app.db.tables import Executor, new_id, now
from app.interviews.schemas import NewReply
from app.interviews.turns import followers as follow
from app.interviews.turns.live import LiveUtterances, StreamPosition
from app.search.index import QuestionIndex
from app.settings import Settings
from app.workflows import processes
from app.workflows.repository import Executors
from tests.interviews.house import House, open_house
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.postgres


@pytest.fixture
def shared(settings: Settings, postgres_url: str) -> Settings:
    """Settings of a process that shares a Postgres database."""
    return settings.model_copy(update={"database_url": postgres_url})


async def executors(house: House) -> list[Executor]:
    async with house.database.reading() as session:
        return await Executors(session).all()


async def leave_in_the_middle(house: House) -> str:
    """An interview whose turn is stopped half-way, as by a kill."""
    created = await house.interview()
    moves = len(house.interviewer.moves)
    house.interviewer.gate = asyncio.Event()
    await house.service.reply(created.id, NewReply(text="I apologise.", client_turn_id="t"))
    await house.at_the_gate(moves + 1)
    return created.id


async def test_a_whole_interview_runs_on_postgres(shared: Settings, tiny_questions: QuestionIndex) -> None:
    async with open_house(shared, tiny_questions) as house:
        created = await house.interview(questions=1)
        await house.say(created.id, "I apologise.")
        await house.say(created.id, "And a refund: offer a refund.")

        report = await house.service.report(created.id)

        assert [line.kind for line in await house.lines(created.id)] == [
            "greet",
            "answer",
            "follow_up",
            "answer",
            "close",
        ]
        assert (report.status, report.score) == ("scored", 4.0)


async def test_replies_at_the_same_moment_store_one_on_postgres_too(
    shared: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(shared, tiny_questions) as house:
        created = await house.interview()
        house.interviewer.gate = asyncio.Event()

        outcomes = await asyncio.gather(
            *(
                house.service.reply(created.id, NewReply(text=f"Reply {n}.", client_turn_id=f"t{n}"))
                for n in range(5)
            ),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 4


async def test_a_follower_in_another_process_sees_what_was_committed(
    shared: Settings, tiny_questions: QuestionIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "POLL_SECONDS", 0.05)
    async with open_house(shared, tiny_questions) as house:
        created = await house.interview(questions=1, follow_ups=0)
        elsewhere = follow.Followers(house.database, LiveUtterances())

        async def heard() -> list[str]:
            events = elsewhere.interview(created.id, StreamPosition())
            return [str(event.id) async for event in events if event and event.name == "message"]

        following = asyncio.create_task(heard())
        await house.say(created.id, "I apologise.")

        assert await asyncio.wait_for(following, PATIENCE_SECONDS) == ["1", "2", "3"]


async def test_a_process_that_stops_leaves_the_list_and_another_takes_up_its_turn(
    shared: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(shared, tiny_questions) as house:
        assert [executor.pid for executor in await executors(house)] == [os.getpid()]
        left = await leave_in_the_middle(house)

    async with open_house(shared, tiny_questions) as house:
        assert len(await executors(house)) == 1
        assert (await house.settled(left))[-1].kind == "follow_up"
        assert house.scorer.answers == []


async def test_the_turn_of_a_process_that_fell_silent_is_taken_over(
    shared: Settings, tiny_questions: QuestionIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "SEEN_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(processes, "SILENT_AFTER_SECONDS", 3600.0)
    async with open_house(shared, tiny_questions) as house:
        left = await leave_in_the_middle(house)
        mine = (await executors(house))[0].id
    elsewhere = Executor(id=mine, host="elsewhere", pid=1, seen_at=now())

    async with open_house(shared, tiny_questions, before=None) as house:
        # Nothing of the new house's own may wait at the gate that stops the next turn.
        assert (await house.settled(left))[-1].kind == "follow_up"
        # A turn of a process on another host that still lives is left alone.
        async with house.database.session() as session:
            session.add(elsewhere)
        other = await leave_in_the_middle(house)
        await asyncio.to_thread(_give_to, mine, f"{other}-2", shared.workflow_database_url)
        await house.workflows.relieve_dead()
        status = await DBOS.get_workflow_status_async(f"{other}-2")
        assert status is not None
        assert status.executor_id == mine

        # It falls silent.
        gate, house.interviewer.gate = house.interviewer.gate, None
        async with house.database.session() as session:
            await session.execute(
                update(Executor).where(Executor.id == mine).values(seen_at=now() - timedelta(hours=2))
            )
        lines = await house.settled(other)
        assert gate is not None
        assert lines[-1].kind == "follow_up"

        async def left_the_list() -> bool:
            return mine not in [executor.id for executor in await executors(house)]

        await until(left_the_list)


def _give_to(executor_id: str, workflow_id: str, url: str) -> None:
    """Make a workflow look as if another process ran it."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE dbos.workflow_status SET executor_id = %s WHERE workflow_uuid = %s",
            (executor_id, workflow_id),
        )


async def test_a_process_of_this_host_that_is_gone_counts_as_dead_at_once(
    shared: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(shared, tiny_questions) as house:
        me = (await executors(house))[0]
        async with house.database.session() as session:
            session.add(Executor(id=new_id(), host=me.host, pid=2**22 - 3, seen_at=now()))

        await house.workflows.relieve_dead()

        assert [executor.id for executor in await executors(house)] == [me.id]
