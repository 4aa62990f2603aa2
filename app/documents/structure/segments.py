"""Segments: a document's kept lines cut where a label or a number may begin something new.

Cuts are offers. Where the outline finds that a number is no marker, its segment is plain text again, and
segments that touch are put together, so that cutting too often loses nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.documents.document import DocumentLine
from app.documents.list_markers import Marker, box_end, read_marker, run_starts
from app.documents.numerals import number_in
from app.documents.structure.vocabulary import ANSWERING, Role, Vocabulary
from app.text.clauses import CLOSING, COLONS, COMMAS, SEMICOLONS, SENTENCE_MARKS, STOPS, ends, partition

# Repetitions are bounded, so that long runs of white space cost no time.
_LABEL = re.compile(
    r"[\s*_#>]{0,8}(?:[【\[]\s{0,3}(?P<boxed>[^】\]:：]{1,24}?)\s{0,3}\d{0,3}[】\]]\s{0,3}[:：]?|"
    r"(?P<plain>[^\s:：【\[*][^:：【\[*\n]{0,24}?)\s{0,3}[\d一二三四五]{0,2}\s{0,3}\*{0,2}"
    r"(?:[（(][^）)]{0,24}[）)]\s{0,3})?(?:[:：]\s{0,3}\*{0,2}|$))\s*"
)
_SPACED_LABEL = re.compile(r"([^\s:：]{2,8})\s{1,8}(?=\S)")
# A title set between signs, as in == Title ==.
_DECORATED = re.compile(r"\s{0,8}([=#*~_]{1,6})\s{0,3}([^=#*~_\s][^=#*~_\n]{0,60}?)\s{0,3}\1\s*$")
_INLINE_NUMBER = re.compile(
    rf"(?<=[{SENTENCE_MARKS}{COLONS}{CLOSING}\s])"
    r"(?=(?:\d{1,4}[.、．)）](?!\d)|[（(]\d{1,3}[）)]|[①-⑳]))"
)
_INLINE_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:部分|章|节))"
    rf"[^{STOPS}{SEMICOLONS}{COMMAS}\n]{{2,60}}?(?=[1１][.．、)）])"
)
_SENTENCE_ENDS = ends(STOPS + SEMICOLONS)
_LINE_ENDS, _FINE_ENDS = ends("\n", closing=r"\s"), ends(SEMICOLONS + "\n", closing=r"\s")
_LONGEST_SENTENCE = 300
_RUN_ON = 120  # a line this long may hold several questions


@dataclass(frozen=True, slots=True)
class Segment:
    """`text` is what stands at `start`..`end` of line `line` (from 1), code points, marker or label left out.

    `head` is where the segment begins, marker included. `inline` segments begin inside their line, `blank`
    ones behind an empty line. With a `label`, `text` is its value. `fixed` names the part that a table's
    columns or a tree's keys give it, `marks` what they give a point. `mark` is the marker as written.
    """

    text: str
    line: int
    head: int
    start: int
    end: int
    marker: Marker | None = None
    label: Role | None = None
    word: str = ""
    heading: int = 0
    depth: int = 0
    indent: int = 0
    inline: bool = False
    blank: bool = False
    fixed: str = ""
    mark: str = ""
    marks: float | None = None
    page: int | None = None


def segments_of(
    lines: Sequence[DocumentLine], known: Vocabulary, heads: Mapping[int, Role], spaced: Collection[int] = ()
) -> list[Segment]:
    """The segments of kept lines. `heads` forces labels on lines; `spaced` are those behind empty lines."""
    found: list[Segment] = []
    for line in lines:
        found.extend(_segments_of_line(line, line.number in spaced, known, heads.get(line.number)))
    return found


def _segments_of_line(
    line: DocumentLine, blank: bool, known: Vocabulary, forced: Role | None
) -> Iterator[Segment]:
    text = line.text
    cuts = [0, *(_cuts(text, known) if not line.heading else ()), len(text)]
    for first, (head, end) in enumerate(pairwise(cuts)):
        segment = read_segment(line, head, end, known, blank and first == 0)
        if segment is not None:
            yield segment if forced is None or first > 0 else replace(segment, label=forced, word="")


def read_segment(
    line: DocumentLine, head: int, end: int, known: Vocabulary, blank: bool = False
) -> Segment | None:
    """The segment at `head`..`end` of a line, its marker and its label read; None where there is no text."""
    text = line.text
    while end > head and text[end - 1].isspace():
        end -= 1
    start = head
    while start < end and text[start].isspace():
        start += 1
    if start == end:
        return None
    indent = start if head == 0 else 0
    decorated = _DECORATED.match(text) if head == 0 and not line.heading else None
    if decorated is not None:
        start, end = decorated.span(2)
        line = replace(line, heading=1 if decorated[1][0] in "=#" else 2)
    outer = read_marker(f"{line.marker} ", 0) if head == 0 and line.marker else None
    marker = outer or read_marker(text, start)
    begin = start if outer is not None or marker is None else min(marker.end, end)
    begin = box_end(text, begin, end) if marker is not None else begin
    segment = Segment(
        text[begin:end], line.number, start, begin, end, marker,
        heading=line.heading, depth=line.depth if head == 0 else 0, indent=indent,
        inline=head > 0, blank=blank, mark=line.marker if outer is not None else text[start:begin].strip(),
    )  # fmt: skip
    return _labelled(segment, text, known)


def _labelled(segment: Segment, text: str, known: Vocabulary) -> Segment:
    if not segment.inline:
        for pattern, role in known.openings:
            match = pattern.match(text, segment.head, segment.end)
            if match is not None:
                return _opened(segment, text, match, role)
    for pattern, role in ((known.question_marker, "question"), (known.section_marker, "section")):
        match = pattern.match(text, segment.start, segment.end)
        if match is not None:
            number = Marker("word", number_in(match["marker"]), "", match.end())
            label: Role = "question" if role == "question" else "section"
            return replace(
                segment,
                text=text[match.end() : segment.end],
                start=match.end(),
                label=label,
                word="#",
                marker=number,
            )
    spaced = _SPACED_LABEL.match(text, segment.start, segment.end)
    if spaced is not None and known.spaced_label.fullmatch(spaced[1]):
        start, word = spaced.end(), spaced[1].lower()
        label = known.label_roles[word]
        return replace(segment, text=text[start : segment.end], start=start, label=label, word=word)
    match = _LABEL.match(text, segment.start, segment.end)
    if match is None:
        return segment
    word = (match["boxed"] or match["plain"] or "").strip().lower()
    found = known.label_roles.get(word)
    if found is None or (segment.marker is not None and word in known.weak_labels):
        return segment
    is_bare = match.end() == segment.end and not text[: match.end()].rstrip().endswith((":", "：", "】", "]"))
    in_list = segment.marker is not None or segment.inline
    if is_bare and (in_list or (found not in ANSWERING and not segment.heading)):
        # A line that is nothing but the word may be a label, or an item of a list, or a title.
        return segment
    return replace(segment, text=text[match.end() : segment.end], start=match.end(), label=found, word=word)


def _opened(segment: Segment, text: str, match: re.Match[str], role: Role) -> Segment:
    """The segment behind an opening of the document's own."""
    start = min(match.end(), segment.end)
    number = number_in(match["number"]) if "number" in match.re.groupindex else 0
    marker = Marker("word", number, "", match.end()) if number else None
    return replace(segment, text=text[start : segment.end], start=start, label=role, word="#", marker=marker)


def _cuts(text: str, known: Vocabulary) -> list[int]:
    """Offsets inside a line where a section, a question or a labelled part may begin."""
    found = {match.start() for match in _INLINE_NUMBER.finditer(text)}
    found |= set(run_starts(text))
    found |= {match.start(1) for match in known.inline_question.finditer(text)}
    labels = [match.start() for match in known.inline_label.finditer(text)]
    if labels or len(text) >= _RUN_ON:
        for match in _INLINE_SECTION.finditer(text):
            found |= {match.start(), match.end()}
    numbered = sorted(found)
    for match in known.unbounded_label.finditer(text):
        at = bisect_left(numbered, match.start())
        begin = numbered[at - 1] if at else 0
        # Without a full stop before it, a label is one only where it ends a numbered sentence.
        near = match.start() - begin <= _LONGEST_SENTENCE and read_marker(text, begin)
        if near and not _SENTENCE_ENDS.search(text, begin, match.start()):
            labels.append(match.start())
    first = len(text) - len(text.lstrip())
    return sorted(cut for cut in found.union(labels) if cut > first and not _is_bare(text, cut))


def _is_bare(text: str, cut: int) -> bool:
    """Whether a number has nothing behind it, so that it ends the sentence before."""
    marker = read_marker(text, cut)
    return marker is not None and marker.end >= len(text)


def part_starts(text: str, start: int, end: int, fine: bool) -> list[int]:
    """Where the parts of a cell begin: its lines and list items; with `fine` also what semicolons part."""
    found = {at for at, _ in partition(text, _FINE_ENDS if fine else _LINE_ENDS, (start, end))}
    found |= {match.start() for match in _INLINE_NUMBER.finditer(text, start, end) if match.start() > start}
    found |= {start + cut for cut in run_starts(text[start:end]) if cut}
    return sorted(cut for cut in found if cut < end)
