"""A document's layout: its segments without page furniture, and the part each of them plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.documents.document import Document, DocumentLine
from app.documents.structure import furniture
from app.documents.structure.outline import Part, outline
from app.documents.structure.segments import Segment, segments_of
from app.documents.structure.tables import table_segments, tables_of
from app.documents.structure.template import induce
from app.documents.structure.trees import is_tree, tree_segments
from app.documents.structure.vocabulary import ANSWERING, Role, Vocabulary
from app.text.clauses import is_ended

_FEWEST_ALIKE = 3  # questions that show how a document makes them
_ORPHAN = 20  # code points of text that make it the rest of a lost question, not a line of a title page


@dataclass(frozen=True)
class Layout:
    """A document's segments and the part each plays, furniture left out.

    `is_orphaned` if the first question is only the rest of one; `is_preview` if the document says that there
    is more of it to read elsewhere.
    """

    segments: list[Segment]
    parts: list[Part]
    is_orphaned: bool
    is_preview: bool


def read_layout(document: Document, known: Vocabulary, heads: Mapping[int, Role]) -> Layout:
    """`heads` names lines, by number, that are known to begin a question, an answer or a section."""
    lines = document.lines
    removed = furniture.furniture(lines, known)
    is_a_tree = document.format in ("yaml", "json") and not heads and is_tree(lines, known)
    segments = _segments(lines, set() if is_a_tree else removed, known, heads, is_a_tree)
    parts = without_strays(segments, outline(segments, known))
    positions = {line.number: position for position, line in enumerate(lines)}
    last = max(
        (
            positions[segment.line]
            for segment, part in zip(segments, parts, strict=True)
            if part in ("question", "label")
        ),
        default=len(lines),
    )
    behind = furniture.tail_of(lines, removed, known, last)
    if len(behind) > len(removed):
        gone = {lines[position].number for position in behind}
        kept = [
            (segment, part) for segment, part in zip(segments, parts, strict=True) if segment.line not in gone
        ]
        segments, parts = [segment for segment, _ in kept], [part for _, part in kept]
    questions = parts.count("question")
    if questions:
        segments, parts = _with_orphan(segments, parts)
    is_preview = any(known.unread.search(lines[position].text) for position in removed)
    return Layout(segments, parts, parts.count("question") > questions, is_preview)


def _segments(
    lines: Sequence[DocumentLine],
    removed: set[int],
    known: Vocabulary,
    heads: Mapping[int, Role],
    is_a_tree: bool,
) -> list[Segment]:
    segments: list[Segment] = []
    kept = furniture.kept(lines, removed)
    if is_a_tree:
        return tree_segments([lines[position] for position in kept], known)
    known = replace(known, openings=induce([lines[position] for position in kept], known).openings)
    spaced = _spaced(lines, kept)
    for is_table, run in tables_of([lines[position] for position in kept]):
        if is_table:
            segments.extend(table_segments(run, known))
        else:
            segments.extend(segments_of(run, known, heads, spaced))
    return segments


def _spaced(lines: Sequence[DocumentLine], kept: Sequence[int]) -> set[int]:
    """Numbers of the lines with nothing but empty lines before them; furniture between parts no paragraph."""
    return {
        lines[position].number
        for before, position in pairwise([-1, *kept])
        if before + 1 < position and not any(lines[i].text.strip() for i in range(before + 1, position))
    }


def _with_orphan(segments: list[Segment], parts: list[Part]) -> tuple[list[Segment], list[Part]]:
    """Where the document begins inside a question, what is left of it becomes the first question."""
    first = next(i for i, part in enumerate(parts) if part == "question")
    begin = next((i for i, part in enumerate(parts) if part == "section"), first)
    label = next((i for i in range(begin) if parts[i] == "label" and segments[i].label in ANSWERING), None)
    marker = segments[first].marker
    numbered_on = marker is not None and marker.number > 1 and begin == first
    if label is None:
        prose = [i for i in range(begin) if len(segments[i].text) >= _ORPHAN and is_ended(segments[i].text)]
        if not numbered_on or not prose:
            return segments, parts
        return segments, [*parts[: prose[0]], "question", *parts[prose[0] + 1 :]]
    if label > 0 and (label > 1 or is_ended(segments[0].text)):
        return segments, [*parts[: label - 1], "question", *parts[label:]]
    here = segments[label]
    empty = Segment("", here.line, here.head, here.head, here.head, fixed="question")
    return [*segments[:label], empty, *segments[label:]], [*parts[:label], "question", *parts[label:]]


def without_strays(segments: Sequence[Segment], parts: Sequence[Part]) -> list[Part]:
    """The parts, where a bare line between, or once behind, questions with numbers, labels or headings of
    one kind is text of the question before it: an answer too may hold a sentence that asks."""
    evened = list(parts)
    asked = [at for at, part in enumerate(parts) if part == "question"]
    carriers = [_carrier(segments[at]) for at in asked]
    for position, at in enumerate(asked):
        if carriers[position] or position == 0 or not carriers[position - 1]:
            continue
        if evened[asked[position - 1]] != "question" or "section" in parts[asked[position - 1] : at]:
            continue
        following = at + 1 < len(segments) and segments[at + 1].label in ANSWERING
        alike = carriers[max(position - _FEWEST_ALIKE, 0) : position]
        before = len(alike) == _FEWEST_ALIKE and set(alike) == {carriers[position - 1]}
        last = position + 1 == len(asked)
        goes_on = last or _goes_on(segments[asked[position - 1]], segments[asked[position + 1]])
        if before and goes_on and not following:
            evened[at] = "text"
    return evened


def _carrier(segment: Segment) -> str:
    """What marks a segment as a question besides its wording; "" for a bare line."""
    if segment.fixed or segment.label:
        return segment.fixed or str(segment.label)
    if segment.marker is not None:
        return segment.marker.style
    return "heading" if segment.heading else ""


def _goes_on(before: Segment, after: Segment) -> bool:
    """Whether two questions are neighbours by their numbers, or where they have none, by their kind."""
    if not _carrier(after) or _carrier(before) != _carrier(after):
        return False
    if before.marker is None or after.marker is None or not before.marker.number:
        return True
    return after.marker.number == before.marker.number + 1
