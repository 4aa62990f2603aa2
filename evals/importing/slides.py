"""A document as slides exported to PDF: a slide a question, its words broken where the slide ends."""

from datetime import datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import WrapMode

from evals.importing.truth import Truth

_FAMILY = "embedded"
_TITLE, _QUESTION, _TEXT, _SMALL = 40, 28, 22, 11
_HEIGHT, _WIDTH, _MARGIN = 143, 254, 20  # millimetres: 16 to 9, as office programs export it


class _Slides(FPDF):
    def __init__(self, layout: dict[str, Any], font: Path, face: int, made: datetime) -> None:
        super().__init__(format=(_HEIGHT, _WIDTH), orientation="landscape")
        self._layout = layout
        self.add_font(_FAMILY, fname=font, collection_font_number=face)
        self.set_creation_date(made)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(False)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(_FAMILY, size=_SMALL)
        self.cell(0, 6, self._layout["footer"].format(page=self.page_no()), align="R")

    def add_slide(self, title: str, lines: list[str], size: int) -> None:
        """The title as large as given, then each line; both wrap after any character."""
        self.add_page()
        for text, points in [(title, size), *((line, _TEXT) for line in lines)]:
            self.set_font(_FAMILY, size=points)
            height = points / 2
            self.multi_cell(0, height, text, align="L", wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")


def make_slides(truth: Truth, path: Path, font: Path, face: int, made: datetime) -> None:
    """A cover, an agenda, a slide for each section and each question, and a last one that says thanks."""
    layout = truth.layout
    titles = [section.title.clear if section.title else "" for section in truth.sections]
    slides = _Slides(layout, font, face, made)
    slides.add_slide(layout["title"], [layout["subtitle"]], _TITLE)
    slides.add_slide(layout["agenda"], [f"• {title}" for title in titles], _QUESTION)
    asked = 0
    for number, (title, section) in enumerate(zip(titles, truth.sections, strict=True), 1):
        slides.add_slide(layout["section"].format(number=number, title=title), [], _TITLE)
        for question in section.questions:
            asked += 1
            points = [f"• {point.text.clear}" for point in question.points]
            shown = layout["question"].format(number=asked, text=question.text.clear)
            slides.add_slide(shown, [layout["points"], *points], _QUESTION)
    slides.add_slide(layout["closing"], [], _TITLE)
    slides.output(str(path))
