import pytest

from app.errors import BadInputError, NotFoundError
from app.interviews.practice.service import PracticeService, weak_questions
from tests.interviews.house import House, tiny_bank
from tests.interviews.stored_reports import Told, store_report

GOOD = {"p1": 1.0, "p2": 1.0, "p3": 1.0}
ANSWERS = [Told("All of it.", GOOD), Told("Hardly.", {"p1": 1}), Told("Hm.", dict.fromkeys(GOOD))]


async def test_questions_below_three_quarters_are_weak_and_unscored_ones_are_not(house: House) -> None:
    interview_id = await store_report(house.database, tiny_bank(), ANSWERS)
    assert weak_questions(await house.service.report(interview_id)) == [2]


async def test_the_new_practice_asks_exactly_the_chosen_questions_of_the_same_person(house: House) -> None:
    interview_id = await store_report(house.database, tiny_bank(), ANSWERS, person_id="p" * 32)
    interview = await house.service.find(interview_id)

    plan, terms = await PracticeService(house.database).plan_retake(interview, [3, 2, 3])
    created = await house.service.create_planned(plan, terms)

    repeat = await house.service.find(created.id)
    assert (repeat.again_of, repeat.person_id, repeat.mode) == (interview_id, "p" * 32, "practice")
    assert [planned.question.id for planned in plan.questions] == ["tiny.q2", "tiny.q3"]
    assert (await house.settled(created.id))[-1].text.endswith(tiny_bank().sections[0].questions[1].text)


@pytest.mark.parametrize("numbers", [[], [4], [0]])
async def test_only_questions_it_had_can_be_chosen(house: House, numbers: list[int]) -> None:
    interview = await house.service.find(await store_report(house.database, tiny_bank(), ANSWERS))
    with pytest.raises(BadInputError, match="numbers"):
        await PracticeService(house.database).plan_retake(interview, numbers)


async def test_an_assessments_questions_are_not_for_practising(house: House) -> None:
    interview_id = await store_report(house.database, tiny_bank(), ANSWERS, mode="assessment")
    interview = await house.service.find(interview_id)
    with pytest.raises(NotFoundError):
        await PracticeService(house.database).plan_retake(interview, [1])
