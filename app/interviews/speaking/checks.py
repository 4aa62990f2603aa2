"""What of a model's words may be said: each sentence is checked by itself before it leaves.

None of the checks asks for likeness with the reply: whoever says it in other words is a better listener.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from app.banks.leaks import CHARACTERS_IN_COMMON, WORDS_IN_COMMON, leaks
from app.interviews.speaking.occasion import Occasion
from app.interviews.speaking.phrases import Phrases
from app.languages.guessing import is_foreign
from app.scoring.screening.addressing import addressed_to_grader
from app.scoring.screening.spans import without
from app.scoring.screening.wording import shipped_wording
from app.text.clauses import CLOSING, STOPS, Dot, ends, partition
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import Run, contains, runs, units

MOST_SENTENCES = 3
# In characters of scripts counted so, and in words.
LONGEST_SENTENCE = (60, 40)
LONGEST_QUESTION = (50, 35)
# Of the pairs of units of the shorter of two questions: more in common, and they ask the same.
SAME_QUESTION = 0.6
# Fewer units make no sentence that anyone would notice for the second time, such as "I see."
_NOTICED = 4
_MARKUP = re.compile(r"[{}<>`|\\\n]|\*\*|^\s*[#*-]|https?:")
_QUESTION_MARK = re.compile(r"[?؟]")
_END = ends(STOPS, Dot.BEFORE_SPACE, closing=CLOSING)


class Refusal(StrEnum):
    """Why something was not said."""

    MARKUP = "markup"
    LANGUAGE = "language"
    LONG = "long"
    ASKS = "asks"
    SAID_BEFORE = "said before"
    GRADES = "grades"
    OBEYS = "obeys"
    LEAKS = "leaks"
    NO_QUESTION = "not one question"
    AIMLESS = "no open point"


class SpokenChecks:
    """The checks of one occasion."""

    def __init__(self, occasion: Occasion, phrases: Phrases) -> None:
        self._occasion = occasion
        reply = occasion.reply or ""
        told = addressed_to_grader(reply, shipped_wording())
        asked = occasion.question.text if occasion.question else ""
        own = [without(reply, told), asked, occasion.role, occasion.job, *occasion.facts]
        theirs = [units(fold(text)) for text in own]
        self._never = _folded(tuple(phrases.never))
        self._never_first = _folded(tuple(phrases.never_first))
        self._free = frozenset[Run]().union(*(_among(said, self._never_first) for said in theirs))
        orders = units(fold(" ".join(reply[start:end] for start, end in told)))
        self._orders = _runs(orders).difference(*map(_runs, theirs)) if orders else set()
        here = [line.text for line in occasion.lines if line.question == occasion.number]
        self._known = [reply, *here, occasion.role, *occasion.facts]
        said = [sentence for line in occasion.said for sentence in sentences(line)]
        self._said = [units(fold(sentence)) for sentence in said]

    def sentence(self, text: str) -> Refusal | None:
        """Why a sentence of what is said to the reply may not leave; None if it may."""
        if _QUESTION_MARK.search(fold(text).text):
            return Refusal.ASKS
        said = units(fold(text))
        if len(said) >= _NOTICED and any(contains(before, said) for before in self._said):
            return Refusal.SAID_BEFORE
        return self._harm(text, said, LONGEST_SENTENCE)

    def question(self, point_id: str, text: str) -> Refusal | None:
        """Why a follow-up may not be asked; None if it may."""
        points = self._occasion.question.points if self._occasion.question else []
        if point_id not in {point.id for point in points}:
            return Refusal.AIMLESS
        folded = fold(text).text
        if [mark.start() for mark in _QUESTION_MARK.finditer(folded)] != [len(folded.rstrip(CLOSING)) - 1]:
            return Refusal.NO_QUESTION
        said = units(fold(text))
        if any(_is_same(before, said) for before in self._said):
            return Refusal.SAID_BEFORE
        return self._harm(text, said, LONGEST_QUESTION)

    def _harm(self, text: str, said: Sequence[str], longest: tuple[int, int]) -> Refusal | None:
        question = self._occasion.question
        if _MARKUP.search(text) or not said:
            return Refusal.MARKUP
        if is_overlong(said, longest):
            return Refusal.LONG
        if is_foreign(text, self._occasion.language):
            return Refusal.LANGUAGE
        if self._grades(said):
            return Refusal.GRADES
        if _runs(said) & self._orders:
            return Refusal.OBEYS
        return Refusal.LEAKS if question and leaks(text, question, self._known) else None

    def _grades(self, said: Sequence[str]) -> bool:
        """Praise, verdict or promise; a word that only speaks of grading is free where others used it."""
        return bool(_among(said, self._never) or _among(said, self._never_first) - self._free)


def is_overlong(said: Sequence[str], longest: tuple[int, int] = LONGEST_SENTENCE) -> bool:
    """Whether units are more than may be said in one breath."""
    characters = sum(map(is_by_character, said))
    return characters > longest[0] or len(said) - characters > longest[1]


def sentences(text: str, *, whole: bool = True) -> list[str]:
    """The sentences of a text; unless it is `whole`, without the last one, which may go on."""
    parts = partition(text, _END)
    return [sentence for part in (parts if whole else parts[:-1]) if (sentence := text[slice(*part)].strip())]


def _is_same(before: Sequence[str], said: Sequence[str]) -> bool:
    pairs, others = set(runs(before, 2)), set(runs(said, 2))
    shorter = min(len(pairs), len(others))
    return shorter >= _NOTICED - 1 and len(pairs & others) >= SAME_QUESTION * shorter


def _runs(of: Sequence[str]) -> set[Run]:
    return set(runs(of, CHARACTERS_IN_COMMON, WORDS_IN_COMMON))


def _among(said: Sequence[str], phrases: frozenset[Run]) -> frozenset[Run]:
    """Those of the phrases that stand in units as they are."""
    return phrases & {run for size in set(map(len, phrases)) for run in runs(said, size)}


@lru_cache(maxsize=64)
def _folded(phrases: tuple[str, ...]) -> frozenset[Run]:
    return frozenset(tuple(units(fold(phrase))) for phrase in phrases)
