"""Texts put together from segments, and where they stand in the document."""

from collections.abc import Iterable, Iterator, Sequence

from app.documents.draft import Span
from app.documents.structure.segments import Segment
from app.documents.typesetting import is_wide, joined
from app.text.clauses import is_ended

ASKING = ("?", "？")
_LATIN_LINE, _WIDE_LINE = 45, 22  # code points
_LATIN_PAGE, _WIDE_PAGE = 240, 120


def span_of(segments: Sequence[Segment], whole: bool = False) -> Span:
    """From the first segment's text, or with `whole` its marker, to the last one's end. Needs one segment."""
    first = segments[0]
    return Span(
        line=first.line,
        start=first.head if whole else first.start,
        end_line=segments[-1].line,
        end=segments[-1].end,
    )


def flow(segments: Iterable[Segment]) -> str:
    """Running text: lines that were wrapped are joined, paragraphs and list items keep lines of their own."""
    return "\n".join(paragraph for paragraph, _ in paragraphs(segments))


def paragraphs(segments: Iterable[Segment]) -> Iterator[tuple[str, list[Segment]]]:
    """Each paragraph's text with its segments. A list item begins one, with its number if it has any."""
    text, held = "", list[Segment]()
    for segment in segments:
        if not segment.text:
            continue
        if held and is_wrapped(held[-1], segment):
            text = joined(text, segment.text)
            held.append(segment)
            continue
        if held:
            yield text, held
        text, held = as_written(segment), [segment]
    if held:
        yield text, held


def as_written(segment: Segment) -> str:
    """The segment with its number before it; bullets are left out."""
    if segment.marker is None or not segment.marker.number or not segment.mark:
        return segment.text
    return f"{segment.mark} {segment.text}" if segment.mark[-1].isascii() else f"{segment.mark}{segment.text}"


def is_wrapped(before: Segment, segment: Segment) -> bool:
    """Whether `segment` carries on the line before it, which was broken only for want of room."""
    if (
        segment.marker is not None
        or segment.heading
        or before.heading
        or segment.blank
        or segment.label
        or segment.fixed
    ):
        return False
    ended = is_ended(before.text) or before.text.endswith((":", "："))
    # A line shorter than this was ended on purpose. What stands before the segment in its line counts too.
    shortest, longest = (_WIDE_LINE, _WIDE_PAGE) if is_wide(before.text) else (_LATIN_LINE, _LATIN_PAGE)
    # One that is longer than any page is wide was not broken for want of room.
    return not ended and shortest <= before.end - before.indent <= longest
