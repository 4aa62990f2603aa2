"""A candidate who does not want to wait is answered at once, and loses nothing."""

import asyncio

from app.errors import LLMUnavailableError
from app.interviews.repository import Interviews
from app.interviews.schemas import NewReply
from tests.interviews.browsing import Browser
from tests.interviews.house import House
from tests.waiting import until


async def begin_reply(house: House, interview_id: str, text: str = "I apologise.") -> None:
    await house.service.reply(interview_id, NewReply(text=text, client_turn_id=f"t{hash(text)}"))


async def kinds(house: House, interview_id: str) -> list[str]:
    return [line.kind for line in await house.lines(interview_id)]


async def test_words_that_do_not_come_are_replaced_by_the_banks_own(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()
    await begin_reply(house, created.id)
    await house.at_the_gate()

    state = await house.service.stop(created.id)

    assert state.activity == "idle"
    assert await kinds(house, created.id) == ["greet", "answer", "follow_up"]
    house.interviewer.gate.set()
    await house.at_rest()
    assert await kinds(house, created.id) == ["greet", "answer", "follow_up"]


async def test_a_verdict_that_does_not_come_is_not_waited_for_and_still_counts(house: House) -> None:
    created = await house.interview()
    house.scorer.gate = asyncio.Event()
    await begin_reply(house, created.id)
    await until(lambda: house.scorer.answers)

    await house.service.stop(created.id)

    assert len(await house.lines(created.id)) == 3
    house.scorer.gate.set()
    await house.at_rest()
    report = await house.service.report(created.id, full=True)
    assert report.questions[0].score == 2.0
    assert len(await house.lines(created.id)) == 3


async def test_a_late_verdict_does_not_replace_one_on_more_answers(house: House) -> None:
    created = await house.interview()
    house.scorer.gate = late = asyncio.Event()
    await begin_reply(house, created.id, "I apologise.")
    await until(lambda: house.scorer.answers)
    await house.service.stop(created.id)
    house.scorer.gate = None
    assert (await house.lines(created.id))[-1].question == 1
    await house.say(created.id, "I offer a refund.")

    late.set()
    await house.at_rest()

    report = await house.service.report(created.id, full=True)
    assert report.questions[0].score == 4.0


async def test_what_was_said_over_a_turns_head_is_its_answer_while_the_next_one_runs(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = first = asyncio.Event()
    await begin_reply(house, created.id, "One.")
    await house.at_the_gate()
    await house.service.stop(created.id)
    house.interviewer.gate = second = asyncio.Event()
    await begin_reply(house, created.id, "Two.")
    await house.at_the_gate(4)

    first.set()
    await until(lambda: not house.service.is_at(created.id, 2))

    live = house.service.live.state(created.id)
    assert live is None or live.activity != "idle"
    second.set()
    assert [line.text for line in await house.settled(created.id) if line.speaker == "candidate"] == [
        "One.",
        "Two.",
    ]


async def test_stopping_is_harmless_when_nobody_speaks(house: House) -> None:
    created = await house.interview()

    await house.service.stop(created.id)
    await house.service.end(created.id)
    state = await house.service.stop(created.id)

    assert state.status == "ended"
    assert await kinds(house, created.id) == ["greet", "close"]


async def test_a_turn_that_failed_is_answered_when_stopped(house: House) -> None:
    created = await house.interview()
    house.interviewer.fault = LLMUnavailableError("away")
    await house.say(created.id, "I apologise.")
    house.interviewer.fault = None

    await house.service.stop(created.id)

    assert await kinds(house, created.id) == ["greet", "answer", "follow_up"]


async def test_a_reply_to_an_older_line_is_refused_and_names_why(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "From the first window.", after=1)

    response = await browser.http.post(
        f"{url}/replies",
        json={"text": "From the second.", "client_turn_id": "b", "after": 1},
        headers=headers,
    )

    assert (response.status_code, response.json()["type"]) == (409, "urn:interviewer:overtaken")
    shown = (await browser.http.get(url, headers=headers)).json()["transcript"]
    assert [line["text"] for line in shown if line["speaker"] == "candidate"] == ["From the first window."]


async def test_the_same_reply_again_is_no_overtaking(browser: Browser) -> None:
    url, headers = await browser.interview()
    first = await browser.reply(url, headers, "I apologise.", after=1)

    again = await browser.reply(url, headers, "I apologise.", after=1)

    assert [e["data"] for e in again if e["event"] == "message"] == [
        e["data"] for e in first if e["event"] == "message"
    ]


SIGNALS = {
    "seconds": 42.5,
    "typed_chars": 10,
    "pasted_chars": 200,
    "keystrokes": 14,
    "longest_pause_seconds": 3.5,
    "away_times": 1,
    "away_seconds": 12.0,
}


async def test_counts_of_how_a_reply_came_about_are_kept_in_assessments_only(browser: Browser) -> None:
    for mode, kept in (("assessment", SIGNALS | {"dictated_chars": 0}), ("practice", None)):
        url, headers = await browser.interview(mode=mode)
        await browser.reply(url, headers, "I apologise.", signals=SIGNALS)
        async with browser.house.database.reading() as session:
            lines = await Interviews(session).lines(url.rsplit("/", 1)[1])
        assert lines[1].signals == kept
        assert lines[0].signals is None


async def test_counts_are_numbers_and_nothing_else(browser: Browser) -> None:
    url, headers = await browser.interview(mode="assessment")
    for wrong in ({"keys": "abc"}, {"seconds": -1}, {"typed_chars": 10**9}, {"keystrokes": "many"}):
        body = {"text": "x", "client_turn_id": "t", "signals": SIGNALS | wrong}
        response = await browser.http.post(f"{url}/replies", json=body, headers=headers)
        assert response.status_code == 422
