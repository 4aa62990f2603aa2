"""Disputes, comments, release, and what one reviewer reads."""

import pytest
from pydantic import ValidationError

from app.errors import ConflictError, NotFoundError
from app.recruiting.reviews.arrangement import MASK
from app.recruiting.reviews.errors import ChangedMeanwhileError, UnderBlindReviewError
from app.recruiting.reviews.schemas import NewComment, NewOutcome, NewVerdict
from tests.recruiting.reviews.conftest import Desk
from tests.recruiting.reviews.held import dispute

UNKNOWN = "0" * 32


async def outcome(desk: Desk, interview_id: str, status: str, credit: float | None = None) -> NewOutcome:
    point = await desk.point(interview_id, "1/p3")
    return NewOutcome.model_validate(
        {
            "status": status,
            "outcome": "we read it again",
            "credit": credit,
            "seen": point.seen,
            "mark": point.mark,
        }
    )


async def test_an_open_dispute_stands_at_its_point(desk: Desk) -> None:
    held = await desk.hold()
    await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    assert (await desk.point(held, "1/p3")).disputed
    assert not (await desk.point(held, "1/p1")).disputed
    assert (await desk.reviews.read(held, desk.ada)).disputed == 1


async def test_upholding_a_dispute_can_change_the_verdict(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    opened = await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    await desk.reviews.resolve(held, opened, await outcome(desk, held, "upheld", 1.0), desk.ada)
    point = await desk.point(held, "1/p3")
    assert (point.credit, point.disputed) == (1.0, False)
    assert [(each.status, each.outcome, each.author) for each in point.disputes] == [
        ("upheld", "we read it again", "ada")
    ]
    interview = await desk.interview(held)
    assert (interview.disputed, interview.score) == (0, 5.0)
    assert [action for action, _ in await desk.audited(held)] == ["score.override", "dispute.resolve"]


async def test_rejecting_a_dispute_leaves_the_verdict(desk: Desk) -> None:
    held = await desk.hold()
    opened = await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    await desk.reviews.resolve(held, opened, await outcome(desk, held, "rejected"), desk.ada)
    point = await desk.point(held, "1/p3")
    assert (point.credit, point.overridden, point.disputes[0].status) == (0.0, False, "rejected")


async def test_a_dispute_is_resolved_once(desk: Desk) -> None:
    held = await desk.hold()
    opened = await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    rejected = await outcome(desk, held, "rejected")
    await desk.reviews.resolve(held, opened, rejected, desk.ada)
    with pytest.raises(ChangedMeanwhileError):
        await desk.reviews.resolve(held, opened, rejected, desk.ben)


async def test_a_dispute_whose_point_was_decided_meanwhile_stays_open(desk: Desk) -> None:
    held = await desk.hold()
    opened = await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    upheld = await outcome(desk, held, "upheld", 1.0)
    await desk.override(held, "1/p3", 0.5, who=desk.ben)
    with pytest.raises(ChangedMeanwhileError):
        await desk.reviews.resolve(held, opened, upheld, desk.ada)
    assert (await desk.interview(held)).disputed == 1


async def test_a_dispute_of_another_interview_is_not_found(desk: Desk) -> None:
    held, other = await desk.hold(), await desk.hold()
    opened = await dispute(desk.database, other, 1, "p3", "I did offer a refund.")
    with pytest.raises(NotFoundError):
        await desk.reviews.resolve(held, opened, await outcome(desk, held, "rejected"), desk.ada)


async def test_comments_stand_where_they_were_made(desk: Desk) -> None:
    held = await desk.hold()
    for number, point_id, text in ((None, None, "whole"), (1, None, "question"), (1, "p2", "point")):
        await desk.reviews.comment(held, NewComment(text=text, number=number, point_id=point_id), desk.ada)
    review = await desk.reviews.read(held, desk.ben)
    assert [comment.text for comment in review.comments] == ["whole"]
    assert [comment.text for comment in review.questions[0].comments] == ["question"]
    assert [comment.text for comment in review.questions[0].points[1].comments] == ["point"]


@pytest.mark.parametrize(("number", "point_id"), [(9, None), (1, "p9"), (None, "p1")])
async def test_comments_on_no_place_are_refused(desk: Desk, number: int | None, point_id: str | None) -> None:
    comment = NewComment(text="where?", number=number, point_id=point_id)
    with pytest.raises(NotFoundError):
        await desk.reviews.comment(await desk.hold(), comment, desk.ada)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 4001])
def test_a_verdict_needs_a_reason_of_some_words(reason: str) -> None:
    with pytest.raises(ValidationError):
        NewVerdict(credit=1.0, reason=reason, seen=0, mark="")


async def test_an_assessment_is_released_and_withdrawn(desk: Desk) -> None:
    held = await desk.hold()
    await desk.reviews.release(held, True, desk.ada)
    await desk.reviews.release(held, True, desk.ben)
    assert (await desk.interview(held)).released_at is not None
    await desk.reviews.release(held, False, desk.ben)
    assert (await desk.interview(held)).released_at is None
    assert await desk.audited(held) == [("report.release", "ada"), ("report.withdraw", "ben")]


@pytest.mark.parametrize("held", [{"mode": "practice"}, {"status": "open"}])
async def test_a_practice_or_a_running_interview_is_not_released(desk: Desk, held: dict[str, str]) -> None:
    with pytest.raises(ConflictError):
        await desk.reviews.release(await desk.hold(**held), True, desk.ada)


@pytest.mark.parametrize(
    ("sees", "released", "questions", "answers"),
    [("nothing", False, 0, 0), ("scores", True, 0, 0), ("points", True, 2, 0), ("everything", True, 2, 2)],
)
async def test_the_preview_is_what_the_candidate_will_see(
    desk: Desk, sees: str, released: bool, questions: int, answers: int
) -> None:
    held = await desk.hold(sees=sees)
    report = await desk.reviews.preview(held, desk.ada)
    assert (report.released, report.score is not None) == (released, released)
    assert len(report.questions) == questions
    assert sum(card.reference_answer is not None for card in report.questions) == answers
    assert (await desk.interview(held)).released_at is None


async def test_a_reviewed_interview_no_longer_calls_for_attention(desk: Desk) -> None:
    held = await desk.hold()
    assert (await desk.interview(held)).attention == 1
    await desk.reviews.mark_reviewed(held, True, desk.ada)
    assert (await desk.interview(held)).attention == 0
    await desk.reviews.mark_reviewed(held, False, desk.ada)
    assert (await desk.interview(held)).attention == 1


async def test_a_hidden_interview_tells_no_score_and_no_name(desk: Desk) -> None:
    held = await desk.hold(blind=True, signals={"pasted_chars": 4711})
    await dispute(desk.database, held, 1, "p3", "objection 4712")
    await desk.reviews.comment(held, NewComment(text="others 4713"), desk.ben)
    await desk.reviews.comment(held, NewComment(text="mine"), desk.ada)
    review = await desk.reviews.read(held, desk.ada)
    assert review.hidden
    said = review.model_dump_json()
    for secret in ("Robin", "4711", "4712", "4713", "held-1"):
        assert secret not in said
    assert MASK in review.lines[0].text
    assert [comment.text for comment in review.comments] == ["mine"]
    points = [point for question in review.questions for point in question.points]
    assert all(point.credit is None and not point.quotes and not point.mark for point in points)
    assert (review.score, review.flagged, review.disputed) == (None, 0, 0)


async def test_who_reviews_blind_gets_neither_history_nor_preview(desk: Desk) -> None:
    held = await desk.hold(blind=True)
    with pytest.raises(UnderBlindReviewError):
        await desk.reviews.history(held, 1, desk.ada)
    with pytest.raises(UnderBlindReviewError):
        await desk.reviews.preview(held, desk.ada)
    with pytest.raises(UnderBlindReviewError):
        await desk.reviews.release(held, True, desk.ada)


async def test_an_unknown_interview_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        await desk.reviews.read(UNKNOWN, desk.ada)
    with pytest.raises(NotFoundError):
        await desk.reviews.mark_reviewed(UNKNOWN, True, desk.ada)


async def test_a_release_may_mark_as_reviewed_in_the_same_step(desk: Desk) -> None:
    held = await desk.hold()
    await desk.reviews.release(held, True, desk.ada, reviewed=True)
    interview = await desk.interview(held)
    assert interview.released_at is not None
    assert interview.reviewed_at is not None
    assert interview.attention == 0
    actions = [action for action, _ in await desk.audited(held)]
    assert actions[-2:] == ["review.done", "report.release"]


async def test_a_refused_release_marks_nothing(desk: Desk) -> None:
    held = await desk.hold(status="open")
    with pytest.raises(ConflictError):
        await desk.reviews.release(held, True, desk.ada, reviewed=True)
    assert (await desk.interview(held)).reviewed_at is None
    assert await desk.audited(held) == []
