"""Printed lines become paragraphs again, across page ends too."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.documents.document import DocumentLine
from app.documents.list_markers import read_marker
from app.documents.typesetting import begins_anew, columns, first_word, gap, masked, running_heads

_SAME_SIZE = 0.08
_SAME_PITCH = 1.3  # times the usual distance from one base line to the next
_SAME_BASELINE = 0.3  # line heights
_INDENT = 0.8  # line heights
_SLACK = 0.3  # line heights
_BUCKET = 40.0  # points
_REACHES = 14.0  # points
_EDGE = 3  # lines at the head and foot of a page
_MOST_PIECES = 400  # texts and what is between them
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class PrintedLine:
    """A line as printed. Lengths in points, `baseline` upwards, `size` the font's and `height` its box's.

    `broken_word` says that it ends in a hyphen behind which its last word goes on in the next line.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    height: float
    size: float
    broken_word: bool = False


def paragraphs(
    pages: Sequence[Sequence[PrintedLine]], unreadable: Mapping[int, str]
) -> Iterator[DocumentLine]:
    """The lines of all pages with broken paragraphs joined; `unreadable` pages (from 1) as the text given.

    A paragraph that runs on over a page end is joined too. What stands between its halves, a footer and the
    next page's header, comes behind it, nothing is left out.
    """
    running = running_heads([[line.text for line in page] for page in pages], _EDGE, fewest=2)
    typesetting = _Typesetting(pages)
    paragraph: _Paragraph | None = None
    between: list[DocumentLine] = []
    for number, page in enumerate(pages, 1):
        head, body, foot = _parted(page, running)
        between += [DocumentLine(line.text, 0, page=number) for line in head]
        if number in unreadable:
            between.append(DocumentLine(unreadable[number], 0, page=number))
        for line in body:
            if paragraph is not None and paragraph.runs_on(line, typesetting):
                paragraph.add(line, typesetting)
                continue
            if paragraph is not None:
                yield paragraph.line()
            yield from between
            between = []
            paragraph = _Paragraph(line)
        between += [DocumentLine(line.text, 0, page=number) for line in foot]
    if paragraph is not None:
        yield paragraph.line()
    yield from between


class _Paragraph:
    def __init__(self, line: PrintedLine) -> None:
        self._texts = [line.text]
        self._page = line.page
        self.end = line

    def runs_on(self, line: PrintedLine, typesetting: "_Typesetting") -> bool:
        return len(self._texts) < _MOST_PIECES and typesetting.runs_on(self.end, line)

    def add(self, line: PrintedLine, typesetting: "_Typesetting") -> None:
        if self.end.broken_word:
            between = ""
            if typesetting.is_word(self.end.text.split()[-1][:-1] + first_word(line.text)):
                self._texts[-1] = self._texts[-1][:-1]
        else:
            between = " " if _is_marker(self.end.text) else gap(self.end.text, line.text)
        self._texts += between, line.text
        self.end = line

    def line(self) -> DocumentLine:
        return DocumentLine("".join(self._texts), 0, page=self._page)


def _is_marker(text: str) -> bool:
    found = read_marker(f"{text} ")
    return found is not None and found.end > len(text)


def _parted(
    page: Sequence[PrintedLine], running: set[str]
) -> tuple[Sequence[PrintedLine], Sequence[PrintedLine], Sequence[PrintedLine]]:
    """Header, body and footer."""
    head, foot = 0, len(page)
    while head < min(_EDGE, len(page)) and masked(page[head].text) in running:
        head += 1
    while foot > max(len(page) - _EDGE, head) and masked(page[foot - 1].text) in running:
        foot -= 1
    return page[:head], page[head:foot], page[foot:]


class _Typesetting:
    """How the document is set: where lines that begin at some place can end, how far apart lines are."""

    def __init__(self, pages: Sequence[Sequence[PrintedLine]]) -> None:
        rights: dict[int, list[float]] = {}
        for page in pages:
            for line in page:
                rights.setdefault(int(line.left // _BUCKET), []).append(line.right)
        self._margins = {bucket: _often_reached(ends) for bucket, ends in rights.items()}
        pitches = [
            (line.baseline - following.baseline) / line.height
            for page in pages
            for line, following in pairwise(page)
            if 0 < line.baseline - following.baseline < 4 * line.height and self._is_full(line, following)
        ]
        self._pitch = statistics.median(pitches) if pitches else 2.0
        self._words = {
            word for page in pages for line in page for word in _WORD.findall(line.text.casefold())
        }

    def is_word(self, text: str) -> bool:
        """Whether the document has the word elsewhere, without a hyphen."""
        return all(word in self._words for word in _WORD.findall(text.casefold()))

    def runs_on(self, line: PrintedLine, following: PrintedLine) -> bool:
        """Whether the second line goes on with the first one's paragraph."""
        if not _alike(line.size, following.size) and not _alike(line.height, following.height):
            return False
        pitch = (line.baseline - following.baseline) / line.height
        # A marker may be set apart, by a tabulator or on a line of its own.
        alone = _is_marker(line.text) and not begins_anew(following.text)
        beside = abs(pitch) < _SAME_BASELINE and following.left >= line.right
        if beside and (alone or line.broken_word):
            return True
        if line.page == following.page and not 0 < pitch < _SAME_PITCH * self._pitch:
            return False
        if alone or line.broken_word:
            return True
        indented = following.left - line.left > _INDENT * line.height
        if begins_anew(following.text) or (indented and not begins_anew(line.text)):
            return False
        return self._is_full(line, following)

    def _is_full(self, line: PrintedLine, following: PrintedLine) -> bool:
        """Whether the next line's first word did not fit any more: had it, the line end would be meant."""
        word = columns(first_word(following.text)) / max(columns(following.text), 1)
        width = (following.right - following.left) * word
        buckets = {int(each.left // _BUCKET) + step for each in (line, following) for step in (-1, 0, 1)}
        margin = max(self._margins[bucket] for bucket in buckets if bucket in self._margins)
        return line.right + width + _SLACK * line.height > margin


def _alike(first: float, second: float) -> bool:
    return abs(first - second) <= _SAME_SIZE * max(first, second)


def _often_reached(ends: Sequence[float]) -> float:
    """The rightmost end that another line reaches too: a title may be wider than its column."""
    ordered = sorted(ends, reverse=True)
    return next((end for end, other in pairwise(ordered) if end - other < _REACHES), ordered[0])
