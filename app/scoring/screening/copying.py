"""Replies taken from elsewhere: the question, the rubric, the reference answer, another reply. Pure."""

from collections.abc import Iterable, Sequence
from itertools import chain

from app.scoring.rubric import Item
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import runs, units

# Shares of units, set so that no genuine golden reply comes near them.
QUESTION_SHARE = 0.75  # of the reply taken from the question
QUESTION_REPEATED = 0.6  # of the question found in the reply
RUBRIC_SHARE = 0.7  # of the reply taken from points or reference answer
REFERENCE_REPEATED = 0.7  # of the reference answer found in the reply
POINT_REPEATED = 0.85  # of one point's text found in the reply
POINTS_REPEATED = 0.6  # of the points found so
REPLY_SHARE = 0.8  # of the reply taken from one other reply
# Text lengths count a character as 1 and a word as 2. Shorter points ("the port is 443") are what a
# good answer says in just these words, so they prove no copying.
LONG_POINT = 11
LONG_REPLY = 14


def repeats_question(reply: Sequence[str], question: str) -> bool:
    """Whether a reply, in `units`, is little more than the question."""
    asked = units(fold(question))
    return (
        len(asked) > 0
        and _share_from(reply, asked, 2) >= QUESTION_SHARE
        and _share_from(asked, reply, 2) >= QUESTION_REPEATED
    )


def repeats_rubric(reply: Sequence[str], item: Item) -> bool:
    """Whether a reply, in `units`, is pasted from points or reference answer, or holds most of them."""
    if _length(reply) < LONG_REPLY:
        return False
    points = [said for point in item.points if _length(said := units(fold(point.text))) >= LONG_POINT]
    reference = units(fold(item.reference_answer))
    if _share_from(reply, [*chain(*points), *reference], 4) >= RUBRIC_SHARE:
        return True
    if _length(reference) >= 2 * LONG_REPLY and _share_from(reference, reply, 4) >= REFERENCE_REPEATED:
        return True
    repeated = sum(_share_from(point, reply, 3) >= POINT_REPEATED for point in points)
    return repeated >= max(2, POINTS_REPEATED * len(item.points))


def repeats_reply(reply: Sequence[str], others: Iterable[str]) -> bool:
    """Whether a reply, in `units`, was already given as one of `others`, but for small changes."""
    if _length(reply) < LONG_REPLY:
        return False
    return any(_share_from(reply, units(fold(other)), 4) >= REPLY_SHARE for other in others)


def _length(text: Sequence[str]) -> int:
    return sum(1 if len(unit) == 1 or is_by_character(unit) else 2 for unit in text)


def _share_from(text: Sequence[str], source: Sequence[str], run: int) -> float:
    """The share of `text`'s units, 0..1, inside a run of `run` units that `source` has too."""
    run = min(run, len(text), len(source))
    if run == 0:
        return 0.0
    known = set(runs(source, run))
    covered = [False] * len(text)
    for i, found in enumerate(runs(text, run)):
        if found in known:
            covered[i : i + run] = [True] * run
    return sum(covered) / len(text)
