"""Spreadsheets become lines, one a row, by calamine: XLSX, XLSM, XLSB, XLS and ODS."""

import datetime as dt
import io
import re
from collections.abc import Iterator

import python_calamine as calamine

from app.documents.document import DocumentLine, row
from app.documents.readers.archive import packed, text_parts
from app.documents.readers.limits import Limits, refused

_Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None
_NUMBER_AT_END = re.compile(r"\s*\d+$")
_UNWANTED = (
    "media/",
    "embeddings/",
    "vbaProject",
    "printerSettings",
    "Pictures/",
    "Thumbnails/",
    "docProps/",
)


def sheet_lines(content: bytes, limits: Limits) -> Iterator[DocumentLine]:
    """The rows of all sheets with their cells, not yet numbered; `page` is the sheet's number.

    Where sheets have names of their own, each begins with its name as a heading. Formulas count with the
    value that was stored; nothing is calculated or run.
    Raises `BadInputError` for a workbook that is damaged, encrypted, or unpacks to too much.
    """
    if content.startswith(b"PK"):
        parts = text_parts(content, lambda name: not any(part in name for part in _UNWANTED), limits)
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise _locked()
        source = packed(parts)
    else:
        source = io.BytesIO(content)
    try:
        workbook = calamine.load_workbook(source)
        names = workbook.sheet_names
        named = len(names) > 1 and len({_NUMBER_AT_END.sub("", name) for name in names}) > 1
        for number, name in enumerate(names, 1):
            rows = [
                row([_text(cell) for cell in cells]) for cells in workbook.get_sheet_by_name(name).iter_rows()
            ]
            filled = [line for line in rows if line.cells]
            if named and filled:
                yield DocumentLine(name, 0, heading=1, page=number)
            for line in filled:
                yield DocumentLine(line.text, 0, cells=line.cells, page=number)
    except calamine.PasswordError:
        raise _locked() from None
    except calamine.CalamineError as error:
        raise refused(
            f"The spreadsheet is damaged: {error}",
            "open it in the program it was made with, save it again as .xlsx, and import that",
        ) from None


def _locked() -> Exception:
    return refused("The spreadsheet is protected by a password", "remove the password and save it again")


def _text(cell: _Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    text = "" if cell is None else str(cell)
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
