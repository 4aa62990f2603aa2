"""Whether a sentence the LLM wrote may be said by the interviewer: brief, faithful, no praise, no echo."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.text.clauses import COMMAS, LIST_COMMA, SEMICOLONS, STOPS, Dot, ends
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import contains, runs, units

LONGEST_CHARACTERS = 40
LONGEST_WORDS = 25
# A candidate can make a model repeat after them: a few of their words acknowledge, more would echo.
ECHO_CHARACTERS = 8
ECHO_WORDS = 7
# Fewer characters or words are no sentence.
_SHORTEST = 4
# Words of this many letters or more are compared without their endings.
_STEM = 4
_SENTENCE_END = ends(STOPS + "\n", Dot.BEFORE_SPACE)
_CLAUSE_END = re.compile(rf"([{COMMAS}{LIST_COMMA}{SEMICOLONS}]\s*)")
_WRAPPING = "\"'“”‘’「」『』《》`*_#>- \t\r\n"
_QUESTION_MARKS = "?？"


def first_sentence(text: str) -> str:
    """The first sentence of what an LLM wrote, without quotation marks and Markdown around it."""
    stripped = text.strip(_WRAPPING)
    end = _SENTENCE_END.search(stripped)
    return stripped[: end.start() + 1].strip(_WRAPPING) if end else stripped


def has_whole_sentence(text: str) -> bool:
    """Whether a first sentence has already ended, so that generation can stop."""
    return _SENTENCE_END.search(text.lstrip(_WRAPPING)) is not None


def beginnings(sentence: str) -> Iterator[str]:
    """The sentence, then the sentence without its last clause, and so on: the longest first."""
    stop = sentence[-1:] if _SENTENCE_END.search(sentence[-1:] + " ") else ""
    clauses = _CLAUSE_END.split(sentence.removesuffix(stop))
    for count in range(len(clauses), 0, -2):
        beginning = "".join(clauses[:count])
        if len(units(fold(beginning))) >= _SHORTEST:
            yield beginning + stop


def is_brief(sentence: str) -> bool:
    """At most `LONGEST_CHARACTERS` characters of scripts counted so and `LONGEST_WORDS` words."""
    said = units(fold(sentence))
    characters = sum(map(is_by_character, said))
    return bool(said) and characters <= LONGEST_CHARACTERS and len(said) - characters <= LONGEST_WORDS


def has_any(sentence: str, phrases: Iterable[str]) -> bool:
    """Whether one of `phrases` occurs, whole words where words are spaced."""
    said = units(fold(sentence))
    return any(contains(said, units(fold(phrase))) for phrase in phrases)


def begins_with(sentence: str, starts: Iterable[str]) -> bool:
    said = units(fold(sentence))
    return any(said[: len(start)] == start for start in (units(fold(start)) for start in starts))


def has_digit(sentence: str) -> bool:
    return any(character.isdigit() for character in sentence)


def asks(sentence: str) -> bool:
    """Whether the sentence has a question mark."""
    return any(mark in sentence for mark in _QUESTION_MARKS)


def share_from(sentence: str, source: str, besides: Sequence[str] = ()) -> float:
    """The share of the sentence's characters or words that occur in `source`, in 0..1; 0 for no words.

    Those of `besides` count neither way.
    """
    ignored = {_stem(unit) for phrase in besides for unit in units(fold(phrase))}
    known = {_stem(unit) for unit in units(fold(source))}
    said = [unit for unit in map(_stem, units(fold(sentence))) if unit not in ignored]
    return sum(unit in known for unit in said) / len(said) if said else 0.0


def echoes(sentence: str, reply: str) -> bool:
    """Whether the sentence holds a run of the reply that is too long to be an acknowledgement."""
    said, source = units(fold(sentence)), units(fold(reply))
    known = set(runs(source, ECHO_CHARACTERS, ECHO_WORDS))
    return not known.isdisjoint(runs(said, ECHO_CHARACTERS, ECHO_WORDS))


def _stem(unit: str) -> str:
    return unit if is_by_character(unit) else unit[:_STEM]
