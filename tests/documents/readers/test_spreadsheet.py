import datetime as dt

import pytest

from app.documents.document import DocumentLine
from app.documents.readers.limits import LIMITS
from app.documents.readers.spreadsheet import sheet_lines
from app.errors import BadInputError
from tests.documents.files import old_workbook, with_part, workbook, zipped

SHEET_XML = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> list[DocumentLine]:
    return list(sheet_lines(content, LIMITS))


def test_rows_have_their_cells_as_they_are_shown() -> None:
    row = [
        "问",
        "一\n二",
        8.0,
        0.1 + 0.2,
        True,
        dt.datetime(2025, 1, 2),
        dt.datetime(2025, 1, 2, 9, 30),
        None,
    ]
    (line,) = read(workbook({"Sheet": [row]}))
    assert line.cells == ("问", "一\n二", "8", "0.3", "TRUE", "2025-01-02", "2025-01-02 09:30:00")
    assert line.text == "\t".join(line.cells)
    assert line.page == 1


def test_empty_rows_are_left_out_and_empty_cells_keep_their_place() -> None:
    assert [line.cells for line in read(workbook({"S": [["a", "b"], [], [None, "c"]]}))] == [
        ("a", "b"),
        ("", "c"),
    ]


def test_sheets_with_names_of_their_own_begin_with_them() -> None:
    lines = read(workbook({"行为": [["问"]], "空": [], "情境": [["又问"]]}))
    assert [(line.page, line.heading, line.text) for line in lines] == [
        (1, 1, "行为"),
        (1, 0, "问"),
        (3, 1, "情境"),
        (3, 0, "又问"),
    ]


def test_numbered_sheets_have_no_names() -> None:
    assert [line.text for line in read(workbook({"Sheet1": [["a"]], "Sheet2": [["b"]]}))] == ["a", "b"]


def test_a_workbook_with_macros_is_read_and_they_are_left_packed() -> None:
    assert (
        read(with_part(workbook({"S": [["问"]]}), "xl/vbaProject.bin", lambda _: b"\0macro"))[0].text == "问"
    )


def test_an_old_workbook_is_read() -> None:
    assert [line.cells for line in read(old_workbook([["题目", "答案"], ["问", "答"]]))] == [
        ("题目", "答案"),
        ("问", "答"),
    ]


def test_an_opendocument_sheet_is_read() -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>问</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest}
    assert read(zipped(parts))[0].text == "问"
    locked = manifest.replace(b"/>", b"><manifest:encryption-data/></manifest:manifest>")
    with pytest.raises(BadInputError, match="password"):
        read(zipped(parts | {"META-INF/manifest.xml": locked}))


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    content = with_part(workbook({"S": [["问"]]}), SHEET_XML, lambda xml: bomb + xml)
    with pytest.raises(BadInputError, match="declares entities"):
        read(content)


def test_a_damaged_workbook_says_so() -> None:
    with pytest.raises(BadInputError, match="damaged"):
        read(with_part(workbook({"S": [["问"]]}), SHEET_XML, lambda xml: xml[:200]))
