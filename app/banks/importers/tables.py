"""Tables: a header row, or what most cells look like, says which column holds what."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.banks.importers.document import Line
from app.banks.importers.numbering import read_marker
from app.banks.importers.pieces import Piece, part_starts, read_piece
from app.banks.importers.vocabulary import Role, Vocabulary

_HEADER_ROWS = 10  # a header stands within a table's first rows
_ASKING = 0.6  # share of cells that look like questions in a column of questions

_FEWEST_CELLS, _FILLED = 3, 0.6  # cells, and their share of the rows, that tell what a column holds
_LONGEST_NAME, _NAMES = 24, 0.7  # code points of a section's name; share of different names among them
_LISTS = 0.5

Columns = dict[int, Role]


def table_pieces(rows: Sequence[Line], known: Vocabulary) -> list[Piece]:
    """The pieces of consecutive table rows, each with the part its column gives it."""
    if _is_form(rows, known):
        return list(form_pieces(rows, known))
    header, columns = _header(rows, known)
    if columns:
        return list(_by_columns(rows[header + 1 :], columns, known, rows[:header]))
    columns = _guessed(rows, known)
    if columns:
        return list(_by_columns(rows, columns, known, ()))
    return [piece for row in rows if (piece := read_piece(row, 0, len(row.text), known)) is not None]


def tables_of(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line]]]:
    """Runs of rows and runs of other lines, in order; True for rows. A table ends with its page or sheet."""
    for (is_row, _), run in groupby(
        lines, key=lambda line: (bool(line.cells), line.page if line.cells else None)
    ):
        yield is_row, list(run)


def _role_of(cell: str, known: Vocabulary) -> Role | None:
    return known.label_roles.get(cell.strip().strip("*:： ").lower())


def _header(rows: Sequence[Line], known: Vocabulary) -> tuple[int, Columns]:
    for position, row in enumerate(rows[:_HEADER_ROWS]):
        roles = {i: role for i, cell in enumerate(row.cells) if (role := _role_of(cell, known)) is not None}
        if "question" not in roles.values() and "title" in roles.values() and len(roles) > 1:
            roles = {i: "question" if role == "title" else role for i, role in roles.items()}
        if "question" in roles.values() and (len(roles) > 1 or len(row.cells) == 1):
            return position, roles | _learned(rows[position + 1 :], roles, len(row.cells))
    return 0, {}


def _learned(rows: Sequence[Line], roles: Columns, width: int) -> Columns:
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


def _is_form(rows: Sequence[Line], known: Vocabulary) -> bool:
    """Whether each row is a label beside its value."""
    firsts = [_role_of(row.cells[0], known) for row in rows]
    return sum(role is not None for role in firsts) * 2 >= len(firsts) and "question" in firsts


def _form_row(row: Line, known: Vocabulary) -> Iterator[Piece]:
    role = _role_of(row.cells[0], known)
    spans = list(_cell_spans(row))
    if role is None:
        piece = read_piece(row, 0, len(row.text), known)
        if piece is not None:
            yield piece
        return
    end = max((stop for start, stop in spans[1:] if stop > start), default=spans[0][1])
    begin = min((start for start, stop in spans[1:] if stop > start), default=end)
    yield from _cell_pieces(row, begin, end, role)


def _guessed(rows: Sequence[Line], known: Vocabulary) -> Columns:
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
    rows: Sequence[Line], columns: Columns, known: Vocabulary, above: Sequence[Line]
) -> Iterator[Piece]:
    for row in above:
        piece = read_piece(row, 0, len(row.text.rstrip()), known)
        if piece is not None:
            yield piece
    # A row's section and question come first, whatever the order of its columns.
    order = sorted(columns, key=lambda i: (columns[i] != "section", columns[i] != "question", i))
    section = ""
    for row in rows:
        spans = list(_cell_spans(row))
        for i in order:
            start, end = spans[i] if i < len(spans) else (0, 0)
            text = row.text[start:end].strip()
            if not text or columns[i] == "number" or (columns[i] == "section" and text == section):
                continue
            if columns[i] == "section":
                section = text
            yield from _cell_pieces(row, start, end, columns[i])
        for i, (start, end) in enumerate(spans):
            if i not in columns and row.text[start:end].strip():
                yield from _cell_pieces(row, start, end, "aside")


def _cell_spans(row: Line) -> Iterator[tuple[int, int]]:
    at = 0
    for cell in row.cells:
        start = row.text.find(cell, at)
        start = at if start < 0 else start
        at = min(start + len(cell), len(row.text))
        yield start, at


def _cell_pieces(row: Line, start: int, end: int, role: Role) -> Iterator[Piece]:
    text = row.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if role == "question":
        marker = read_marker(text, start)
        begin = min(marker.end, end) if marker is not None else start
        yield Piece(text[begin:end], row.number, start, begin, end, fixed="question", page=row.page)
        return
    if role not in ("points", "answer"):
        fixed = "section" if role == "section" else "label"
        label = None if role == "section" else role
        yield Piece(text[start:end], row.number, start, start, end, label=label, fixed=fixed, page=row.page)
        return
    yield Piece("", row.number, start, start, start, label=role, fixed="label", page=row.page)
    starts = part_starts(text, start, end, fine=role == "points")
    for begin, stop in zip(starts, [*starts[1:], end], strict=True):
        while stop > begin and text[stop - 1].isspace():
            stop -= 1
        marker = read_marker(text, begin)
        content = min(marker.end, stop) if marker is not None else begin
        if content < stop:
            yield Piece(
                text[content:stop],
                row.number,
                begin,
                content,
                stop,
                marker=marker,
                fixed="item",
                page=row.page,
            )
