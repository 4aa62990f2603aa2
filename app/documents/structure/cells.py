"""Cells of a table row: where they stand in its text, and the segments they make."""

from collections.abc import Iterator

from app.documents.document import DocumentLine
from app.documents.list_markers import read_marker
from app.documents.structure.segments import Segment, part_starts
from app.documents.structure.vocabulary import Role, Vocabulary


def role_of_cell(cell: str, known: Vocabulary) -> Role | None:
    """The role that a cell names as a heading or label; None where it is neither."""
    return known.label_roles.get(cell.strip().strip("*:： ").lower())


def cell_spans(row: DocumentLine) -> Iterator[tuple[int, int]]:
    """The half-open range of each cell in the row's text."""
    at = 0
    for cell in row.cells:
        start = row.text.find(cell, at)
        start = at if start < 0 else start
        at = min(start + len(cell), len(row.text))
        yield start, at


def cell_segments(row: DocumentLine, start: int, end: int, role: Role) -> Iterator[Segment]:
    """The segments of what stands at `start`..`end` of a row: one, or a label with its items."""
    text = row.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if role == "question":
        marker = read_marker(text, start)
        begin = min(marker.end, end) if marker is not None else start
        yield Segment(text[begin:end], row.number, start, begin, end, fixed="question", page=row.page)
        return
    if role not in ("points", "answer"):
        fixed = "section" if role == "section" else "label"
        label = None if role == "section" else role
        yield Segment(text[start:end], row.number, start, start, end, label=label, fixed=fixed, page=row.page)
        return
    yield Segment("", row.number, start, start, start, label=role, fixed="label", page=row.page)
    starts = part_starts(text, start, end, fine=role == "points")
    for begin, stop in zip(starts, [*starts[1:], end], strict=True):
        while stop > begin and text[stop - 1].isspace():
            stop -= 1
        marker = read_marker(text, begin)
        content = min(marker.end, stop) if marker is not None else begin
        if content < stop:
            yield Segment(
                text[content:stop],
                row.number,
                begin,
                content,
                stop,
                marker=marker,
                fixed="item",
                page=row.page,
            )
