"""Where sentences and clauses end, and what stands between their ends.

Callers differ in whether semicolons, ellipses and line ends close a sentence, and in which dots do: those
of "2.5 s" and "app.main" need not. They say which by a pattern of `ends`, and all cut in the same way.
"""

import re
from enum import StrEnum
from itertools import pairwise

from app.text.scripts import EAST_ASIAN

Span = tuple[int, int]  # half-open, in code points

# Marks: the insides of character classes.
STOPS = "。！？!?"
QUESTION_MARKS = "？?"
SEMICOLONS = "；;"
COMMAS = "，,"
LIST_COMMA = "、"
COLONS = "：:"
ELLIPSIS = "…"
SENTENCE_MARKS = STOPS + SEMICOLONS + ELLIPSIS
# What may follow a stop and still belongs to its sentence.
CLOSING = r"”’\"'」』）)】\]"

COMMA_NOT_IN_NUMBER = r",(?!\d)"
# Between ideographs or kana, but not between two that stand alone: those are set apart for show.
UNDUE_SPACE = rf"(?<=[{EAST_ASIAN}]{{2}})\s+(?=[{EAST_ASIAN}])|(?<=[{EAST_ASIAN}])\s+(?=[{EAST_ASIAN}]{{2}})"


class Dot(StrEnum):
    """Which dots end a sentence; `AT_END`: before white space or the text's end, `CLOSING` marks apart."""

    BEFORE_SPACE = r"\.(?=\s)"
    BEFORE_CAPITAL = r"\.(?=\s+[A-Z])"
    AT_END = rf"\.(?=[{CLOSING}]*(?:\s|\Z))"
    NOT_IN_NUMBER = r"\.(?!\d)"
    NOT_IN_WORD = r"\.(?!\w)"


_ENDED = re.compile(rf"[{SENTENCE_MARKS}.][{CLOSING}]*\n?\Z")


def ends(marks: str, *others: str, closing: str = "") -> re.Pattern[str]:
    """A pattern of `marks` or `others`, such as a `Dot`, in a row, each with `closing` marks behind it."""
    either = "|".join([f"[{re.escape(marks)}]", *others])
    return re.compile(f"(?:(?:{either})[{closing}]*)+" if closing else f"(?:{either})+")


def cut(text: str, ends: re.Pattern[str], part: Span | None = None, *, with_ends: bool = False) -> list[Span]:
    """What stands between the ends of a text, or of a `part` of it, and has letters or digits: trimmed."""
    first, last = part or (0, len(text))
    found = [match.span() for match in ends.finditer(text, first, last)]
    starts = [first, *(end for _, end in found)]
    stops = [*(end if with_ends else start for start, end in found), last]
    whole = [(start, text[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    words = [(at + len(piece) - len(piece.lstrip()), piece.strip()) for at, piece in whole]
    return [(at, at + len(piece)) for at, piece in words if any(map(str.isalnum, piece))]


def pieces(text: str, ends: re.Pattern[str], *, with_ends: bool = False) -> list[str]:
    """The words of `cut`."""
    return [text[slice(*span)] for span in cut(text, ends, with_ends=with_ends)]


def partition(text: str, ends: re.Pattern[str], part: Span | None = None) -> list[Span]:
    """All of a text, or of a `part` of it, each piece with the ends that close it; none is empty."""
    first, last = part or (0, len(text))
    places = [first, *(match.end() for match in ends.finditer(text, first, last)), last]
    return [(start, stop) for start, stop in pairwise(places) if start < stop]


def is_ended(text: str) -> bool:
    """Whether a sentence ends where the text does, but for closing quotation marks and brackets."""
    return _ENDED.search(text) is not None
