"""Make the binary documents of the dataset from their truths: `python -m evals.importing.documents FONT`.

The made files are kept in the repository, so this runs only when a truth or its `layout` changes. `FONT` is
a font with the documents' characters (a collection takes its face by `--face`); the PDF embeds those it has.
"""

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from fpdf import FPDF
from fpdf.enums import WrapMode
from openpyxl import Workbook
from openpyxl.styles import Alignment

from evals.importing.slides import make_slides
from evals.importing.truth import DOCUMENTS, TrueQuestion, Truth, truths

_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
_FAMILY = "embedded"
_TITLE, _HEADING, _TEXT, _SMALL = 20, 17, 15, 10
_LINE = 9


class _Sheet(FPDF):
    """Pages with the layout's header and footer; `{nb}` is filled in with the number of pages."""

    def __init__(self, layout: dict[str, Any], font: Path, face: int) -> None:
        super().__init__()
        self._layout = layout
        self.add_font(_FAMILY, fname=font, collection_font_number=face)
        self.set_creation_date(_MADE_AT)
        self.set_auto_page_break(True, margin=45)

    def header(self) -> None:
        self.set_font(_FAMILY, size=_SMALL)
        self.cell(0, _LINE, self._layout["header"], align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-20)
        self.set_font(_FAMILY, size=_SMALL)
        self.cell(0, _LINE, self._layout["footer"].format(page=self.page_no(), pages="{nb}"), align="C")

    def write_down(self, text: str, size: int = _TEXT) -> None:
        """A paragraph, wrapped at the margin after any character."""
        self.set_font(_FAMILY, size=size)
        self.multi_cell(0, _LINE, text, align="L", wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")


def make_pdf(truth: Truth, path: Path, font: Path, face: int) -> None:
    """Numbered sections, questions and points as running text, in lines as long as the page is wide."""
    sheet = _Sheet(truth.layout, font, face)
    sheet.add_page()
    sheet.write_down(truth.layout["title"], _TITLE)
    numbers = iter(range(1, 100))
    for letter, section in zip("ABCDEFGH", truth.sections, strict=False):
        sheet.write_down(f"{letter}. {section.title.clear if section.title else ''}", _HEADING)
        for question in section.questions:
            sheet.write_down(f"{next(numbers)}. {question.text.clear}{_marks(truth, question)}")
            sheet.write_down(truth.layout["points"])
            for index, point in enumerate(question.points, 1):
                sheet.write_down(f"({index}) {point.text.clear}")
    sheet.output(str(path))


def make_docx(truth: Truth, path: Path) -> None:
    """The first section as lists that the word processor numbers, the others as tables."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_AT
    part = document.sections[0]
    part.header.paragraphs[0].text = truth.layout["header"]
    part.footer.paragraphs[0].text = truth.layout["footer"]
    document.add_heading(truth.layout["title"], 0)
    first, *others = truth.sections
    document.add_heading(first.title.clear if first.title else "", 1)
    for question in first.questions:
        document.add_paragraph(question.text.clear + _marks(truth, question), style="List Number")
        document.add_paragraph(truth.layout["points"])
        for point in question.points:
            document.add_paragraph(point.text.clear, style="List Bullet 2")
    for section in others:
        document.add_heading(section.title.clear if section.title else "", 1)
        _add_table(document, truth, section.questions)
    document.save(str(path))


def _add_table(document: Docx, truth: Truth, questions: list[TrueQuestion]) -> None:
    table = document.add_table(rows=1, cols=len(truth.layout["columns"]), style="Table Grid")
    for cell, title in zip(table.rows[0].cells, truth.layout["columns"], strict=True):
        cell.text = title
    for number, question in enumerate(questions, 1):
        points = "\n".join(point.text.clear for point in question.points)
        row = [str(number), question.text.clear, points, f"{question.marks:g}"]
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def make_xlsx(truth: Truth, path: Path) -> None:
    """A title row, a row of column titles, and a row a question; a section's name stands in merged cells."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MADE_AT.replace(tzinfo=None)
    sheet = book.worksheets[0]
    sheet.append([truth.layout["title"]])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(truth.layout["columns"]))
    sheet.append(truth.layout["columns"])
    row = 3
    for section in truth.sections:
        for values in _rows(section.title.clear if section.title else "", section.questions):
            sheet.append(values)
        end = row + len(section.questions) - 1
        sheet.merge_cells(start_row=row, end_row=end, start_column=1, end_column=1)
        row = end + 1
    for cells in sheet.iter_rows(min_row=3):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.save(path)


def _rows(title: str, questions: list[TrueQuestion]) -> Iterator[list[str | float | None]]:
    for number, question in enumerate(questions, 1):
        points = "\n".join(f"{index}. {point.text.clear}" for index, point in enumerate(question.points, 1))
        answer = question.answer.whole.clear if question.answer and question.answer.whole else None
        yield [title, number, question.text.clear, points, question.marks, answer]


def make_table_a_question(truth: Truth, path: Path) -> None:
    """A bold question without a number, then its table: a row each for what it examines, points, standard."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_AT
    document.add_paragraph().add_run(truth.layout["title"]).bold = True
    document.add_paragraph(truth.layout["note"])
    standards = iter(truth.layout["standards"])
    for section in truth.sections:
        document.add_heading(section.title.clear if section.title else "", 1)
        for question in section.questions:
            document.add_paragraph().add_run(question.text.clear).bold = True
            examined = question.examines.clear if question.examines else ""
            points = [point.text.clear for point in question.points]
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            contents = [[examined], points, [next(standards)]]
            for label, (opening, *others) in zip(truth.layout["labels"], contents, strict=True):
                first, second = table.add_row().cells
                first.text, second.text = label, opening
                for paragraph in others:
                    second.add_paragraph(paragraph)
            document.add_paragraph()
    document.save(str(path))


def make_column_a_point(truth: Truth, path: Path) -> None:
    """A sheet of instructions, then one with a row a question and a column a point, the last one blank."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MADE_AT.replace(tzinfo=None)
    instructions, sheet = book.worksheets[0], book.create_sheet()
    instructions.title, sheet.title = truth.layout["sheets"]
    for line in truth.layout["instructions"]:
        instructions.append([line])
    titles = truth.layout["columns"]
    widest = max(len(question.points) for section in truth.sections for question in section.questions)
    numbered = [titles["point"].format(number=number) for number in range(1, widest + 1)]
    sheet.append([titles["competency"], titles["question"], *numbered, titles["marks"], titles["blank"]])
    for section in truth.sections:
        for question in section.questions:
            points: list[str | None] = [point.text.clear for point in question.points]
            points += [None] * (widest - len(points))
            competency = section.title.clear if section.title else ""
            sheet.append([competency, question.text.clear, *points, question.marks])
    book.save(path)


def make_handout(truth: Truth, path: Path) -> None:
    """Headings without a number style, each question a paragraph, its points bullets of two levels, and below
    them a warning that is no point."""
    layout = truth.layout
    document = Document()
    document.core_properties.created = document.core_properties.modified = _MADE_AT
    document.sections[0].header.paragraphs[0].text = layout["header"]
    document.add_heading(layout["title"], 0)
    for line in layout["opening"]:
        document.add_paragraph(line)
    mistakes, asked = iter(layout["mistakes"]), 0
    for number, section in zip("一二三四五六七八九", truth.sections, strict=False):
        title = section.title.clear if section.title else ""
        document.add_heading(layout["section"].format(number=number, title=title), 1)
        for question in section.questions:
            asked += 1
            document.add_paragraph(layout["question"].format(number=asked, text=question.text.clear))
            document.add_paragraph().add_run(layout["points"]).bold = True
            _add_bullets(document, question)
            document.add_paragraph().add_run(layout["mistake"].format(text=next(mistakes))).italic = True
    document.add_paragraph(layout["closing"])
    document.save(str(path))


def _add_bullets(document: Docx, question: TrueQuestion) -> None:
    item = ""
    for point in question.points:
        if point.under is not None and point.under.clear != item:
            document.add_paragraph(point.under.clear, style="List Bullet")
        item = point.under.clear if point.under else ""
        document.add_paragraph(point.text.clear, style="List Bullet 2" if item else "List Bullet")


def make_sheet_a_section(truth: Truth, path: Path) -> None:
    """A sheet a section, named like it, all points of a question in one line of a cell; last a form."""
    layout = truth.layout
    book = Workbook()
    book.properties.created = book.properties.modified = _MADE_AT.replace(tzinfo=None)
    book.remove(book.worksheets[0])
    rows = iter(layout["rows"])
    for section in truth.sections:
        sheet = book.create_sheet(section.title.clear if section.title else "")
        sheet.append(layout["columns"])
        for question in section.questions:
            number, quality, follow_up, minus = next(rows)
            points = layout["between"].join(point.text.clear for point in question.points)
            sheet.append([number, quality, question.text.clear, follow_up, points, minus])
    form = book.create_sheet(layout["form"]["name"])
    for cells in layout["form"]["rows"]:
        form.append([cell or None for cell in cells])
    book.save(path)


def _marks(truth: Truth, question: TrueQuestion) -> str:
    return str(truth.layout["marks"].format(marks=f"{question.marks:g}"))


def main() -> None:
    """Make every document of the dataset whose truth has a layout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("font", type=Path)
    parser.add_argument("--face", type=int, default=0, help="which font of a collection")
    parser.add_argument("--only", default="", help="only documents whose name holds this")
    given = parser.parse_args()
    make: dict[str, Callable[[Truth, Path], None]] = {
        ".pdf": partial(make_pdf, font=given.font, face=given.face),
        ".docx": make_docx,
        ".xlsx": make_xlsx,
        "table_a_question": make_table_a_question,
        "column_a_point": make_column_a_point,
        "handout": make_handout,
        "sheet_a_section": make_sheet_a_section,
        "slides": partial(make_slides, font=given.font, face=given.face, made=_MADE_AT),
    }
    for truth in truths(DOCUMENTS):
        if truth.layout and given.only in truth.document:
            path = DOCUMENTS / truth.document
            make[truth.layout.get("make", path.suffix)](truth, path)
            print(f"{path.stat().st_size:>8,} bytes  {truth.document}")


if __name__ == "__main__":
    main()
