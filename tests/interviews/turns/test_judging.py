import asyncio

import pytest

from app.errors import ConflictError
from tests.interviews.house import House
from tests.waiting import until


async def test_a_second_answer_to_the_same_question_is_judged_together_with_the_first(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "I apologise first.")
    await house.say(created.id, "Then I offer a refund.")

    assert [(part.seq, part.text) for part in house.scorer.answers[-1]] == [
        (2, "I apologise first."),
        (4, "Then I offer a refund."),
    ]
    assert {point.id: point.credit for point in house.scorer.kept[-1]} == {"p1": 1.0, "p2": 0.0, "p3": 0.0}


async def test_the_scorer_is_told_what_was_answered_to_other_questions(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "I apologise first.")
    await house.say(created.id, "next please", intent="skip")
    await house.say(created.id, "I check the order.")

    assert house.scorer.elsewhere == [[], ["I apologise first."]]


async def test_skipping_costs_the_question_without_asking_the_scorer(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "next please", intent="skip")
    report = await house.service.report(created.id, full=True)

    assert house.scorer.answers == []
    assert (report.questions[0].score, report.questions[0].reason) == (0.0, "skipped")
    assert (await house.lines(created.id))[-1].question == 2


async def test_not_knowing_scores_zero_without_asking_the_scorer(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "no idea", intent="dont_know")

    report = await house.service.report(created.id, full=True)
    assert (report.questions[0].score, report.questions[0].reason) == (0.0, "no-answer")


async def test_not_knowing_the_follow_up_keeps_what_the_first_answer_earned(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "I apologise.")
    await house.say(created.id, "no idea", intent="dont_know")

    report = await house.service.report(created.id, full=True)
    assert (report.questions[0].score, report.questions[0].reason) == (2.0, None)


async def test_a_repeated_question_is_not_judged(house: House) -> None:
    created = await house.interview()

    await house.say(created.id, "sorry?", intent="repeat")

    assert house.scorer.answers == []
    assert [line.kind for line in await house.lines(created.id)] == ["greet", "repeat", "repeat"]


async def test_a_question_that_cannot_be_scored_does_not_stop_the_interview(house: House) -> None:
    created = await house.interview(questions=2, follow_ups=0)
    house.scorer.status = "not_scored"

    await house.say(created.id, "An answer.")

    report = await house.service.report(created.id, full=True)
    assert (report.questions[0].status, report.questions[0].score) == ("not_scored", None)
    assert (await house.lines(created.id))[-1].question == 2


async def test_without_verdicts_a_follow_up_aims_at_what_the_reply_does_not_touch(house: House) -> None:
    created = await house.interview(questions=2)
    house.scorer.status = "not_scored"

    await house.say(created.id, "I would apologise to them. Then I would ask for the order number.")

    move = house.interviewer.moves[-1]
    assert (move.move.value, move.point_id) == ("follow_up", "p3")


async def test_without_verdicts_a_reply_that_touches_everything_is_not_followed_up(house: House) -> None:
    created = await house.interview(questions=2)
    house.scorer.status = "not_scored"

    await house.say(created.id, "I apologise. I ask for the order number. I offer a refund.")

    assert house.interviewer.moves[-1].move.value == "ask"


async def test_a_fault_in_the_scorer_costs_the_card_and_not_the_interview(house: House) -> None:
    created = await house.interview(questions=2, follow_ups=0)
    house.scorer.fault = RuntimeError("a bug")

    await house.say(created.id, "An answer.")

    report = await house.service.report(created.id, full=True)
    assert (report.questions[0].status, report.questions[0].reason) == ("not_scored", "scorer-fault")
    assert [(point.id, point.credit) for point in report.questions[0].points] == [
        ("p1", None),
        ("p2", None),
        ("p3", None),
    ]
    assert (await house.lines(created.id))[-1].question == 2


async def test_what_could_not_be_scored_is_scored_when_judged_again(house: House) -> None:
    created = await house.interview(questions=2, follow_ups=0)
    house.scorer.status = "not_scored"
    await house.say(created.id, "I apologise.")
    house.scorer.status = "scored"
    await house.say(created.id, "I offer a refund.")
    before = await house.service.report(created.id)

    await house.service.judge_again(created.id)

    after = await house.service.report(created.id)
    assert (before.status, before.score) == ("partial", 2.0)
    assert (after.status, after.score) == ("scored", 4.0)
    assert len(house.scorer.answers) == 3


async def test_judging_again_runs_once_at_a_time(house: House) -> None:
    created = await house.interview(questions=2)
    house.scorer.status = "not_scored"
    await house.say(created.id, "I apologise.")
    house.scorer.gate = asyncio.Event()
    asked = len(house.scorer.answers)
    first = asyncio.create_task(house.service.judge_again(created.id))
    await until(lambda: len(house.scorer.answers) > asked)

    with pytest.raises(ConflictError):
        await house.service.judge_again(created.id)

    house.scorer.gate.set()
    await first
