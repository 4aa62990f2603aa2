from app.interviews.practice.changes import Change, changes
from app.interviews.schemas import Report
from tests.interviews.house import House, tiny_bank
from tests.interviews.stored_reports import Told, store_report


async def report(house: House, *answers: Told) -> Report:
    return await house.service.report(await store_report(house.database, tiny_bank(), answers))


async def changed(house: House, before: Told, after: Told) -> Change:
    found = changes(await report(house, after), await report(house, before))
    assert found is not None
    return found


async def test_a_clear_rise_is_claimed_for_total_question_and_point(house: House) -> None:
    everything = Told("I apologise.", {"p1": 1, "p2": 1, "p3": 1}, quotes={"p1": "apologise"})

    found = await changed(house, Told("Nothing.", {}), everything)

    assert (found.before, found.after, found.max_score, found.direction) == (0, 6, 6, "better")
    assert found.questions[0].direction == "better"
    assert [point.direction for point in found.questions[0].points] == ["better"] * 3
    assert found.questions[0].points[0].after.quotes[0].text == "apologise"


async def test_a_difference_within_the_doubt_is_not_claimed(house: House) -> None:
    found = await changed(house, Told("Nothing.", {}, 0.5), Told("Hm.", {"p1": 0.5}, 0.5))

    assert found.direction == found.questions[0].direction == "unclear"
    assert [point.direction for point in found.questions[0].points] == ["unclear", "same", "same"]


async def test_a_clear_fall_is_said_too(house: House) -> None:
    found = await changed(house, Told("All.", {"p1": 1, "p2": 1, "p3": 1}), Told("Nothing.", {}))
    assert found.direction == "worse"


async def test_nothing_is_claimed_from_verdicts_of_different_scorers(house: House) -> None:
    other = Told("All.", {"p1": 1, "p2": 1, "p3": 1}, fingerprint="g" * 32)
    found = await changed(house, Told("Nothing.", {}), other)
    assert found.questions[0].by_other_scorer
    assert found.direction == found.questions[0].direction == "unclear"
    assert {point.direction for point in found.questions[0].points} == {"unclear"}


async def test_questions_not_scored_both_times_are_not_compared(house: House) -> None:
    unscored = Told("Hm.", dict.fromkeys(("p1", "p2", "p3")))
    assert changes(await report(house, unscored), await report(house, Told("Nothing.", {}))) is None
