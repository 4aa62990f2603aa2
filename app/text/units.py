"""The tokeniser: a text's units are words, and the characters of scripts whose words are not counted.

What `scripts` lists is cut into characters, each with its combining marks, all else into words: runs of
letters and digits. White space, punctuation and emoji are no units; punctuation parts two stretches of units.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.text.fold import FoldedText
from app.text.fold import words as letters
from app.text.scripts import BY_CHARACTER, DECORATION, MARKS, is_by_character

Run = tuple[str, ...]

_CHARACTER = rf"(?=[^\W_])[{BY_CHARACTER}][{MARKS}]*"
_LETTERS = rf"[^\W_{BY_CHARACTER}]+(?:[{MARKS}]+[^\W_{BY_CHARACTER}]*)*"
_HALVES = re.compile(rf"{_CHARACTER}|{_LETTERS}")
_WHOLE = re.compile(rf"{_CHARACTER}|{_LETTERS}(?:['’]{_LETTERS})*")
_DROPPED = re.compile(rf"['’{DECORATION}]+")
# What may stand between two units of one stretch.
_NO_PUNCTUATION = re.compile(r"\s*|['’]")


class Unit(NamedTuple):
    """A unit, and the half-open range of the text that it takes up, in code points."""

    text: str
    start: int
    end: int


def unit_places(text: str | FoldedText, *, halves: bool = False) -> list[Unit]:
    """The units of a text in order, with their places in it.

    An apostrophe belongs to the word that it stands in, and is left out: "don't" is the unit "dont". With
    `halves` it parts two units: an index finds O'Brien by either half. A plain text is cut as it is: fold it
    where its units are compared.
    """
    given = text.text if isinstance(text, FoldedText) else text
    pattern = _HALVES if halves else _WHOLE
    return [Unit(_DROPPED.sub("", found[0]), *found.span()) for found in pattern.finditer(given)]


def units(text: str | FoldedText, *, halves: bool = False) -> list[str]:
    """The units of a text in order; see `unit_places`."""
    return [unit.text for unit in unit_places(text, halves=halves)]


def stretches(text: str | FoldedText) -> list[list[str]]:
    """The units of a text, those between two marks of punctuation together; none is empty."""
    given = text.text if isinstance(text, FoldedText) else text
    found: list[list[str]] = []
    end = -1
    for unit in unit_places(given):
        if end < 0 or not _NO_PUNCTUATION.fullmatch(given, end, unit.start):
            found.append([])
        found[-1].append(unit.text)
        end = unit.end
    return found


def runs(of: Sequence[str], length: int, words: int | None = None) -> Iterator[Run]:
    """All runs of `length` neighbouring units in order; of `words` units where they begin with a word."""
    for start, unit in enumerate(of):
        size = length if words is None or is_by_character(unit) else words
        if start + size <= len(of):
            yield tuple(of[start : start + size])


def contains(of: Sequence[str], run: Sequence[str]) -> bool:
    """Whether `run` stands in units as it is; never for an empty one."""
    return bool(run) and tuple(run) in runs(of, len(run))


def letter_pairs(text: str | FoldedText) -> set[str]:
    """All pairs of neighbouring letters of the folded text, across words and punctuation."""
    return set(map("".join, pairwise(letters(text))))
