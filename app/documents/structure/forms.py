"""Forms: tables in which each row is a label beside its content, one table a question or one for several."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.documents.document import DocumentLine
from app.documents.structure.cells import cell_segments, cell_spans, role_of_cell
from app.documents.structure.segments import Segment, part_starts, read_segment
from app.documents.structure.vocabulary import Role, Vocabulary

_LISTED, _PROSE = 2, 14  # parts of a list; code points from which on a text may be an answer
_WIDEST = 3  # cells of a row

_Row = tuple[DocumentLine, Role | None, int, int]  # its role and where its content begins and ends


def is_form(rows: Sequence[DocumentLine], known: Vocabulary) -> bool:
    """Whether each row is a label beside its value. Without a question's label it is about one question."""
    firsts = [role_of_cell(row.cells[0], known) for row in rows]
    named = [role for role in firsts if role is not None]
    if len(named) * 2 < len(firsts):
        return False
    if "question" in named:
        return True
    return len(named) > 1 and all(len(row.cells) <= _WIDEST for row in rows) and _has_values(rows)


def _has_values(rows: Sequence[DocumentLine]) -> bool:
    return sum(len(row.cells) > 1 for row in rows) * 2 > len(rows)


def form_segments(rows: Sequence[DocumentLine], known: Vocabulary) -> Iterator[Segment]:
    """The segments of a form's rows, each with the part its label gives it; unknown labels are asides, or
    where nothing else is, points or the answer."""
    read = [_read(row, known) for row in rows]
    starts = [at for at, (_, role, _, _) in enumerate(read) if role == "question"]
    for start, end in pairwise(sorted({0, *starts, len(read)})):
        group = _settled(read[start:end])
        for row, role, begin, stop in group:
            yield from _row_segments(row, role, begin, stop, known)


def _read(row: DocumentLine, known: Vocabulary) -> _Row:
    spans = list(cell_spans(row))
    filled = [(start, end) for start, end in spans[1:] if end > start]
    begin = min((start for start, _ in filled), default=spans[0][1])
    return row, role_of_cell(row.cells[0], known), begin, max((end for _, end in filled), default=begin)


def _settled(group: Sequence[_Row]) -> list[_Row]:
    """A question's rows with one of points at most: of several the one with most parts."""
    parts = [len(part_starts(row.text, begin, stop, fine=True)) for row, _, begin, stop in group]
    roles = [role for _, role, _, _ in group]
    pointed = [at for at, role in enumerate(roles) if role == "points"]
    unknown = [at for at, role in enumerate(roles) if role is None and group[at][3] > group[at][2]]
    best = max(pointed, key=lambda at: parts[at], default=-1)
    settled: list[Role | None] = [
        "aside" if role == "points" and at != best else role for at, role in enumerate(roles)
    ]
    if best < 0 and "answer" not in roles and unknown:
        fullest = max(unknown, key=lambda at: (parts[at], group[at][3] - group[at][2]))
        if parts[fullest] >= _LISTED:
            settled[fullest] = "points"
        elif group[fullest][3] - group[fullest][2] >= _PROSE:
            settled[fullest] = "answer"
    return [(row, role, begin, stop) for (row, _, begin, stop), role in zip(group, settled, strict=True)]


def _row_segments(
    row: DocumentLine, role: Role | None, begin: int, stop: int, known: Vocabulary
) -> Iterator[Segment]:
    if stop <= begin:
        segment = read_segment(row, 0, len(row.text.rstrip()), known) if role is None else None
        if segment is not None:
            yield segment
        return
    if role not in ("question", "marks", "answer"):
        stated = known.marks["total"].search(row.text, begin, stop) or known.marks["own"].match(
            row.text, begin, stop
        )
        if stated is not None:
            yield from cell_segments(row, stated.start(), stated.end(), "marks")
        if stated is not None and stated.start() == begin:
            begin = stated.end()
            while begin < stop and row.text[begin] in " \t。.;；,，:：":
                begin += 1
    if begin < stop:
        yield from cell_segments(row, begin, stop, role or "aside")
