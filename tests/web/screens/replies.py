"""Replies to the questions of a bank, made of its reference answers, and what they deserve."""

import re
from itertools import cycle

from app.banks.schema import Bank, Question
from tests.interviews.stored_reports import Told

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
# Verdicts of strong, middling and weak replies, point by point.
_CREDITS = {
    "strong": (1.0, 1.0, 0.5, 1.0, 1.0, 0.0),
    "middling": (1.0, 0.5, 0.0, 1.0, 0.0, 0.5),
    "weak": (0.0, 0.5, 0.0, 0.0, 1.0, 0.0),
}


def told(question: Question, quality: str, *, doubtful: bool = False) -> Told:
    """The reference answer's first sentences; a point with credit quotes one of them."""
    sentences = _SENTENCE.findall(question.reference_answer or question.text)
    kept = sentences if quality == "strong" else sentences[: max(2, len(sentences) // 2)]
    credits = dict(zip((point.id for point in question.points), cycle(_CREDITS[quality])))
    quotes = {
        point: sentence.strip() for (point, credit), sentence in zip(credits.items(), cycle(kept)) if credit
    }
    doubted = tuple(list(credits)[1:2]) if doubtful else ()
    return Told("".join(kept).strip(), dict(credits), 0.93, quotes, doubted)


def told_all(bank: Bank, qualities: str | tuple[str, ...], *, doubtful: int = 0) -> list[Told]:
    """A reply to each of the bank's first questions; the first `doubtful` have a flagged point."""
    questions = [question for section in bank.sections for question in section.questions]
    return [
        told(question, quality, doubtful=place < doubtful)
        for place, (question, quality) in enumerate(zip(questions, qualities, strict=False))
    ]


def unjudged(question: Question) -> Told:
    """A reply that nothing could judge."""
    answer = told(question, "middling").answer
    credits: dict[str, float | None] = dict.fromkeys(point.id for point in question.points)
    return Told(answer, credits, None, reason="llm-unavailable: the model does not answer")
