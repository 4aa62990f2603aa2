"""A pasted or uploaded list becomes rows: any usual encoding and separator, with or without a header."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from app.documents.readers.encodings import decode
from app.errors import BadInputError
from app.recruiting.invites.guests import MOST_ROWS, CheckedGuest, Guest
from app.spreadsheets import csv_file, plain_cell
from app.text.fold import fold

if TYPE_CHECKING:
    import _csv

MOST_BYTES = 2_000_000
COLUMNS = ("name", "email", "reference")
# As folded: lower case, Simplified, half-width.
_TITLES = {
    "name": ("name", "full name", "candidate", "candidate name", "姓名", "名字", "候选人", "候选人姓名"),
    "email": ("email", "e-mail", "mail", "email address", "邮箱", "邮件", "电子邮箱", "电子邮件", "邮箱地址"),
    "reference": ("reference", "ref", "id", "number", "编号", "候选人编号", "序号", "工号", "备注"),
}
_COLUMN_OF = {title: column for column, titles in _TITLES.items() for title in titles}
_DELIMITERS = ("\t", ",", ";", "，", "；")
# More lines are read by nobody: they are several lists.
_MOST_READ = 4 * MOST_ROWS
# The columns that a list of refused rows has besides.
_REASON = ("reason", "原因")


class GuestListError(BadInputError):
    """A list that can't be read; `kind` is a stable name, `values` what its sentence needs."""

    def __init__(self, kind: str, detail: str, **values: object) -> None:
        self.kind = kind
        self.values = values
        super().__init__(f"list: {detail}", hint="Send columns name, email, reference; one guest a line.")


@dataclass(frozen=True)
class GuestList:
    """The rows, and the titles of columns that mean nothing here."""

    guests: list[Guest]
    unused: tuple[str, ...] = ()


class _Row(NamedTuple):
    """The cells of a line; of one that is no CSV, the whole of it as its only cell."""

    line: int
    cells: list[str]
    is_broken: bool = False


def text_of(content: bytes) -> str:
    """The text of an uploaded list. Raises `GuestListError` for what is no text, such as an .xlsx file."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise GuestListError("not_text", "is no CSV; save the sheet as CSV, or paste its cells")
    if len(content) > MOST_BYTES:
        raise GuestListError("too_large", "is larger than 2 MB", mb=MOST_BYTES // 1_000_000)
    return decode(content).text


def read_list(text: str) -> GuestList:
    """The rows of a list; empty lines are passed over. Raises `GuestListError`.

    Rows that can't be read, and those beyond `MOST_ROWS`, have a flaw; the others can be invited.
    """
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise GuestListError("empty", "is empty")
    titles = [] if rows[0].is_broken else [fold(cell).text for cell in rows[0].cells]
    columns = [_COLUMN_OF.get(title) for title in titles]
    unused: tuple[str, ...] = ()
    has_header = any(columns) and not any("@" in title for title in titles)
    if has_header:
        if "name" not in columns:
            raise GuestListError("no_name_column", "has a header without a column for names")
        header = rows.pop(0).cells
        unused = tuple(
            cell.strip()
            for cell, title, column in zip(header, titles, columns, strict=True)
            if column is None and title and title not in _REASON
        )
        if not rows:
            raise GuestListError("empty", "has a header and no rows")
    else:
        columns = list(COLUMNS)
    if len(rows) > _MOST_READ:
        raise GuestListError("too_many", f"has more than {_MOST_READ:,} rows", most=_MOST_READ)
    guests = [_guest(row, columns) for row in rows]
    guests[MOST_ROWS:] = [replace(guest, flaw="beyond") for guest in guests[MOST_ROWS:]]
    return GuestList(guests, unused)


def refused_csv(refused: Sequence[CheckedGuest], reasons: Sequence[str]) -> str:
    """The refused rows with a reason each, to be corrected and sent again."""
    rows = [(*COLUMNS, _REASON[0])]
    for each, reason in zip(refused, reasons, strict=True):
        guest = each.guest
        rows.append((guest.name, guest.email, guest.reference, reason))
    return csv_file(rows)


def _rows(text: str) -> list[_Row]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    reader = _reader(io.StringIO(text), delimiter)
    rows: list[_Row] = []
    try:
        for cells in reader:
            rows.append(_Row(reader.line_num, cells))
            if len(rows) > _MOST_READ + 1:
                break
    except csv.Error:
        # A quotation mark that is not closed takes in all that follows: each line is read for itself.
        lines = text.split("\n")[: _MOST_READ + 2]
        return [_line(number, line, delimiter) for number, line in enumerate(lines, 1)]
    return rows


def _line(number: int, line: str, delimiter: str) -> _Row:
    try:
        return _Row(number, next(_reader(io.StringIO(line), delimiter), []))
    except csv.Error:
        return _Row(number, [line], is_broken=True)


def _reader(source: Iterable[str], delimiter: str) -> "_csv.Reader":
    return csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)


def _guest(row: _Row, columns: Sequence[str | None]) -> Guest:
    if row.is_broken:
        return Guest(row.line, row.cells[0].strip(), flaw="quotes")
    cells = dict.fromkeys(COLUMNS, "")
    for column, cell in zip(columns, row.cells, strict=False):
        if column is not None and not cells[column]:
            cells[column] = plain_cell(cell.strip())
    guest = Guest.typed(row.line, **cells)
    extra = tuple(cell for cell in row.cells[len(columns) :] if cell.strip())
    return Guest(guest.line, guest.name, guest.email, guest.reference, extra)
