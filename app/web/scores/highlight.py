"""Cuts a line of the transcript where quotes begin and end, so that a page can mark them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """`[start:end]` of a line, in code points, quoted for `point`; `anchor` names the quote on the page."""

    start: int
    end: int
    point: str
    anchor: str


@dataclass(frozen=True)
class Segment:
    """A stretch of text quoted for the same points; `anchors` are the quotes that begin with it."""

    text: str
    points: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


def segments(text: str, spans: Iterable[Span]) -> list[Segment]:
    """`text` in pieces that joined give it back; spans may overlap, and are clipped to the text."""
    inside = [
        Span(max(span.start, 0), min(span.end, len(text)), span.point, span.anchor)
        for span in spans
        if max(span.start, 0) < min(span.end, len(text))
    ]
    cuts = sorted({0, len(text)}.union(*({span.start, span.end} for span in inside)))
    pieces = []
    for start, end in pairwise(cuts):
        covering = [span for span in inside if span.start <= start and end <= span.end]
        pieces.append(
            Segment(
                text[start:end],
                tuple(dict.fromkeys(span.point for span in covering)),
                tuple(span.anchor for span in covering if span.start == start),
            )
        )
    return pieces
