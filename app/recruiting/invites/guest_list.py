"""A pasted or uploaded list becomes rows: any usual encoding and separator, with or without a header."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from app.banks.importers.encodings import decode
from app.errors import BadInputError
from app.recruiting.invites.rows import MOST_ROWS, CheckedGuest, Guest
from app.recruiting.spreadsheet import plain_cell, safe_cell
from app.text import fold

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


def text_of(content: bytes) -> str:
    """The text of an uploaded list. Raises `GuestListError` for what is no text, such as an .xlsx file."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise GuestListError("not_text", "is no CSV; save the sheet as CSV, or paste its cells")
    if len(content) > MOST_BYTES:
        raise GuestListError("too_large", "is larger than 2 MB", mb=MOST_BYTES // 1_000_000)
    return decode(content).text


def read_list(text: str) -> GuestList:
    """The rows of a list; empty lines are passed over. Raises `GuestListError`."""
    rows = [(line, row) for line, row in _rows(text) if any(cell.strip() for cell in row)]
    if not rows:
        raise GuestListError("empty", "is empty")
    titles = [fold(cell).text for cell in rows[0][1]]
    columns = [_COLUMN_OF.get(title) for title in titles]
    unused: tuple[str, ...] = ()
    has_header = any(columns) and not any("@" in title for title in titles)
    if has_header:
        if "name" not in columns:
            raise GuestListError("no_name_column", "has a header without a column for names")
        header = rows.pop(0)[1]
        unused = tuple(
            cell.strip()
            for cell, title, column in zip(header, titles, columns, strict=True)
            if column is None and title and title not in _REASON
        )
        if not rows:
            raise GuestListError("empty", "has a header and no rows")
    else:
        columns = list(COLUMNS)
    if len(rows) > MOST_ROWS:
        raise GuestListError(
            "too_many", f"{len(rows):,} rows are more than {MOST_ROWS:,}", rows=len(rows), most=MOST_ROWS
        )
    return GuestList([_guest(line, row, columns) for line, row in rows], unused)


def refused_csv(refused: Sequence[CheckedGuest], reasons: Sequence[str]) -> str:
    """The refused rows with a reason each, to be corrected and sent again."""
    rows = [(*COLUMNS, _REASON[0])]
    for each, reason in zip(refused, reasons, strict=True):
        guest = each.guest
        rows.append((guest.name, guest.email, guest.reference, reason))
    return write_csv(rows)


def write_csv(rows: Sequence[Sequence[str]]) -> str:
    """A CSV that spreadsheet programs open as UTF-8, and in which no cell is a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return "\ufeff" + written.getvalue()


def _rows(text: str) -> list[tuple[int, list[str]]]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
            if len(rows) > 2 * MOST_ROWS:
                break
    except csv.Error as error:
        line = reader.line_num
        raise GuestListError("quotes", f"line {line}: {error}", line=line) from error
    return rows


def _guest(line: int, row: Sequence[str], columns: Sequence[str | None]) -> Guest:
    cells = dict.fromkeys(COLUMNS, "")
    for column, cell in zip(columns, row, strict=False):
        if column is not None and not cells[column]:
            cells[column] = plain_cell(cell.strip())
    guest = Guest.typed(line, **cells)
    extra = tuple(cell for cell in row[len(columns) :] if cell.strip())
    return Guest(guest.line, guest.name, guest.email, guest.reference, extra)
