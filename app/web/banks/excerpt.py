"""Stretches of a document around a place, with what matters marked. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.documents.draft import Span
from app.text.clauses import ELLIPSIS, SENTENCE_MARKS, Dot, ends
from app.web.scores.highlight import Span as Marked
from app.web.scores.highlight import segments

_SENTENCE_ENDS = ends(SENTENCE_MARKS + "\t", Dot.BEFORE_SPACE)
_MOST_AROUND = 90
_MOST_BESIDE = 40
_MOST_LINES = 60
_MOST_CHARACTERS = 6000
_ALIKE = 0.4
_LONGEST_COMPARED = 2000
_BOX = "▯"
_SHOWN_CONTROLS = "\t\n"


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class ExcerptLine:
    """A line of the document: `pieces` belong to what is shown, `lead` and `trail` stand around it."""

    number: int
    lead: str
    pieces: tuple[Piece, ...]
    trail: str


def in_sentence(line: str, start: int, end: int, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The sentence of `line` that holds `[start:end]`, with `pieces` in the place of that range.

    At most 90 characters are shown on each side.
    """
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(line)]
    first = max((place for place in ends if place <= start), default=0)
    last = min((place for place in ends if place >= end), default=len(line))
    lead, trail = line[first:start], line[end:last]
    if len(lead) > _MOST_AROUND:
        lead = ELLIPSIS + lead[-_MOST_AROUND:]
    if len(trail) > _MOST_AROUND:
        trail = trail[:_MOST_AROUND] + ELLIPSIS
    around = (Piece(visible(lead)), *pieces, Piece(visible(trail)))
    return tuple(piece for piece in around if piece.text)


def compared(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts with what differs marked; wholly marked where they have little in common."""
    if len(before) + len(after) > _LONGEST_COMPARED:
        return (Piece(visible(before), True),), (Piece(visible(after), True),)
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.ratio() < _ALIKE:
        return (Piece(visible(before), True),), (Piece(visible(after), True),)
    old: list[Piece] = []
    new: list[Piece] = []
    for kind, i, j, k, m in match.get_opcodes():
        old.append(Piece(visible(before[i:j]), kind != "equal"))
        new.append(Piece(visible(after[k:m]), kind != "equal"))
    return tuple(piece for piece in old if piece.text), tuple(piece for piece in new if piece.text)


def source_lines(lines: Sequence[str], span: Span, marks: Iterable[Span] = ()) -> list[ExcerptLine]:
    """The lines of `span` with what stands around it, the places `marks` marked; cut after 60 lines."""
    places = list(marks)
    shown: list[ExcerptLine] = []
    room = _MOST_CHARACTERS
    for number in range(span.line, min(span.end_line, len(lines), span.line + _MOST_LINES) + 1):
        text = lines[number - 1]
        start = span.start if number == span.line else 0
        end = min(span.end if number == span.end_line else len(text), start + room)
        lead, trail = text[:start], text[end:]
        if len(lead) > _MOST_BESIDE:
            lead = ELLIPSIS + lead[-_MOST_BESIDE:]
        if len(trail) > _MOST_BESIDE:
            trail = trail[:_MOST_BESIDE] + ELLIPSIS
        pieces = _marked(text, number, start, end, places)
        shown.append(ExcerptLine(number, visible(lead), pieces, visible(trail)))
        room -= end - start
        if room <= 0:
            break
    return shown


def visible(text: str) -> str:
    """The text with characters that no font shows replaced by a box."""
    return "".join(_BOX if _is_unseen(character) else character for character in text)


def _is_unseen(character: str) -> bool:
    return character not in _SHOWN_CONTROLS and unicodedata.category(character) in {"Co", "Cc", "Cn", "Cs"}


def _marked(text: str, number: int, start: int, end: int, marks: Iterable[Span]) -> tuple[Piece, ...]:
    spans = [
        Marked(
            (mark.start if mark.line == number else 0) - start,
            (mark.end if mark.end_line == number else len(text)) - start,
            "",
            "",
        )
        for mark in marks
        if mark.line <= number <= mark.end_line
    ]
    return tuple(Piece(visible(part.text), bool(part.points)) for part in segments(text[start:end], spans))
