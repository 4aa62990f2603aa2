import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.documents.document import DocumentLine
from app.documents.readers.docx import docx_lines
from app.documents.readers.limits import LIMITS
from app.errors import BadInputError
from tests.documents.files import with_part, word_file


def read(content: bytes) -> list[DocumentLine]:
    return list(docx_lines(content, LIMITS))


def numbered(
    document: WordDocument, *levels: tuple[str, str], number: int = 50, restart: int | None = None
) -> None:
    """A list with these number formats and level texts, such as ("decimal", "%1.")."""
    numbering = document.part.numbering_part.element
    shown = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    if shown:
        abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="50">{shown}</w:abstractNum>'
        numbering.insert(0, parse_xml(abstract))
    again = "" if restart is None else f'<w:startOverride w:val="{restart}"/>'
    override = f'<w:lvlOverride w:ilvl="0">{again}</w:lvlOverride>'
    one = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="50"/>{override}</w:num>'
    numbering.append(parse_xml(one))


def item(
    document: WordDocument, text: str, depth: int = 0, number: int = 50, style: str | None = None
) -> None:
    document.add_paragraph(text, style)
    properties = document.element.body.p_lst[-1].get_or_add_pPr()
    place = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    properties.append(parse_xml(place))


def test_headings_paragraphs_and_breaks_become_lines() -> None:
    def write(document: WordDocument) -> None:
        document.add_heading("客服题库", 0)
        document.add_heading("行为面试", 2)
        document.add_paragraph("第一段").add_run("\n换行")
        document.add_paragraph("")

    assert [(line.heading, line.text) for line in read(word_file(write))] == [
        (1, "客服题库"),
        (2, "行为面试"),
        (0, "第一段"),
        (0, "换行"),
    ]


def test_a_list_counts_on_after_paragraphs_between_its_items() -> None:
    def write(document: WordDocument) -> None:
        numbered(document, ("decimal", "%1."))
        for question in ("甲？", "乙？", "丙？"):
            item(document, question)
            document.add_paragraph("答案：好")

    assert [line.marker for line in read(word_file(write))] == ["1.", "", "2.", "", "3.", ""]


def test_numbered_headings_keep_their_numbers() -> None:
    def write(document: WordDocument) -> None:
        numbered(document, ("chineseCountingThousand", "%1、"), ("decimal", "%1.%2"))
        item(document, "行为面试", style="Heading 1")
        item(document, "安抚客户", 1, style="Heading 2")
        item(document, "情境面试", style="Heading 1")
        item(document, "退款", 1, style="Heading 2")

    assert [(line.heading, line.depth, line.marker, line.text) for line in read(word_file(write))] == [
        (1, 0, "一、", "行为面试"),
        (2, 0, "一.1", "安抚客户"),
        (1, 0, "二、", "情境面试"),
        (2, 0, "二.1", "退款"),
    ]


def test_nested_items_have_depth_and_the_printed_marker() -> None:
    def write(document: WordDocument) -> None:
        numbered(document, ("decimal", "第%1题"), ("lowerLetter", "(%2)"), ("bullet", "\uf0b7"))
        for text, depth in (("问", 0), ("甲", 1), ("子", 2), ("乙", 1), ("又问", 0), ("丙", 1)):
            item(document, text, depth)

    assert [(line.depth, line.marker, line.text) for line in read(word_file(write))] == [
        (1, "第1题", "问"),
        (2, "(a)", "甲"),
        (3, "•", "子"),
        (2, "(b)", "乙"),
        (1, "第2题", "又问"),
        (2, "(a)", "丙"),
    ]


def test_a_list_may_start_again() -> None:
    def write(document: WordDocument) -> None:
        numbered(document, ("decimal", "%1)"))
        numbered(document, number=51, restart=1)
        for number in (50, 50, 51, 51):
            item(document, "问", number=number)

    assert [line.marker for line in read(word_file(write))] == ["1)", "2)", "1)", "2)"]


def test_lists_by_style_are_counted_and_nested() -> None:
    def write(document: WordDocument) -> None:
        for text, style in (("问", "List Number"), ("甲", "List Bullet 2"), ("又问", "List Number")):
            document.add_paragraph(text, style)

    assert [(line.depth, line.marker) for line in read(word_file(write))] == [(1, "1."), (2, "•"), (1, "2.")]


def test_table_rows_keep_merged_cells_in_their_columns() -> None:
    def write(document: WordDocument) -> None:
        table = document.add_table(2, 3)
        for at, text in enumerate(("行为", "一", "甲", "", "二", "乙\n丙")):
            table.cell(at // 3, at % 3).text = text
        table.cell(0, 0).merge(table.cell(1, 0))

    assert [line.cells for line in read(word_file(write))] == [("行为", "一", "甲"), ("", "二", "乙\n丙")]


def test_the_table_of_contents_is_left_out() -> None:
    def write(document: WordDocument) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("一、行为面试\t1", "toc 1")
        document.add_paragraph("正文")

    assert [line.text for line in read(word_file(write))] == ["正文"]


def test_a_document_with_macros_is_read_and_they_are_left_packed() -> None:
    content = word_file(lambda document: document.add_paragraph("问"))
    assert read(with_part(content, "word/vbaProject.bin", lambda _: b"\0macro"))[0].text == "问"


def test_broken_xml_is_refused() -> None:
    content = word_file(lambda document: document.add_paragraph("问"))
    with pytest.raises(BadInputError, match="damaged"):
        read(with_part(content, "word/document.xml", lambda xml: xml[:-20]))
