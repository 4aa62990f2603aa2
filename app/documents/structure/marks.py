"""Marks: what a document says of the number of its questions and of what they are worth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.numerals import read_number
from app.documents.structure.vocabulary import Vocabulary

_BRACKETS = re.compile(r"[（(【\[]\s*([^（(【\[）)】\]]{1,60})\s*[）)】\]]")
_NUMERAL = re.compile(r"\d|[一二两三四五六七八九十百]|\b[a-z]{3,9}\b", re.I)
_OPENING, _CLOSING = "（(【[", "）)】]"
_LONGEST_PREFACE = 400
_BARE_END = 24  # code points that hold marks in so many words
_END = 80  # code points at the end of a text that may hold its marks
_BARE = re.compile(r"[\s:：,，—–-]+(\S{1,3}\s?[^\s\d]{1,6})\s*$")
_MOST_MARKS = 1000.0


@dataclass(frozen=True)
class Promise:
    """What a title or preface promises: questions, marks for each, and in all; None where it says nothing."""

    count: int | None = None
    each: float | None = None
    total: float | None = None

    @property
    def per_question(self) -> float | None:
        """Marks a question: as said, or the total shared out evenly."""
        if self.each is None and self.count and self.total:
            return self.total / self.count
        return self.each


def read_promise(text: str, known: Vocabulary) -> Promise:
    """The promise at the start of `text`; empty where there is none."""
    text = text[:_LONGEST_PREFACE]
    found = {name: _first(known.marks[name], text, known) for name in ("count", "each", "total")}
    count = found["count"]
    return Promise(int(count) if count else None, found["each"] or None, found["total"] or None)


def has_promise(text: str, known: Vocabulary) -> bool:
    """Whether `text` promises a number of questions or marks for each, as a section's title does."""
    if len(text) > 200 or not _NUMERAL.search(text):
        return False
    promise = read_promise(text, known)
    return promise.count is not None or promise.each is not None


def without_promise(text: str, known: Vocabulary) -> str:
    """A section's title without the brackets, or the end, that hold its promise."""
    for match in _BRACKETS.finditer(text):
        if read_promise(match[1], known) != Promise() or own_marks(match[0], known) is not None:
            text = text[: match.start()] + text[match.end() :]
            break
    else:
        found = [match for name in ("count", "each") for match in known.marks[name].finditer(text)]
        begin = min((match.start() for match in found), default=0)
        text = text[:begin] if begin > 0 else text
    return text.strip().rstrip("：:，,、-–— ")


def own_marks(text: str, known: Vocabulary) -> tuple[float, int, int] | None:
    """Marks in brackets at either end of `text`, or in so many words at its end: value, start, end."""
    for match, offset in _at_the_ends(text):
        value = _first(known.marks["own"], match[1].strip(), known, whole=True)
        if value:
            return value, match.start() + offset, match.end() + offset
    return None


def marks_value(text: str, known: Vocabulary) -> float | None:
    """The marks that a cell or a label's value gives, such as 8, 8分 or 8 marks."""
    text = text.strip()
    value = read_number(text, known.numerals) or _first(known.marks["own"], text, known, whole=True)
    value = value or _first(known.marks["total"], text, known, whole=True)
    return value if value and 0 < value <= _MOST_MARKS else None


def _at_the_ends(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """What may hold marks, with the offset of the stretch it was found in."""
    if text[:1] in _OPENING:
        first = _BRACKETS.match(text)
        if first is not None:
            yield first, 0
    offset = max(len(text) - _END, 0)
    tail = text[offset:].rstrip(" \t。.：:；;？?")
    opening = max(tail.rfind(c) for c in _OPENING)
    if tail[-1:] in _CLOSING and opening + offset > 0:
        last = _BRACKETS.fullmatch(tail, opening)
        if last is not None:
            yield last, offset
    # It is short, so that the rest of a long text need not be searched.
    offset += max(len(tail) - _BARE_END, 0)
    bare = _BARE.search(tail[-_BARE_END:])
    if bare is not None and bare.start() + offset > 0:
        yield bare, offset


def _first(pattern: re.Pattern[str], text: str, known: Vocabulary, whole: bool = False) -> float | None:
    match = pattern.fullmatch(text) if whole else pattern.search(text)
    if match is None:
        return None
    raw = next(value for value in match.groups() if value is not None)
    value = read_number(raw, known.numerals)
    return value if value is not None and value <= 100_000 else None
