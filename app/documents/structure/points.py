"""Rubric points: lists, nested or not, become atomic points that read on their own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.documents.draft import DraftPoint, Span
from app.documents.structure.marks import own_marks
from app.documents.structure.paragraphs import ENDING, is_wrapped
from app.documents.structure.segments import Piece
from app.documents.structure.vocabulary import Vocabulary
from app.documents.typesetting import is_wide, joined

_LEAD = re.compile(r"^[^:：。；;，,]{1,24}[:：]\s*\S")
_SEPARATOR = re.compile(r"[；;]\s*|(?<=[。！？!?])\s*|(?<=\.)\s+(?=[A-Z])")
_TRAILING = " \t；;，,、"
_SHORT_WIDE, _SHORT_LATIN = 16, 40  # a parent this short, without a clause of its own, only introduces


@dataclass
class _Node:
    """One list item with the items under it. `marks` are those the document gives it."""

    pieces: list[Piece]
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
        return len(self.text) <= longest and not re.search(r"[:：，,。；;]", self.text)


def points_of(
    pieces: Sequence[Piece], known: Vocabulary, total: float | None = None
) -> tuple[list[DraftPoint], list[Piece]]:
    """Atomic points, and the pieces that are none. Weights are the document's marks where it gives any;
    points without share what is left of `total`, the question's marks.

    A parent that only introduces its children stands before each of their texts; one that says something
    itself is a point too. Texts are made of the document's words only.
    """
    pieces = [piece for piece in pieces if piece.text]
    if not any(_is_marked(piece) for piece in pieces):
        pieces = [part for piece in pieces for part in _sentences(piece)] if len(pieces) == 1 else pieces
    roots, rest = _tree(pieces)
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


def has_marks(pieces: Iterable[Piece], known: Vocabulary) -> bool:
    """Whether the document gives marks to single points."""
    return any(piece.marks is not None or own_marks(piece.text, known) is not None for piece in pieces)


def _is_marked(piece: Piece) -> bool:
    return piece.marker is not None or piece.depth > 0 or bool(piece.fixed)


def _sentences(piece: Piece) -> list[Piece]:
    """One paragraph of points cut at its semicolons, else at its full stops."""
    strong = [match for match in _SEPARATOR.finditer(piece.text) if match[0].strip()]
    cuts = strong or list(_SEPARATOR.finditer(piece.text))
    starts = [0, *(match.end() for match in cuts)]
    parts = []
    for start, end in zip(starts, [*starts[1:], len(piece.text)], strict=True):
        text = piece.text[start:end]
        begin = piece.start + start + len(text) - len(text.lstrip())
        if text.strip():
            parts.append(
                replace(piece, text=text.strip(), start=begin, head=begin, end=begin + len(text.strip()))
            )
    return parts


def _tree(pieces: Sequence[Piece]) -> tuple[list[_Node], list[Piece]]:
    roots: list[_Node] = []
    rest: list[Piece] = []
    path: list[_Node] = []
    listed = any(_is_marked(piece) for piece in pieces)
    for position, piece in enumerate(pieces):
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        if path and not _is_marked(piece):
            last = path[-1]
            if is_wrapped(last.pieces[-1], piece) or _hangs(piece, last):
                last.pieces.append(piece)
                last.text = joined(last.text, piece.text)
                continue
        if listed and not _is_marked(piece) and not _opens(piece, following) and roots:
            rest.append(piece)
            continue
        node = _Node([piece], piece.text, piece.marks)
        path = _path_to(path, piece)
        (path[-1].children if path else roots).append(node)
        path.append(node)
    return roots, rest


def _hangs(piece: Piece, last: _Node) -> bool:
    """Whether an unmarked line is indented under its item and carries it on."""
    hanging = piece.indent > last.pieces[0].indent or piece.depth > 0
    return (
        hanging and not piece.blank and not ENDING.search(last.text) and not last.text.endswith((":", "："))
    )


def _opens(piece: Piece, following: Piece | None) -> bool:
    if following is None or not _is_marked(following):
        return False
    first = following.marker is None or following.marker.number <= 1
    return first and (piece.text.endswith((":", "：")) or not ENDING.search(piece.text))


def _path_to(path: list[_Node], piece: Piece) -> list[_Node]:
    """The items that `piece` stands under."""
    for position in reversed(range(len(path))):
        other = path[position].pieces[0]
        if piece.depth and other.depth:
            if piece.depth > other.depth:
                return path[: position + 1]
            if piece.depth == other.depth and position == 0:
                return []
            continue
        if (
            piece.depth == 0
            and other.depth == 0
            and piece.indent != other.indent
            and _kind(piece) == _kind(other)
        ):
            if piece.indent > other.indent:
                return path[: position + 1]
            continue
        if _kind(piece) == _kind(other) and _follows(other, piece):
            return path[:position]
    if piece.depth and path and path[0].pieces[0].depth:
        return []
    return path if _is_marked(piece) and path else []


def _kind(piece: Piece) -> tuple[str, str]:
    return (piece.marker.style, piece.marker.form) if piece.marker is not None else ("plain", "")


def _follows(before: Piece, piece: Piece) -> bool:
    if piece.marker is None or before.marker is None or not piece.marker.number:
        return True
    return piece.marker.number > before.marker.number


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
        first, last = node.pieces[0], node.pieces[-1]
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
    return text if re.search(r"[。！？!?]|\.(?=\s|$)", bare) or text.endswith("..") else bare


def _in_context(text: str, context: tuple[str, ...]) -> str:
    for parent in reversed(context):
        if not parent:
            continue
        if _LEAD.match(text):
            text = f"{parent}·{text}" if is_wide(parent) else f"{parent} – {text}"
        else:
            text = f"{parent}：{text}" if is_wide(parent) else f"{parent}: {text}"
    return text
