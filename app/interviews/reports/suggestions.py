"""The one suggestion a question gets, made from its card, its rubric and its model answer. Pure."""

from collections.abc import Sequence

from app.banks.schema import Question
from app.db.tables import Utterance
from app.interviews.reports.examples import example_of
from app.interviews.schemas import Suggestion
from app.scoring.card import PointScore, QuestionScore


def suggest(
    question: Question, card: QuestionScore, replies: Sequence[Utterance], *, with_example: bool
) -> Suggestion | None:
    """What would win most of the marks left; for full marks, what would have won them sooner, or None.

    `replies` are those to this question, in order. Without `with_example` nothing of the model answer is
    quoted. None too while the question is not scored.
    """
    if card.score is None:
        return None
    open_points = [point for point in card.points if point.credit is not None and point.credit < 1]
    if not open_points:
        return _first_time(question, card, replies)
    # Of points that are worth the same, the one whose verdict is not in doubt: the advice is then surely due.
    point = max(open_points, key=lambda each: (_marks_left(each), not each.needs_review))
    bank_point = next((each for each in question.points if each.id == point.id), None)
    return Suggestion(
        kind="complete" if point.credit else "add",
        point_id=point.id,
        text=point.text,
        example=example_of(question, point.id) if with_example else None,
        probe=bank_point.probe if bank_point else None,
    )


def _marks_left(point: PointScore) -> float:
    return point.weight * (1 - (point.credit or 0.0))


def _first_time(question: Question, card: QuestionScore, replies: Sequence[Utterance]) -> Suggestion | None:
    """The heaviest point that was said only in answer to a follow-up."""
    if not replies:
        return None
    late = [
        point
        for point in card.points
        if point.quotes and min(quote.seq for quote in point.quotes) > replies[0].seq
    ]
    if not late:
        return None
    point = max(late, key=lambda each: each.weight)
    return Suggestion(kind="first_time", point_id=point.id, text=point.text)
