import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from dbos import DBOS
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from app.errors import ConflictError, LLMUnavailableError, StorageError
from app.interviews.repository import Interviews
from app.interviews.schemas import NewInterview, NewReply
from app.interviews.turns import followers as follow
from app.interviews.turns.live import StreamPosition
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.interviews.house import House, open_house
from tests.waiting import until


async def test_a_turn_that_fails_shows_an_error_and_keeps_the_reply(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = LLMUnavailableError("nobody answers", hint="Look after the endpoint.")

    events = await house.say(created.id, "An answer.", "turn")

    assert [e.name for e in events if e.name in ("error", "message")] == ["message", "error"]
    problem = json.loads(next(e.body for e in events if e.name == "error"))
    assert (problem["status"], problem["hint"]) == (503, "Look after the endpoint.")
    assert [line.text for line in await house.lines(created.id)][1:] == ["An answer."]


async def test_an_unexpected_fault_is_shown_without_its_internals(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = ZeroDivisionError("secret path /etc")

    events = await house.say(created.id, "An answer.", "turn")

    problem = next(e.body for e in events if e.name == "error")
    assert "secret" not in problem
    assert '"status":500' in problem


async def test_sending_a_failed_turn_again_answers_it(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = RuntimeError("once")
    await house.say(created.id, "An answer.", "turn")
    await house.say(created.id, "An answer.", "turn")
    house.interviewer.fault = None

    events = await house.say(created.id, "An answer.", "turn")

    assert "error" not in {e.name for e in events}
    assert [line.kind for line in await house.lines(created.id)] == ["greet", "answer", "follow_up"]


async def test_a_retry_answers_a_failed_turn(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = RuntimeError("once")
    await house.say(created.id, "An answer.", "turn")
    house.interviewer.fault = None

    await house.service.retry(created.id)

    assert (await house.settled(created.id))[-1].kind == "follow_up"


async def test_after_a_failed_turn_another_reply_is_refused_and_says_what_to_do(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = RuntimeError("once")
    await house.say(created.id, "An answer.", "turn")

    with pytest.raises(ConflictError) as refused:
        await house.say(created.id, "Something else.", "other")

    assert "send the earlier one again" in refused.value.hint


async def test_the_next_question_is_prepared_while_the_candidate_thinks(house: House) -> None:
    created = await house.interview()
    await house.settled(created.id)
    await until(lambda: house.scorer.prepared)
    assert house.scorer.prepared[0] in (await house.lines(created.id))[0].text

    await house.say(created.id, "An answer.", "turn")
    await until(lambda: len(house.scorer.prepared) > 1)
    assert house.scorer.prepared[1] != house.scorer.prepared[0]


async def test_nobody_listening_does_not_stop_a_turn(house: House) -> None:
    created = await house.interview()
    seq = await house.service.reply(created.id, NewReply(text="An answer.", client_turn_id="t"))
    stream = house.service.events_of_turn(created.id, seq)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]

    assert (await house.settled(created.id))[-1].kind == "follow_up"


async def test_an_utterance_is_followed_while_it_is_written(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()
    seq = await house.service.reply(created.id, NewReply(text="An answer.", client_turn_id="t"))
    seen: list[str] = []
    async for heard in house.service.events_of_turn(created.id, seq):
        assert heard is not None
        seen.append(heard.name)
        if heard.name == "delta":
            house.interviewer.gate.set()

    assert seen.index("delta") < len(seen) - 2
    assert seen[-2:] == ["message", "state"]


async def test_a_follower_that_lost_the_stream_gets_the_rest(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()
    seq = await house.service.reply(created.id, NewReply(text="An answer.", client_turn_id="t"))
    last_id = ""
    async for heard in house.service.events_of_turn(created.id, seq):
        last_id = (heard.id if heard else None) or last_id
        if heard and heard.name == "delta":
            break

    house.interviewer.gate.set()
    rest = []
    async for heard in house.service.events(created.id, StreamPosition.parse(last_id)):
        if heard is None:
            continue
        rest.append(heard)
        if heard.name == "message":
            break

    pieces = [json.loads(e.body) for e in rest if e.name == "delta"]
    assert all(piece["offset"] >= 12 for piece in pieces)
    assert json.loads(rest[-1].body)["text"].startswith("[follow_up] ")


async def test_the_interviewer_gets_the_conversation_without_the_rubric(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "First answer.")

    occasion = house.interviewer.occasions[-1]
    assert occasion.reply == "First answer."
    assert [line.speaker for line in occasion.lines] == ["interviewer"]
    assert (occasion.number, occasion.of, occasion.follow_ups_left) == (1, 3, 1)


async def test_moving_on_hands_over_both_questions(house: House) -> None:
    created = await house.interview(follow_ups=0)

    await house.say(created.id, "First answer.")

    occasion = house.interviewer.occasions[-1]
    assert occasion.question is not None
    assert occasion.following is not None
    assert occasion.question.id != occasion.following.id


async def test_time_that_is_up_closes_the_interview(
    settings: Settings, tiny_questions: QuestionIndex
) -> None:
    settings.max_minutes = 1
    async with open_house(settings, tiny_questions) as house:
        created = await house.interview()
        async with house.database.session() as session:
            interview = await Interviews(session).lock(created.id)
            interview.paused_seconds = -61.0

        await house.say(created.id, "Late answer.")

        assert (await house.lines(created.id))[-1].kind == "close"
        assert len(house.scorer.answers) == 1


async def test_a_stopped_service_answers_when_it_starts_again(
    settings: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(settings, tiny_questions) as house:
        created = await house.interview()
        house.interviewer.gate = asyncio.Event()
        await house.service.reply(created.id, NewReply(text="I apologise.", client_turn_id="t"))
        await house.at_the_gate()
        judged = len(house.scorer.answers)

    async with open_house(settings, tiny_questions) as house:
        lines = await house.settled(created.id)

        assert [line.kind for line in lines] == ["greet", "answer", "follow_up"]
        assert (judged, len(house.scorer.answers)) == (1, 0)


async def test_a_reply_stored_by_a_process_that_died_before_its_turn_began_is_answered(
    settings: Settings, tiny_questions: QuestionIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(settings, tiny_questions) as house:
        created = await house.interview()

        async def dies(*_: object) -> None:
            raise OperationalError("INSERT", None, sqlite3.OperationalError("the process ends here"))

        monkeypatch.setattr(DBOS, "start_workflow_async", dies)
        with pytest.raises(StorageError, match="could not be started"):
            await house.service.reply(created.id, NewReply(text="An answer.", client_turn_id="t"))
        monkeypatch.undo()

    async with open_house(settings, tiny_questions) as house:
        assert [line.kind for line in await house.settled(created.id)] == ["greet", "answer", "follow_up"]


async def test_a_full_disk_refuses_the_reply_and_keeps_the_transcript(house: House) -> None:
    created = await house.interview()
    most_pages = 1

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most_pages}")

    event.listen(house.database.engine.sync_engine, "begin", limit)

    with pytest.raises(StorageError, match="full"):
        await house.say(created.id, "x" * 8000, "turn")

    most_pages = 1_000_000
    await house.say(created.id, "x" * 8000, "turn")
    assert len(await house.lines(created.id)) == 3


async def test_an_opening_that_fails_is_taken_up_by_a_retry(
    settings: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(settings, tiny_questions) as house:
        house.interviewer.fault = RuntimeError("once")
        created = await house.service.create(NewInterview(bank="tiny"))
        heard = [event async for event in _until_problem(house, created.id)]
        house.interviewer.fault = None

        await house.service.retry(created.id)

        assert heard[-1] == "error"
        assert [line.kind for line in await house.settled(created.id)] == ["greet"]


async def _until_problem(house: House, interview_id: str) -> AsyncIterator[str]:
    async for heard in house.service.events(interview_id, StreamPosition()):
        if heard is not None:
            yield heard.name
            if heard.name == "error":
                return


async def test_a_quiet_stream_has_a_heartbeat(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "HEARTBEAT_SECONDS", 0.05)
    created = await house.interview()
    beats = 0
    async for heard in house.service.events(created.id, StreamPosition()):
        beats += heard is None
        if beats == 2:
            break

    assert beats == 2


async def test_the_records_of_finished_turns_are_forgotten(house: House) -> None:
    created = await house.interview()
    await house.say(created.id, "An answer.", "turn")
    while not all(found.status == "SUCCESS" for found in await DBOS.list_workflows_async()):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)

    await house.workflows.forget_finished(timedelta())

    assert await DBOS.list_workflows_async() == []
    again = await house.say(created.id, "An answer.", "turn")
    assert [e.name for e in again if e.name == "message"] == ["message", "message"]
    assert len(house.scorer.answers) == 1


async def test_a_closed_service_leaves_the_loop_its_threads(
    settings: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_house(settings, tiny_questions) as house:
        await house.interview()

    assert await asyncio.to_thread(lambda: "done") == "done"
