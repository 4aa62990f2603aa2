"""Tables: a header row, or what most cells look like, says which column holds what."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from app.documents.document import DocumentLine
from app.documents.structure.cells import cell_segments, cell_spans, role_of_cell
from app.documents.structure.forms import form_segments, is_form
from app.documents.structure.segments import Segment, part_starts, read_segment
from app.documents.structure.vocabulary import Role, Vocabulary

_HEADER_ROWS = 10  # a header stands within a table's first rows
_ASKING = 0.6  # share of cells that look like questions in a column of questions

_FEWEST_CELLS, _FILLED = 3, 0.6  # cells, and their share of the rows, that tell what a column holds
_LONGEST_NAME, _NAMES = 24, 0.7  # code points of a section's name; share of different names among them
_LISTS = 0.5

_COUNTER = re.compile(
    r"(?P<head>\S.{0,40}?)\s*[#(（]?(?:\d{1,2}|[一二三四五六七八九十]|(?<![A-Za-z])[A-H])[)）]?"
)
_MANY: tuple[Role, ...] = ("points", "answer", "examines", "aside", "competency")  # roles of several columns

Columns = dict[int, Role]


def table_segments(rows: Sequence[DocumentLine], known: Vocabulary) -> list[Segment]:
    """The segments of consecutive table rows, each with the part its column gives it."""
    header, columns = _header(rows, known)
    if columns:
        return list(_by_columns(rows[header + 1 :], columns, known, rows[:header]))
    if is_form(rows, known):
        return list(form_segments(rows, known))
    columns = _guessed(rows, known)
    if columns:
        return list(_by_columns(rows, columns, known, ()))
    return [segment for row in rows if (segment := read_segment(row, 0, len(row.text), known)) is not None]


def tables_of(lines: Sequence[DocumentLine]) -> Iterator[tuple[bool, list[DocumentLine]]]:
    """Runs of rows and runs of other lines, in order; True for rows. A table ends with its page or sheet."""
    for (is_row, _), run in groupby(
        lines, key=lambda line: (bool(line.cells), line.page if line.cells else None)
    ):
        yield is_row, list(run)


def _header(rows: Sequence[DocumentLine], known: Vocabulary) -> tuple[int, Columns]:
    for position, row in enumerate(rows[:_HEADER_ROWS]):
        named = ((i, role_of_cell(cell, known)) for i, cell in enumerate(row.cells))
        roles = {i: role for i, role in named if role is not None}
        roles |= _counted(row.cells, roles, known)
        if "question" not in roles.values() and "title" in roles.values() and len(roles) > 1:
            roles = {i: "question" if role == "title" else role for i, role in roles.items()}
        if "question" in roles.values() and (len(roles) > 1 or len(row.cells) == 1):
            below = rows[position + 1 :]
            return position, roles | _learned(below, roles, len(row.cells))
    return 0, {}


def _counted(cells: Sequence[str], roles: Columns, known: Vocabulary) -> Columns:
    """Columns with the same heading and a counter, such as Key point 1, Key point 2: points, unless the
    heading is known for something else."""
    alike: dict[str, list[int]] = defaultdict(list)
    for i, cell in enumerate(cells):
        match = _COUNTER.fullmatch(cell.strip())
        if match is not None and i not in roles:
            alike[match["head"].strip().lower()].append(i)
    counted: Columns = {}
    for head, places in alike.items():
        if len(places) > 1:
            role = known.label_roles.get(head) or known.label_roles.get(f"{head}s") or "points"
            counted |= dict.fromkeys(places, role if role in _MANY else "points")
    return counted


def _grouping(rows: Sequence[DocumentLine], columns: Columns) -> int | None:
    """The column of competencies, where no other gives the sections and its few values stand in runs."""
    if "section" in columns.values():
        return None
    for i in (i for i, role in columns.items() if role == "competency"):
        cells = [row.cells[i].strip() for row in rows if i < len(row.cells) and row.cells[i].strip()]
        names = set(cells)
        runs = sum(1 for _ in groupby(cells))
        if 1 < len(names) * 2 <= len(cells) and runs == len(names) and max(map(len, names)) <= _LONGEST_NAME:
            return i
    return None


def _learned(rows: Sequence[DocumentLine], roles: Columns, width: int) -> Columns:
    """Columns whose headings mean nothing, by what they hold, where no other column is said to hold it.

    A few words over and over are sections; texts in most rows are points or, if they are no lists, answers.
    """
    learned: Columns = {}
    for i in range(width):
        cells = [row.cells[i].strip() for row in rows if i < len(row.cells) and row.cells[i].strip()]
        if i in roles or len(cells) < max(_FEWEST_CELLS, _FILLED * len(rows)):
            continue
        found = {*roles.values(), *learned.values()}
        lists = sum(len(part_starts(cell, 0, len(cell), fine=True)) > 1 for cell in cells)
        longest = max(map(len, cells))
        if longest <= _LONGEST_NAME and len(set(cells)) <= _NAMES * len(cells):
            if "section" not in found:
                learned[i] = "section"
        elif not found & {"points", "answer"} and (lists or longest > _LONGEST_NAME):
            learned[i] = "points" if lists >= _LISTS * len(cells) else "answer"
    return learned


def _guessed(rows: Sequence[DocumentLine], known: Vocabulary) -> Columns:
    width = max(len(row.cells) for row in rows)
    asking = [0.0] * width
    lengths = [0.0] * width
    for row in rows:
        for i, cell in enumerate(row.cells):
            asking[i] += bool(known.question_cue.search(cell.strip()))
            lengths[i] += len(cell)
    best = max(range(width), key=lambda i: asking[i])
    if asking[best] < _ASKING * len(rows):
        return {}
    columns: Columns = {best: "question"}
    longest = max((i for i in range(width) if i != best), key=lambda i: lengths[i], default=best)
    if longest > best and lengths[longest] > lengths[best]:
        columns[longest] = "answer"
    return columns


def _by_columns(
    rows: Sequence[DocumentLine], columns: Columns, known: Vocabulary, above: Sequence[DocumentLine]
) -> Iterator[Segment]:
    for row in above:
        segment = read_segment(row, 0, len(row.text.rstrip()), known)
        if segment is not None:
            yield segment
    # A row's section and question come first, whatever the order of its columns.
    order = sorted(columns, key=lambda i: (columns[i] != "section", columns[i] != "question", i))
    section = ""
    grouping = _grouping(rows, columns)
    for row in rows:
        spans = list(cell_spans(row))
        if grouping is not None and grouping < len(row.cells) and row.cells[grouping].strip():
            name = row.cells[grouping].strip()
            if name != section:
                section = name
                yield from cell_segments(row, *spans[grouping], "section")
        for i in order:
            start, end = spans[i] if i < len(spans) else (0, 0)
            text = row.text[start:end].strip()
            if not text or columns[i] == "number" or (columns[i] == "section" and text == section):
                continue
            if columns[i] == "section":
                section = text
            yield from cell_segments(row, start, end, columns[i])
        for i, (start, end) in enumerate(spans):
            if i not in columns and row.text[start:end].strip():
                yield from cell_segments(row, start, end, "aside")
