"""What is judged: one question, its rubric points, and what the candidate said to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.banks.schema import Question


@dataclass(frozen=True)
class RubricPoint:
    """One thing a reply can contain; `weight` is relative to the question's other points."""

    id: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Item:
    """A question as the scorer sees it. It never holds anything about who answers."""

    question: str
    points: tuple[RubricPoint, ...]
    max_score: float
    language: str
    reference_answer: str = ""


@dataclass(frozen=True)
class AnswerPart:
    """One reply, verbatim; `seq` is its place in the transcript. Follow-up replies are further parts."""

    seq: int
    text: str


Answer = Sequence[AnswerPart]


def question_item(question: Question, language: str, max_score: float | None = None) -> Item:
    """A bank's question as the scorer sees it; `max_score` replaces the bank's."""
    return Item(
        question=question.text,
        points=tuple(RubricPoint(p.id, p.text, p.weight) for p in question.points),
        max_score=max_score or question.max_score,
        language=language,
        reference_answer=question.reference_answer or "",
    )
