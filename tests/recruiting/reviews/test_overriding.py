import asyncio

import pytest

from app.db.tables import QuestionScoreRow
from app.errors import BadInputError, NotFoundError
from app.interviews.repository import Interviews
from app.recruiting.reviews.errors import ChangedMeanwhileError, NotJudgeableError, UnderBlindReviewError
from app.recruiting.reviews.schemas import NewVerdict
from tests.recruiting.reviews.conftest import Desk
from tests.recruiting.reviews.held import SCORER, held_card


async def test_a_persons_verdict_counts_and_the_scorers_stays(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.override(held, "1/p3", 1.0, "offered at the end")
    point = await desk.point(held, "1/p3")
    assert (point.credit, point.machine_credit, point.overridden) == (1.0, 0.0, True)
    assert point.decision is not None
    assert (point.decision.author, point.decision.reason) == ("ada", "offered at the end")
    assert (point.decision.before, point.decision.machine_credit) == (0.0, 0.0)


async def test_the_lists_follow_a_verdict(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    assert (await desk.interview(held)).flagged == 1
    await desk.override(held, "1/p2", 1.0)
    interview = await desk.interview(held)
    assert (interview.score, interview.flagged, interview.attention) == (4.0, 0, 0)


async def test_a_point_can_be_given_back_to_the_scorer(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.override(held, "1/p1", 0.0)
    await desk.override(held, "1/p1", None, "misread it")
    point = await desk.point(held)
    assert (point.credit, point.overridden) == (1.0, False)
    assert point.decision is not None
    assert point.decision.reason == "misread it"


async def test_what_is_the_scorers_already_can_not_be_given_back(desk: Desk) -> None:
    with pytest.raises(BadInputError):
        await desk.override(await desk.hold(), "1/p1", None)


async def test_a_second_reviewer_is_told_what_the_first_decided(desk: Desk) -> None:
    held = await desk.hold()
    seen = await desk.point(held)
    await desk.override(held, "1/p1", 0.0, who=desk.ben)
    verdict = NewVerdict(credit=0.5, reason="half of it", seen=seen.seen, mark=seen.mark)
    with pytest.raises(ChangedMeanwhileError):
        await desk.reviews.override(held, 1, "p1", verdict, desk.ada)
    assert (await desk.point(held)).credit == 0.0


async def test_of_two_at_once_exactly_one_decides(desk: Desk) -> None:
    held = await desk.hold()
    seen = await desk.point(held)
    verdict = NewVerdict(credit=0.5, reason="half of it", seen=seen.seen, mark=seen.mark)
    outcomes = await asyncio.gather(
        *(desk.reviews.override(held, 1, "p1", verdict, who) for who in (desk.ada, desk.ben)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if outcome] == [ChangedMeanwhileError]


async def test_another_point_decided_meanwhile_is_no_conflict(desk: Desk) -> None:
    held = await desk.hold()
    seen = await desk.point(held)
    await desk.override(held, "1/p2", 0.0, who=desk.ben)
    verdict = NewVerdict(credit=0.5, reason="half of it", seen=seen.seen, mark=seen.mark)
    await desk.reviews.override(held, 1, "p1", verdict, desk.ada)


async def test_a_card_scored_anew_meanwhile_is_a_conflict(desk: Desk) -> None:
    held = await desk.hold()
    seen = await desk.point(held)
    async with desk.database.session() as session:
        interviews = Interviews(session)
        question = (await interviews.questions(held, [1]))[1]
        again = held_card(question, (0.5, 0.5, 0.0), fingerprint="held-2")
        await interviews.save_card(held, 1, again, SCORER)
    verdict = NewVerdict(credit=0.0, reason="no", seen=seen.seen, mark=seen.mark)
    with pytest.raises(ChangedMeanwhileError):
        await desk.reviews.override(held, 1, "p1", verdict, desk.ada)


async def test_a_card_that_was_not_scored_is_scored_by_hand_point_by_point(desk: Desk) -> None:
    held = await desk.hold(questions=1, credits={1: (1.0, None, None)})
    await desk.override(held, "1/p2", 1.0)
    assert (await desk.interview(held)).score is None
    await desk.override(held, "1/p3", 0.0)
    interview = await desk.interview(held)
    assert (interview.score, interview.unscored) == (4.0, 0)


@pytest.mark.parametrize(("number", "point"), [(3, "p1"), (1, "p9"), (0, "p1"), (-1, "p1"), (10**30, "p1")])
async def test_places_of_no_question_are_not_found(desk: Desk, number: int, point: str) -> None:
    held = await desk.hold()
    verdict = NewVerdict(credit=1.0, reason="why", seen=0, mark="")
    with pytest.raises(NotFoundError):
        await desk.reviews.override(held, number, point, verdict, desk.ada)


async def test_a_question_without_a_card_can_not_be_judged_yet(desk: Desk) -> None:
    held = await desk.hold(questions=2, status="open")
    async with desk.database.session() as session:
        await session.delete(await session.get(QuestionScoreRow, (held, 2)))
    verdict = NewVerdict(credit=1.0, reason="why", seen=0, mark="")
    with pytest.raises(NotJudgeableError):
        await desk.reviews.override(held, 2, "p1", verdict, desk.ada)


async def test_who_reviews_blind_can_not_override(desk: Desk) -> None:
    held = await desk.hold(blind=True)
    verdict = NewVerdict(credit=1.0, reason="why", seen=0, mark="")
    with pytest.raises(UnderBlindReviewError):
        await desk.reviews.override(held, 1, "p1", verdict, desk.ada)


async def test_an_override_is_audited_without_its_words(desk: Desk) -> None:
    held = await desk.hold()
    await desk.override(held, "1/p1", 0.0)
    assert await desk.audited(held) == [("score.override", "ada")]
