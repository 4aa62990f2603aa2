"""Sentences of a model answer, and where they stand in the document."""

import re
from collections.abc import Sequence

from app.documents.draft import DraftQuestion, Span
from app.text.clauses import CLOSING, SEMICOLONS, STOPS, Dot, ends, partition

_ENDS = ends(STOPS + SEMICOLONS, Dot.AT_END, closing=CLOSING)
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|No)\.$")
_BRACKETS = "）)】]"
_QUOTES = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")"}


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, trimmed, none empty. What is quoted or in brackets is not cut."""
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for _, end in partition(line, _ENDS):
            piece = line[start:end]
            # What ends inside brackets is an aside of the sentence around it.
            is_aside = piece[-1] in _BRACKETS or (len(piece) < 400 and is_open(piece))
            if end < len(line) and (is_aside or _ABBREVIATION.search(piece)):
                continue
            found.append(piece.strip())
            start = end
    return [sentence for sentence in found if any(c.isalnum() for c in sentence)]


def is_open(text: str) -> bool:
    """Whether a quotation or a bracket in the text is not closed."""
    return any(text.count(left) > text.count(right) for left, right in _QUOTES.items())


class SourceText:
    """The lines of one question's span, searched without regard to white space and line ends."""

    def __init__(self, lines: Sequence[str], question: DraftQuestion) -> None:
        self._text = ""
        self._places: list[tuple[int, int]] = []  # line and offset of each character
        span = question.span
        if span is None:
            return
        kept: list[str] = []
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            begin = span.start if number == span.line else 0
            end = span.end if number == span.end_line else len(line)
            for offset in range(begin, min(end, len(line))):
                if not line[offset].isspace():
                    kept.append(line[offset])
                    self._places.append((number, offset))
        self._text = "".join(kept)

    def span_of(self, text: str) -> Span | None:
        """Where `text` stands, list markers and white space apart; None where it does not."""
        wanted = "".join(text.split())
        start = self._text.rfind(wanted) if wanted else -1
        if start < 0:
            return None
        (line, first), (end_line, last) = self._places[start], self._places[start + len(wanted) - 1]
        return Span(line=line, start=first, end_line=end_line, end=last + 1)


def spanning(spans: Sequence[Span]) -> Span | None:
    """From the first span's beginning to the last one's end."""
    if not spans:
        return None
    first = min(spans, key=lambda span: (span.line, span.start))
    last = max(spans, key=lambda span: (span.end_line, span.end))
    return Span(line=first.line, start=first.start, end_line=last.end_line, end=last.end)
