"""Whether a sentence retells a candidate's reply truly; where it doesn't, what to tell in their own words.

A small model's paraphrase swaps who did what, joins pieces of words into new ones and stops before the "but".
So each clause of it must follow one clause of the reply: its words in their order, said of the candidate,
denied exactly where they denied it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from app.interviews.speaking.phrases import Grammar
from app.text.clauses import COLONS, COMMAS, ELLIPSIS, LIST_COMMA, SEMICOLONS, STOPS
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import contains, units

_LEAST_SHARE_IN_ORDER = 0.85
# A character alone may be a piece of another word.
_SHORTEST_RUN = 2
_SENTENCE = re.compile(rf"[^{STOPS}.\n]+")
_CLAUSE = re.compile(f"[^{COMMAS}{LIST_COMMA}{SEMICOLONS}{COLONS}{ELLIPSIS}—]+")
_QUOTED = re.compile(r"[\"“”‘’「」『』《》<>]")
# What is worth telling: characters of scripts counted so, else words.
_TOLD_CHARACTERS = range(7, 27)
_TOLD_WORDS = range(4, 15)

Units = Sequence[str]


@dataclass(frozen=True)
class _Clause:
    text: str
    units: Units
    before: Sequence[Units]
    """The clauses of its sentence that precede it."""


def retells(sentence: str, reply: str, grammar: Grammar) -> bool:
    """Whether every clause of `sentence`, which speaks to the candidate, follows a clause of `reply`."""
    said = [clause.units for clause in _clauses(sentence)]
    heard = _clauses(reply)
    return bool(said) and all(any(_follows(units, clause, grammar) for clause in heard) for units in said)


def told_again(reply: str, near: str, grammar: Grammar, avoid: Sequence[str]) -> str | None:
    """The sentence or clause of `reply` most like `near`, turned from the first person to the second.

    A clause is told without its sentence only where it begins with the speaker. None where all are short or
    long, speak to somebody, or hold one of the phrases to `avoid`.
    """
    wanted = set(units(fold(near))) - _little(grammar)
    tellable = _tellable(reply, grammar)
    tellable.sort(key=lambda told: (len(wanted & set(told.units)), len(told.units)), reverse=True)
    closest = next((told for told in tellable if _stands_alone(told, grammar, avoid)), None)
    return _turned(closest.text, grammar) if closest else None


def _turned(text: str, grammar: Grammar) -> str:
    """The text with its first persons as second persons, whole words where words are spaced."""
    opening = next((words for words in grammar.openings if text.startswith(words)), "")
    text = grammar.openings.get(opening, "") + text.removeprefix(opening)
    turned = {word.lower(): to for word, to in grammar.turned.items()}
    words = sorted(turned, key=len, reverse=True)
    found = [re.escape(word) if is_by_character(word) else rf"\b{re.escape(word)}\b" for word in words]
    return re.sub("|".join(found), lambda match: turned[match[0].lower()], text, flags=re.IGNORECASE)


def _tellable(reply: str, grammar: Grammar) -> list[_Clause]:
    """Whole sentences, and clauses that begin with the speaker."""
    whole = [_Clause(text.strip(), units(fold(text)), ()) for text in _SENTENCE.findall(reply)]
    mine = [one for one in _clauses(reply) if any(_starts(one.units, 0, word) for word in grammar.speaker)]
    return [*whole, *mine]


def _clauses(text: str) -> list[_Clause]:
    found = []
    for sentence in _SENTENCE.findall(text):
        before: list[Units] = []
        for clause in _CLAUSE.findall(sentence):
            if said := units(fold(clause)):
                found.append(_Clause(clause.strip(), said, tuple(before)))
                before.append(said)
    return found


def _follows(said: Units, clause: _Clause, grammar: Grammar) -> bool:
    little = _little(grammar)
    wanted = [unit for unit in said if unit not in little]
    places = [place for place, unit in enumerate(clause.units) if unit not in little]
    kept = [clause.units[place] for place in places]
    blocks = [
        block
        for block in SequenceMatcher(None, wanted, kept, autojunk=False).get_matching_blocks()
        if block.size >= (_SHORTEST_RUN if block.size and is_by_character(wanted[block.a]) else 1)
    ]
    if not blocks or sum(block.size for block in blocks) < _LEAST_SHARE_IN_ORDER * len(wanted):
        return False
    start, end = places[blocks[0].b], places[blocks[-1].b + blocks[-1].size - 1] + 1
    told = clause.units[:end]
    return (
        _is_of_speaker(clause, start, end, grammar)
        and not any(_starts(said, 0, other) for other in grammar.others)
        and _count(said, grammar.negators) == _count(told, grammar.negators)
        and not _is_dependent(told, clause, grammar)
    )


def _is_of_speaker(clause: _Clause, start: int, end: int, grammar: Grammar) -> bool:
    """Whether the speaker acts: the first person named in the clause, else in the nearest before it."""
    ahead = clause.units[:start]
    # What stands ahead of it may rule it: "I proposed to …" is no "you …".
    if any(unit not in _little(grammar) for unit in ahead):
        return False
    nearest = (_subject(units, grammar) for units in (ahead, *reversed(clause.before), clause.units[:end]))
    return next((is_speaker for is_speaker in nearest if is_speaker is not None), False)


def _subject(units: Units, grammar: Grammar) -> bool | None:
    """Whether the first person named is the speaker; None when nobody is named."""
    speaker, other = _first(units, grammar.speaker), _first(units, grammar.others)
    return None if speaker == other else speaker < other


def _little(grammar: Grammar) -> set[str]:
    return {unit for word in grammar.little for unit in _units(word)}


def _stands_alone(told: _Clause, grammar: Grammar, avoid: Sequence[str]) -> bool:
    characters = sum(map(is_by_character, told.units))
    ending = _clauses(told.text)[-1:]
    return (
        len(told.units) in (_TOLD_CHARACTERS if characters else _TOLD_WORDS)
        and not any(_starts(told.units, 0, word) for word in grammar.hanging)
        and not any(contains(told.units, _units(word)) for word in [*grammar.addressed, *avoid])
        and not _QUOTED.search(told.text)
        and not any(_is_dependent(clause.units, clause, grammar) for clause in ending)
    )


def _is_dependent(told: Units, clause: _Clause, grammar: Grammar) -> bool:
    """Whether a dependent word stands in what is told of the clause, or ends the clause."""
    words = [_units(word) for word in grammar.dependent]
    return any(contains(told, word) or tuple(clause.units[-len(word) :]) == word for word in words)


def _count(units: Units, words: Sequence[str]) -> int:
    return sum(_starts(units, place, word) for word in words for place in range(len(units)))


def _first(units: Units, words: Sequence[str]) -> int:
    """Where the first of `words` begins; the number of units for none."""
    places = (place for place in range(len(units)) for word in words if _starts(units, place, word))
    return next(places, len(units))


@lru_cache(maxsize=4096)
def _units(word: str) -> tuple[str, ...]:
    """The units of a word of the grammar, which every clause is compared with."""
    return tuple(units(fold(word)))


def _starts(units: Units, place: int, word: str) -> bool:
    run = _units(word)
    return tuple(units[place : place + len(run)]) == run
