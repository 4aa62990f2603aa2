"""What needs no model: replies that are empty, noise, or copied are decided in code before any call. Pure.

Only text that can't win a credit under any rubric is caught; whatever is in doubt goes to the judge.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby, pairwise

from app.scoring.rubric import AnswerPart, Item
from app.text import fold

VERSION = 1


class Code(StrEnum):
    """Why a reply is not judged; a card's reason begins with it, so that pages can translate it."""

    EMPTY = "empty"
    NOISE = "noise"
    COPIED_QUESTION = "copied-question"
    COPIED_RUBRIC = "copied-rubric"


REASONS = {
    Code.EMPTY: "The reply has no words.",
    Code.NOISE: "The reply is not made of words.",
    Code.COPIED_QUESTION: "The reply only repeats the question.",
    Code.COPIED_RUBRIC: "The reply repeats the rubric or the reference answer.",
}

# Shares of units (see `_units`), set so that no genuine golden reply comes near them.
MASH_SHARE = 0.4
QUESTION_SHARE = 0.75  # of the reply taken from the question
QUESTION_REPEATED = 0.6  # of the question found in the reply
RUBRIC_SHARE = 0.7  # of the reply taken from points or reference answer
REFERENCE_REPEATED = 0.7  # of the reference answer found in the reply
POINT_REPEATED = 0.85  # of one point's text found in the reply
POINTS_REPEATED = 0.6  # of the points found so
# Text lengths count a wide character as 1 and a word as 2. Shorter points ("the port is 443") are what a
# good answer says in just these words, so they prove no copying.
LONG_POINT = 11
LONG_REPLY = 14

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = set("aeiouy")


@dataclass(frozen=True)
class Screening:
    """`judged` are the replies left for the judge; `caught` says of the others why, by `seq`."""

    judged: tuple[AnswerPart, ...]
    caught: dict[int, Code]


def screen(item: Item, answer: Sequence[AnswerPart]) -> Screening:
    """The replies to one question, each checked by itself."""
    codes = {part.seq: check(item, part.text) for part in answer}
    return Screening(
        judged=tuple(part for part in answer if codes[part.seq] is None),
        caught={seq: code for seq, code in codes.items() if code is not None},
    )


def check(item: Item, reply: str) -> Code | None:
    """Why `reply` needs no judging, or None."""
    folded = fold(reply).text
    units = _units(folded)
    if not units:
        shows_something = any(unicodedata.category(c) in {"So", "Sk", "Co", "Cn"} for c in folded)
        return Code.NOISE if shows_something else Code.EMPTY
    if _is_noise(units):
        return Code.NOISE
    if _repeats_question(units, _units(fold(item.question).text)):
        return Code.COPIED_QUESTION
    if _repeats_rubric(units, item):
        return Code.COPIED_RUBRIC
    return None


def reason(code: Code) -> str:
    """The card's reason: the code, then English words."""
    return f"{code}: {REASONS[code]}"


def _units(folded: str) -> list[str]:
    """Words where a script has spaces; single characters where it is written wide and has none."""
    units: list[str] = []
    inside = False
    for character in folded:
        wide = unicodedata.east_asian_width(character) in "WF"
        if not character.isalnum():
            # An apostrophe or combining mark inside a word is skipped, not a break.
            inside = inside and (character in "'’" or unicodedata.category(character).startswith("M"))
        elif inside and not wide:
            units[-1] += character
        else:
            units.append(character)
            inside = not wide
    return units


def _is_noise(units: list[str]) -> bool:
    letters = "".join(units)
    mashed = _mashed_groups(units)
    share = sum(map(len, mashed)) / len(letters)
    return (
        _has_short_period(letters)
        or (len(letters) >= 6 and share == 1)
        # A few words among laughter or stammering may be an answer; words among many mashed groups are not.
        or (len(letters) >= 16 and len(mashed) >= 4 and share >= MASH_SHARE)
    )


def _has_short_period(letters: str) -> bool:
    """Whether the whole text is one group of up to 4 characters over and over, at least 4 times."""
    return not letters.isdecimal() and any(
        len(letters) >= 4 * period and letters[period:] == letters[:-period] for period in range(1, 5)
    )


def _mashed_groups(units: list[str]) -> list[str]:
    """Runs of one character, and words that are keyboard walks or long and without a vowel."""
    groups = [unit for unit in units if _is_mash(unit)]
    for _, run in groupby(unit for unit in units if not _is_mash(unit)):
        letters = "".join(run)
        if len(letters) > 1 and len(set(letters)) == 1 and not letters.isdecimal():
            groups.append(letters)
    return groups


def _is_mash(word: str) -> bool:
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return False
    if len(word) >= 6 and not _VOWELS & set(word):
        return True
    steps = [any(a + b in row or b + a in row for row in _KEYBOARD) for a, b in pairwise(word)]
    return sum(steps) / len(steps) >= (0.75 if len(word) > 4 else 1)


def _repeats_question(reply: list[str], question: list[str]) -> bool:
    return (
        len(question) > 0
        and _share_from(reply, question, 2) >= QUESTION_SHARE
        and _share_from(question, reply, 2) >= QUESTION_REPEATED
    )


def _repeats_rubric(reply: list[str], item: Item) -> bool:
    if _length(reply) < LONG_REPLY:
        return False
    points = [units for point in item.points if _length(units := _units(fold(point.text).text)) >= LONG_POINT]
    reference = _units(fold(item.reference_answer).text)
    if _share_from(reply, [*chain(*points), *reference], 4) >= RUBRIC_SHARE:
        return True
    if _length(reference) >= 2 * LONG_REPLY and _share_from(reference, reply, 4) >= REFERENCE_REPEATED:
        return True
    repeated = sum(_share_from(point, reply, 3) >= POINT_REPEATED for point in points)
    return repeated >= max(2, POINTS_REPEATED * len(item.points))


def _length(units: list[str]) -> int:
    return sum(1 if len(unit) == 1 else 2 for unit in units)


def _share_from(text: list[str], source: list[str], run: int) -> float:
    """The share of `text`'s units, 0..1, inside a run of `run` units that `source` has too."""
    run = min(run, len(text), len(source))
    if run == 0:
        return 0.0
    known = {tuple(source[i : i + run]) for i in range(len(source) - run + 1)}
    covered = [False] * len(text)
    for i in range(len(text) - run + 1):
        if tuple(text[i : i + run]) in known:
            covered[i : i + run] = [True] * run
    return sum(covered) / len(text)
