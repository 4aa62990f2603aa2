"""Rules that a follow-up must keep, checked in its text. They find faults; they do not prove good style."""

import re
from collections.abc import Collection, Sequence

from app.banks.leaks import leaks
from app.banks.schema import Question
from app.text.fold import fold
from app.text.units import Run, runs, units

RUN_OF_CHARACTERS = 4
RUN_OF_WORDS = 3
_QUESTION_MARK = re.compile(r"[?？؟]+")


def asks_once(text: str) -> bool:
    """Whether there is exactly one question in it, by its question marks."""
    return len(_QUESTION_MARK.findall(text)) == 1


def leaked(text: str, question: Question, covered: Collection[str], replies: Sequence[str]) -> list[str]:
    """What an utterance gives away of points that are not `covered`, which ids say.

    By production's own check, and by one that knows nothing of it: runs of characters or words in common,
    across punctuation. The question, its probes and what the candidate said are known to them already.
    """
    open_points = [point for point in question.points if point.id not in covered]
    probes = [point.probe for point in question.points if point.probe]
    told = [point.text for point in question.points if point.id in covered]
    known = [*probes, *replies, *told]
    rest = question.model_copy(update={"points": open_points, "reference_answer": None})
    found = [f"check: {leak}" for leak in leaks(text, rest, known)]
    free = _runs(question.text).union(*map(_runs, known))
    for point in open_points:
        common = (_runs(text) & _runs(point.text)) - free
        found += [f"run: {point.id}: {' '.join(run)}" for run in sorted(common)]
    return found


def _runs(text: str) -> set[Run]:
    return set(runs(units(fold(text)), RUN_OF_CHARACTERS, RUN_OF_WORDS))
