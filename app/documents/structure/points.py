"""Rubric points: lists, nested or not, become atomic points that read on their own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.documents.draft import DraftPoint, Span
from app.documents.structure.marks import own_marks
from app.documents.structure.paragraphs import is_wrapped
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import Vocabulary
from app.documents.typesetting import is_wide, joined
from app.text.clauses import COLONS, COMMAS, SEMICOLONS, STOPS, Dot, cut, ends, is_ended

_LEAD = re.compile(r"^[^:：。；;，,]{1,24}[:：]\s*\S")
_CLAUSE_ENDS = ends(COLONS + COMMAS + SEMICOLONS + "。")
_SEMICOLONS = ends(SEMICOLONS)
_SENTENCE_ENDS = ends(STOPS, Dot.BEFORE_CAPITAL)
_STOP = ends(STOPS, Dot.BEFORE_SPACE)
_TRAILING = " \t；;，,、"
_SHORT_WIDE, _SHORT_LATIN = 16, 40  # a parent this short, without a clause of its own, only introduces


@dataclass
class _Node:
    """One list item with the items under it. `marks` are those the document gives it."""

    segments: list[Segment]
    text: str
    marks: float | None = None
    children: "list[_Node]" = field(default_factory=list)

    @property
    def introduces(self) -> bool:
        """Whether it says nothing but what its children are about."""
        if not self.children:
            return False
        if self.text.endswith((":", "：")):
            return True
        longest = _SHORT_WIDE if is_wide(self.text) else _SHORT_LATIN
        return len(self.text) <= longest and not _CLAUSE_ENDS.search(self.text)


def points_of(
    segments: Sequence[Segment], known: Vocabulary, total: float | None = None
) -> tuple[list[DraftPoint], list[Segment]]:
    """Atomic points, and the segments that are none. Weights are the document's marks where it gives any;
    points without share what is left of `total`, the question's marks.

    A parent that only introduces its children stands before each of their texts; one that says something
    itself is a point too. Texts are made of the document's words only.
    """
    segments = [segment for segment in segments if segment.text]
    if not any(_is_marked(segment) for segment in segments):
        segments = (
            [part for segment in segments for part in _sentences(segment)] if len(segments) == 1 else segments
        )
    roots, rest = _tree(segments)
    leaves = [leaf for root in roots for leaf in _leaves(root, (), None, known)]
    usual = _usual_weight([marks for _, marks, _ in leaves], total)
    points = [
        DraftPoint(text=text, weight=min(marks or usual, 100.0), span=span)
        for text, marks, span in leaves
        if text
    ]
    return points, rest


def _usual_weight(marks: Sequence[float | None], total: float | None) -> float:
    """The weight of a point whose marks the document does not give."""
    given = [value for value in marks if value is not None]
    if not given:
        return 1.0
    left = (total or 0.0) - sum(given)
    return (
        left / (len(marks) - len(given)) if left > 0 and len(given) < len(marks) else sum(given) / len(given)
    )


def has_marks(segments: Iterable[Segment], known: Vocabulary) -> bool:
    """Whether the document gives marks to single points."""
    return any(
        segment.marks is not None or own_marks(segment.text, known) is not None for segment in segments
    )


def _is_marked(segment: Segment) -> bool:
    return segment.marker is not None or segment.depth > 0 or bool(segment.fixed)


def _sentences(segment: Segment) -> list[Segment]:
    """One paragraph of points cut at its semicolons, else at its full stops."""
    text = segment.text
    parts = []
    for first, last in cut(text, _SEMICOLONS if _SEMICOLONS.search(text) else _SENTENCE_ENDS, with_ends=True):
        start, end = segment.start + first, segment.start + last
        parts.append(replace(segment, text=text[first:last], start=start, head=start, end=end))
    return parts


def _tree(segments: Sequence[Segment]) -> tuple[list[_Node], list[Segment]]:
    roots: list[_Node] = []
    rest: list[Segment] = []
    path: list[_Node] = []
    listed = any(_is_marked(segment) for segment in segments)
    for position, segment in enumerate(segments):
        following = segments[position + 1] if position + 1 < len(segments) else None
        if path and not _is_marked(segment):
            last = path[-1]
            if is_wrapped(last.segments[-1], segment) or _hangs(segment, last):
                last.segments.append(segment)
                last.text = joined(last.text, segment.text)
                continue
        if listed and not _is_marked(segment) and not _opens(segment, following) and roots:
            rest.append(segment)
            continue
        node = _Node([segment], segment.text, segment.marks)
        path = _path_to(path, segment)
        (path[-1].children if path else roots).append(node)
        path.append(node)
    return roots, rest


def _hangs(segment: Segment, last: _Node) -> bool:
    """Whether an unmarked line is indented under its item and carries it on."""
    hanging = segment.indent > last.segments[0].indent or segment.depth > 0
    return hanging and not segment.blank and not is_ended(last.text) and not last.text.endswith((":", "："))


def _opens(segment: Segment, following: Segment | None) -> bool:
    if following is None or not _is_marked(following):
        return False
    first = following.marker is None or following.marker.number <= 1
    return first and (segment.text.endswith((":", "：")) or not is_ended(segment.text))


def _path_to(path: list[_Node], segment: Segment) -> list[_Node]:
    """The items that `segment` stands under."""
    for position in reversed(range(len(path))):
        other = path[position].segments[0]
        if segment.depth and other.depth:
            if segment.depth > other.depth:
                return path[: position + 1]
            if segment.depth == other.depth and position == 0:
                return []
            continue
        if (
            segment.depth == 0
            and other.depth == 0
            and segment.indent != other.indent
            and _kind(segment) == _kind(other)
        ):
            if segment.indent > other.indent:
                return path[: position + 1]
            continue
        if _kind(segment) == _kind(other) and _follows(other, segment):
            return path[:position]
    if segment.depth and path and path[0].segments[0].depth:
        return []
    return path if _is_marked(segment) and path else []


def _kind(segment: Segment) -> tuple[str, str]:
    return (segment.marker.style, segment.marker.form) if segment.marker is not None else ("plain", "")


def _follows(before: Segment, segment: Segment) -> bool:
    if segment.marker is None or before.marker is None or not segment.marker.number:
        return True
    return segment.marker.number > before.marker.number


def _leaves(
    node: _Node, context: tuple[str, ...], marks: float | None, known: Vocabulary
) -> list[tuple[str, float | None, Span]]:
    """Texts with marks and spans of the points in `node`. `marks` is its share of its parent's."""
    text = node.text
    marks = node.marks if node.marks is not None else marks
    given = own_marks(text, known)
    if given is not None:
        value, start, end = given
        text, marks = f"{text[:start]}{text[end:]}", value
    text = _without_stop(text.strip(_TRAILING))
    node.text = text
    if not node.introduces:
        first, last = node.segments[0], node.segments[-1]
        trailing = len(last.text) - len(last.text.rstrip(_TRAILING + "。."))
        span = Span(line=first.line, start=first.start, end_line=last.line, end=last.end - trailing)
        own = [(_in_context(text, context), marks, span)]
        return [*own, *(leaf for child in node.children for leaf in _leaves(child, context, None, known))]
    share = marks / len(node.children) if marks is not None else None
    around = (*context, text.rstrip(":： "))
    return [leaf for child in node.children for leaf in _leaves(child, around, share, known)]


def _without_stop(text: str) -> str:
    """A single sentence without its full stop."""
    bare = text.rstrip("。.")
    return text if _STOP.search(bare) or text.endswith("..") else bare


def _in_context(text: str, context: tuple[str, ...]) -> str:
    for parent in reversed(context):
        if not parent:
            continue
        if _LEAD.match(text):
            text = f"{parent}·{text}" if is_wide(parent) else f"{parent} – {text}"
        else:
            text = f"{parent}：{text}" if is_wide(parent) else f"{parent}: {text}"
    return text
