import pytest
from sqlalchemy import select

from app.db.tables import BlindVerdict
from app.interviews.repository import Interviews
from app.recruiting.reviews.errors import BlindReviewOverError, NotJudgeableError
from tests.recruiting.reviews.conftest import Desk
from tests.recruiting.reviews.held import SCORER, held_card

POINTS = ("p1", "p2", "p3")


async def judge_all(desk: Desk, held: str, credit: float = 0.5) -> None:
    for point in POINTS:
        await desk.blind.judge(held, 1, point, credit, desk.ada)


async def test_verdicts_are_kept_one_by_one_and_can_be_changed(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await desk.blind.judge(held, 1, "p1", 1.0, desk.ada)
    await desk.blind.judge(held, 1, "p1", 0.5, desk.ada)
    review = await desk.reviews.read(held, desk.ada)
    assert review.blind is not None
    assert (review.blind.judged, review.blind.of) == (1, 3)
    assert review.questions[0].points[0].own_credit == 0.5


async def test_finishing_keeps_what_the_scorer_had_given(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await judge_all(desk, held)
    await desk.blind.finish(held, desk.ada)
    async with desk.database.reading() as session:
        verdicts = list(await session.scalars(select(BlindVerdict).order_by(BlindVerdict.point_id)))
    assert [verdict.machine_credit for verdict in verdicts] == [1.0, 0.5, 0.0]
    assert {verdict.scorer_id for verdict in verdicts} == {SCORER.id}


async def test_finishing_shows_where_both_differ(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await judge_all(desk, held)
    await desk.blind.finish(held, desk.ada)
    review = await desk.reviews.read(held, desk.ada)
    assert not review.hidden
    assert [point.differs for point in review.questions[0].points] == [True, False, True]


async def test_who_decided_after_their_blind_review_is_not_asked_again(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await judge_all(desk, held)
    await desk.blind.finish(held, desk.ada)
    await desk.override(held, "1/p1", 0.0)
    assert not (await desk.point(held, "1/p1")).differs
    assert (await desk.point(held, "1/p3")).differs


async def test_a_question_that_was_given_up_is_not_judged(desk: Desk) -> None:
    held = await desk.hold(blind=True)
    async with desk.database.session() as session:
        interviews = Interviews(session)
        row = (await interviews.questions(held, [2]))[2]
        card = held_card(row, (0.0, 0.0, 0.0)).model_copy(update={"reason": "skipped"})
        await interviews.save_card(held, 2, card, SCORER)
    with pytest.raises(NotJudgeableError):
        await desk.blind.judge(held, 2, "p1", 0.0, desk.ada)
    await judge_all(desk, held)
    review = await desk.reviews.read(held, desk.ada)
    assert review.blind is not None
    assert (review.blind.of, review.blind.may_finish) == (3, True)
    assert [question.reason for question in review.questions] == [None, "skipped"]
    await desk.blind.finish(held, desk.ada)


async def test_a_required_review_is_finished_only_when_complete(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await desk.blind.judge(held, 1, "p1", 1.0, desk.ada)
    with pytest.raises(NotJudgeableError):
        await desk.blind.finish(held, desk.ada)


async def test_a_review_of_ones_own_accord_may_stop_early(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.blind.start(held, desk.ada)
    await desk.blind.judge(held, 1, "p1", 0.0, desk.ada)
    await desk.blind.finish(held, desk.ada)
    assert not (await desk.reviews.read(held, desk.ada)).hidden


async def test_two_reviewers_judge_independently(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await judge_all(desk, held, 1.0)
    await desk.blind.finish(held, desk.ada)
    await desk.blind.judge(held, 1, "p1", 0.0, desk.ben)
    assert (await desk.point(held, "1/p1", desk.ada)).own_credit == 1.0
    assert (await desk.point(held, "1/p1", desk.ben)).own_credit == 0.0


async def test_nothing_is_judged_blind_once_the_scores_are_shown(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    await judge_all(desk, held)
    await desk.blind.finish(held, desk.ada)
    for again in (
        desk.blind.judge(held, 1, "p1", 1.0, desk.ada),
        desk.blind.finish(held, desk.ada),
        desk.blind.start(held, desk.ada),
    ):
        with pytest.raises(BlindReviewOverError):
            await again


async def test_who_did_not_begin_one_judges_nothing_blind(desk: Desk) -> None:
    with pytest.raises(BlindReviewOverError):
        await desk.blind.judge(await desk.hold(), 1, "p1", 1.0, desk.ada)


async def test_who_decided_on_a_point_can_not_review_blind_afterwards(desk: Desk) -> None:
    held = await desk.hold()
    await desk.override(held, "1/p1", 0.0)
    with pytest.raises(BlindReviewOverError):
        await desk.blind.start(held, desk.ada)
    await desk.blind.start(held, desk.ben)


async def test_a_running_interview_is_not_reviewed_blind(desk: Desk) -> None:
    held = await desk.hold(blind=True, status="open")
    with pytest.raises(NotJudgeableError):
        await desk.blind.judge(held, 1, "p1", 1.0, desk.ada)


async def test_beginning_twice_is_harmless_and_audited_once(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.blind.start(held, desk.ada)
    await desk.blind.start(held, desk.ada)
    await desk.blind.finish(held, desk.ada)
    assert await desk.audited(held) == [("blind.start", "ada"), ("blind.finish", "ada")]


async def test_what_waits_for_a_blind_review_comes_oldest_first_until_it_is_judged(desk: Desk) -> None:
    first = await desk.hold(blind=True, questions=1)
    second = await desk.hold(blind=True)
    await desk.hold(blind=True, status="open")
    await desk.hold()
    assert await desk.blind.waiting(desk.ada) == [first, second]
    await judge_all(desk, first)
    await desk.blind.finish(first, desk.ada)
    assert await desk.blind.waiting(desk.ada) == [second]
    assert await desk.blind.waiting(desk.ben) == [first, second]


async def test_a_blind_review_begun_of_ones_own_accord_waits_too(desk: Desk) -> None:
    held = await desk.hold()
    await desk.blind.start(held, desk.ada)
    assert await desk.blind.waiting(desk.ada) == [held]
    assert await desk.blind.waiting(desk.ben) == []


async def test_only_who_has_neither_judged_nor_decided_may_begin_blind(desk: Desk) -> None:
    held = await desk.hold()
    assert (await desk.reviews.read(held, desk.ada)).may_begin_blind
    await desk.override(held, "1/p1", 0.0)
    await desk.override(held, "1/p1", 1.0, who=desk.ben)
    assert not (await desk.reviews.read(held, desk.ada)).may_begin_blind
    other = await desk.hold()
    await desk.blind.start(other, desk.ben)
    assert not (await desk.reviews.read(other, desk.ben)).may_begin_blind
    running = await desk.hold(status="open")
    assert not (await desk.reviews.read(running, desk.ada)).may_begin_blind
