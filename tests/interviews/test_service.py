import asyncio

import pytest

from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.schemas import NewInterview, NewReply
from tests.interviews.house import House


async def test_an_interview_opens_with_a_greeting_that_asks_the_first_question(house: House) -> None:
    created = await house.interview(questions=3)

    lines = await house.lines(created.id)

    assert [(line.seq, line.speaker, line.kind, line.question) for line in lines] == [
        (1, "interviewer", "greet", 1)
    ]
    assert created.question.of == 3
    assert len(created.token) >= 40


async def test_the_token_is_stored_only_as_a_hash(house: House) -> None:
    created = await house.interview()
    stored = await house.service.find(created.id)

    assert created.token not in repr(vars(stored))
    assert len(stored.token_hash) == 64


async def test_a_reply_is_judged_and_answered_with_a_follow_up_on_a_missing_point(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "I apologise first.")

    lines = await house.lines(created.id)
    assert [(line.speaker, line.kind) for line in lines[1:]] == [
        ("candidate", "answer"),
        ("interviewer", "follow_up"),
    ]
    assert house.interviewer.moves[-1].point_id == "p2"


async def test_the_interview_ends_after_the_last_question(house: House) -> None:
    created = await house.interview(questions=2, follow_ups=0)

    await house.say(created.id, "First answer.")
    events = await house.say(created.id, "Second answer.")

    assert '"status":"ended"' in events[-1].body
    assert [line.kind for line in await house.lines(created.id)] == [
        "greet",
        "answer",
        "ask",
        "answer",
        "close",
    ]


async def test_the_same_turn_id_again_gives_the_same_events_and_no_second_answer(house: House) -> None:
    created = await house.interview()

    first = await house.say(created.id, "An answer.", "turn-1")
    await house.say(created.id, "Another.", "turn-2")
    again = await house.say(created.id, "An answer.", "turn-1")

    def committed(events: list) -> list[tuple[str, str]]:  # type: ignore[type-arg]
        return [(event.name, event.body) for event in events if event.name == "message"]

    assert committed(again) == committed(first)
    assert len(await house.lines(created.id)) == 5
    assert len(house.scorer.answers) == 2


async def test_the_same_turn_id_with_other_words_is_refused(house: House) -> None:
    created = await house.interview()
    await house.say(created.id, "An answer.", "turn-1")

    with pytest.raises(ConflictError, match="another reply"):
        await house.say(created.id, "Other words.", "turn-1")


async def test_a_second_reply_is_refused_while_one_is_being_answered(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()
    await house.service.reply(created.id, NewReply(text="One.", client_turn_id="a"))

    with pytest.raises(ConflictError, match="still being answered"):
        await house.service.reply(created.id, NewReply(text="Two.", client_turn_id="b"))

    house.interviewer.gate.set()
    lines = await house.settled(created.id)
    assert [line.text for line in lines if line.speaker == "candidate"] == ["One."]


async def test_of_replies_at_the_same_moment_one_is_stored(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()

    outcomes = await asyncio.gather(
        *(
            house.service.reply(created.id, NewReply(text=f"Reply {n}.", client_turn_id=f"t{n}"))
            for n in range(5)
        ),
        return_exceptions=True,
    )

    house.interviewer.gate.set()
    assert sorted(isinstance(outcome, ConflictError) for outcome in outcomes) == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert len(await house.settled(created.id)) == 3


async def test_one_reply_sent_five_times_at_once_is_stored_once(house: House) -> None:
    created = await house.interview()
    reply = NewReply(text="Same.", client_turn_id="same")

    seqs = await asyncio.gather(*(house.service.reply(created.id, reply) for _ in range(5)))

    assert seqs == [2] * 5
    assert len(await house.settled(created.id)) == 3
    assert len(house.scorer.answers) == 1


@pytest.mark.parametrize("text", ["", "   \n\t", "\u200b\u202e\ufeff", "\x00\x07", "\ud800"])
async def test_a_reply_without_visible_characters_is_refused_and_not_stored(house: House, text: str) -> None:
    created = await house.interview()

    with pytest.raises(BadInputError, match="no visible characters"):
        await house.say(created.id, text, "turn")

    assert len(await house.lines(created.id)) == 1


async def test_a_reply_beyond_the_limit_is_refused_naming_limit_and_length(house: House) -> None:
    created = await house.interview()

    with pytest.raises(BadInputError, match=r"20,000 characters, 8,000 are possible"):
        await house.say(created.id, "长" * 20_000, "turn")

    assert len(await house.lines(created.id)) == 1


async def test_what_cannot_be_seen_is_dropped_and_everything_else_stays_as_typed(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "  <b>a</b>\u202e\x00b\ud800\r\n👩‍💻 مرحبا ", "turn")

    assert (await house.lines(created.id))[1].text == "<b>a</b>b\n👩‍💻 مرحبا"


async def test_a_paused_interview_stops_its_clock_and_goes_on_with_any_reply(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "a break", intent="pause")
    paused = await house.service.find(created.id)
    await house.say(created.id, "I apologise.")
    resumed = await house.service.find(created.id)

    assert (paused.status, resumed.status) == ("paused", "open")
    assert paused.paused_at is not None
    assert resumed.paused_at is None
    assert resumed.paused_seconds > 0
    assert len(house.scorer.answers) == 1


async def test_ending_says_goodbye_once(house: House) -> None:
    created = await house.interview()

    states = [await house.service.end(created.id), await house.service.end(created.id)]

    assert [state.status for state in states] == ["ended", "ended"]
    assert [line.kind for line in await house.lines(created.id)] == ["greet", "close"]


async def test_ending_while_a_reply_is_being_answered_answers_it_with_the_goodbye(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate = asyncio.Event()
    await house.service.reply(created.id, NewReply(text="I apologise.", client_turn_id="a"))
    await house.at_the_gate()
    gate, house.interviewer.gate = house.interviewer.gate, None

    await house.service.end(created.id)
    gate.set()
    await house.at_rest()

    assert [line.kind for line in await house.lines(created.id)] == ["greet", "answer", "close"]
    report = await house.service.report(created.id)
    assert (report.status, report.score) == ("scored", 2.0)


async def test_ending_while_the_interviewer_is_the_quicker_one_still_ends(house: House) -> None:
    created = await house.interview()
    house.interviewer.gate, house.interviewer.gates_all = asyncio.Event(), True
    ending = asyncio.create_task(house.service.end(created.id))
    await house.at_the_gate()
    gate, house.interviewer.gate = house.interviewer.gate, None
    await house.say(created.id, "I apologise.")
    gate.set()

    assert (await ending).status == "ended"
    assert (await house.lines(created.id))[-1].kind == "close"


async def test_an_ended_interview_takes_no_reply(house: House) -> None:
    created = await house.interview()
    await house.service.end(created.id)

    with pytest.raises(ConflictError, match="has ended"):
        await house.say(created.id, "One more thing.")


async def test_more_questions_than_the_setting_allows_are_refused(house: House) -> None:
    with pytest.raises(BadInputError, match="more than 30"):
        await house.service.create(NewInterview(bank="tiny", questions=31))


async def test_an_unknown_bank_is_named(house: House) -> None:
    with pytest.raises(NotFoundError, match="no-such-bank"):
        await house.service.create(NewInterview(bank="no-such-bank"))


async def test_a_retry_of_an_answered_turn_changes_nothing(house: House) -> None:
    created = await house.interview()
    await house.say(created.id, "An answer.")

    state = await house.service.retry(created.id)

    assert state.activity == "idle"
    assert len(await house.lines(created.id)) == 3
