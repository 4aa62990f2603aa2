"""What changed between two tries at the same questions. A change is claimed only beyond the doubt. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.interviews.schemas import QuestionReport, Report
from app.scoring import certainty
from app.scoring.card import PointScore, QuestionScore

Direction = Literal["better", "worse", "unclear", "same"]

# Two opposite verdicts of middling confidence reach this; a hit beside half a credit needs both to be sure.
CLAIM = 0.75


@dataclass(frozen=True)
class PointChange:
    """One point in both tries. `unclear`: the credits differ, but not by more than the verdicts' doubt."""

    before: PointScore
    after: PointScore
    direction: Direction


@dataclass(frozen=True)
class QuestionChange:
    """One question in both tries; `by_other_scorer` says that different scorers judged them."""

    before: QuestionReport
    after: QuestionReport
    direction: Direction
    points: tuple[PointChange, ...]
    by_other_scorer: bool = False


@dataclass(frozen=True)
class Change:
    """What changed over the questions scored in both tries; scores and marks are of those only."""

    earlier_id: str
    before: float
    after: float
    max_score: float
    direction: Direction
    questions: tuple[QuestionChange, ...]


def changes(report: Report, earlier: Report) -> Change | None:
    """What changed since `earlier`; None when no question was scored in both.

    Verdicts of different scorers are shown, but nothing is claimed from them.
    """
    former = {question.question_id: question for question in earlier.questions}
    pairs = [
        (former[question.question_id], question)
        for question in report.questions
        if question.question_id in former
        and question.score is not None
        and former[question.question_id].score is not None
    ]
    if not pairs:
        return None
    questions = tuple(_question(before, after) for before, after in pairs)
    comparable = [pair for pair, change in zip(pairs, questions, strict=True) if not change.by_other_scorer]
    return Change(
        earlier_id=earlier.id,
        before=round(sum(before.score or 0 for before, _ in pairs), 2),
        after=round(sum(after.score or 0 for _, after in pairs), 2),
        max_score=round(sum(after.max_score for _, after in pairs), 2),
        direction=_direction(comparable, pairs),
        questions=questions,
    )


def _question(before: QuestionReport, after: QuestionReport) -> QuestionChange:
    by_other_scorer = before.fingerprint != after.fingerprint
    earlier = {point.id: point for point in before.points}
    return QuestionChange(
        before=before,
        after=after,
        direction=_direction([] if by_other_scorer else [(before, after)], [(before, after)]),
        points=tuple(
            PointChange(earlier[point.id], point, _point_direction(earlier[point.id], point, by_other_scorer))
            for point in after.points
            if point.id in earlier and point.credit is not None and earlier[point.id].credit is not None
        ),
        by_other_scorer=by_other_scorer,
    )


def _direction(
    comparable: Sequence[tuple[QuestionReport, QuestionReport]],
    pairs: Sequence[tuple[QuestionReport, QuestionReport]],
) -> Direction:
    difference = sum((after.score or 0) - (before.score or 0) for before, after in pairs)
    if abs(difference) < 0.005:
        return "same"
    after, before = [_card(each) for _, each in comparable], [_card(each) for each, _ in comparable]
    if len(comparable) < len(pairs) or not certainty.clearly_differ(after, before):
        return "unclear"
    return "better" if difference > 0 else "worse"


def _point_direction(before: PointScore, after: PointScore, by_other_scorer: bool) -> Direction:
    if after.credit == before.credit:
        return "same"
    if not by_other_scorer:
        if certainty.chance_higher(after, before) >= CLAIM:
            return "better"
        if certainty.chance_higher(before, after) >= CLAIM:
            return "worse"
    return "unclear"


def _card(question: QuestionReport) -> QuestionScore:
    return QuestionScore(
        status="scored",
        score=question.score,
        max_score=question.max_score,
        points=question.points,
        fingerprint="",
    )
