"""Texts put together from pieces, and where they stand in the document."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.documents.draft import Span
from app.documents.structure.segments import Piece
from app.documents.typesetting import is_wide, joined

ENDING = re.compile(r"[。！？!?.…；;][”’\"'」』）)】\]]*$")
_LATIN_LINE, _WIDE_LINE = 45, 22  # code points
_LATIN_PAGE, _WIDE_PAGE = 240, 120


def span_of(pieces: Sequence[Piece], whole: bool = False) -> Span:
    """From the first piece's text, or with `whole` its marker, to the last one's end. Needs one piece."""
    first = pieces[0]
    return Span(
        line=first.line,
        start=first.head if whole else first.start,
        end_line=pieces[-1].line,
        end=pieces[-1].end,
    )


def flow(pieces: Iterable[Piece]) -> str:
    """Running text: lines that were wrapped are joined, paragraphs and list items keep lines of their own."""
    return "\n".join(paragraph for paragraph, _ in paragraphs(pieces))


def paragraphs(pieces: Iterable[Piece]) -> Iterator[tuple[str, list[Piece]]]:
    """Each paragraph's text with its pieces. A list item begins one, with its number if it has any."""
    text, held = "", list[Piece]()
    for piece in pieces:
        if not piece.text:
            continue
        if held and is_wrapped(held[-1], piece):
            text = joined(text, piece.text)
            held.append(piece)
            continue
        if held:
            yield text, held
        text, held = as_written(piece), [piece]
    if held:
        yield text, held


def as_written(piece: Piece) -> str:
    """The piece with its number before it; bullets are left out."""
    if piece.marker is None or not piece.marker.number or not piece.mark:
        return piece.text
    return f"{piece.mark} {piece.text}" if piece.mark[-1].isascii() else f"{piece.mark}{piece.text}"


def is_wrapped(before: Piece, piece: Piece) -> bool:
    """Whether `piece` carries on the line before it, which was broken only for want of room."""
    if (
        piece.marker is not None
        or piece.heading
        or before.heading
        or piece.blank
        or piece.label
        or piece.fixed
    ):
        return False
    ended = ENDING.search(before.text) or before.text.endswith((":", "："))
    # A line shorter than this was ended on purpose. What stands before the piece in its line counts too.
    shortest, longest = (_WIDE_LINE, _WIDE_PAGE) if is_wide(before.text) else (_LATIN_LINE, _LATIN_PAGE)
    # One that is longer than any page is wide was not broken for want of room.
    return not ended and shortest <= before.end - before.indent <= longest
