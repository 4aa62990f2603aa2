"""Tables as files that spreadsheet programs open: every cell of text is shown and never run."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

import xlsxwriter

Cell = str | float | int | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheet programs take a file without it for one in the system's own encoding.
_MARK = "\ufeff"
_PIECE = 256 * 1024


def safe_cell(text: str) -> str:
    """The text, with a leading apostrophe if a spreadsheet would read it as a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given: its apostrophe is taken off again."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def csv_file(rows: Iterable[Sequence[Cell]]) -> str:
    """A CSV file, or its beginning; numbers stay numbers, None is empty."""
    return _MARK + csv_rows(rows)


def csv_rows(rows: Iterable[Sequence[Cell]]) -> str:
    """Further rows of a CSV file."""
    written = io.StringIO()
    csv.writer(written).writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue()


async def xlsx_file(batches: AsyncIterator[Sequence[Sequence[Cell]]]) -> AsyncIterator[bytes]:
    """The pieces of a finished workbook, whose first row stays in sight; it is made in a temporary file."""
    with tempfile.TemporaryDirectory(prefix="interviewer-export-") as folder:
        path = Path(folder) / "table.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
        book = xlsxwriter.Workbook(path, {**options, "strings_to_formulas": False})
        try:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            at = 0
            async for rows in batches:
                at = await asyncio.to_thread(_write_rows, sheet, at, rows)
        finally:
            await asyncio.to_thread(book.close)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, at: int, rows: Sequence[Sequence[Cell]]) -> int:
    """Write rows from row `at` on; the first row after them."""
    for row, cells in enumerate(rows, at):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, safe_cell(cell))
            elif cell is not None:
                sheet.write_number(row, column, cell)
    return at + len(rows)


def _safe(cell: Cell) -> Cell:
    return safe_cell(cell) if isinstance(cell, str) else cell
