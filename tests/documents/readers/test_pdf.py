from pathlib import Path

import pytest
from fpdf import FPDF

from app.documents.document import DocumentLine
from app.documents.readers.limits import LIMITS, Limits
from app.documents.readers.pdf import pdf_lines
from app.errors import BadInputError
from tests.documents.files import cjk_font, pdf, printed

PICTURE = b"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
WRAPPED = (
    "1. Describe a situation in which a customer was upset about a late parcel and",
    "say what you did to calm the customer, and how you made sure that nobody",
    "forgot it.",
    "Answer: name the delay and apologise once.",
)


def read(content: bytes, limits: Limits = LIMITS) -> list[DocumentLine]:
    return list(pdf_lines(content, limits))


def texts(content: bytes) -> list[str]:
    return [line.text for line in read(content)]


@pytest.fixture(scope="module")
def font() -> Path:
    found = cjk_font()
    if found is None:
        pytest.skip("no font with Chinese characters on this machine")
    return found


def typeset(font: Path, *paragraphs: str, header: str = "", width: float = 0) -> bytes:
    class Paper(FPDF):
        def header(self) -> None:
            if header:
                self.cell(0, 8, header, new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            if header:
                self.set_y(-15)
                self.cell(0, 8, f"- {self.page_no()} -")

    paper = Paper()
    paper.add_font("cjk", "", font)
    paper.set_font("cjk", size=11)
    paper.add_page()
    for paragraph in paragraphs:
        paper.multi_cell(width, 6.5, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def test_lines_broken_by_the_page_width_are_joined() -> None:
    assert texts(pdf([printed(*WRAPPED)])) == [" ".join(WRAPPED[:3]), WRAPPED[3]]


def test_short_lines_and_markers_begin_anew() -> None:
    lines = ("Points:", "1. Say sorry", "2. Check the order", "- by number", "(3) Call back")
    assert texts(pdf([printed(*WRAPPED, *lines)]))[2:] == list(lines)


def test_lines_far_apart_are_not_joined() -> None:
    page = printed(*WRAPPED[:2]) + b" " + printed("forgot it.", top=600)
    assert texts(pdf([page])) == [" ".join(WRAPPED[:2]), "forgot it."]


def test_a_paragraph_runs_on_over_the_page_end_past_footer_and_header() -> None:
    first = printed("Question bank", top=800) + printed(*WRAPPED, *WRAPPED[:2]) + printed("Page 1", top=40)
    second = printed("Question bank", top=800) + printed("forgot it.", "2. Next?") + printed("Page 2", top=40)
    lines = read(pdf([first, second]))
    assert [(line.page, line.text) for line in lines] == [
        (1, "Question bank"),
        (1, " ".join(WRAPPED[:3])),
        (1, WRAPPED[3]),
        (1, " ".join(WRAPPED[:3])),
        (1, "Page 1"),
        (2, "Question bank"),
        (2, "2. Next?"),
        (2, "Page 2"),
    ]


def test_a_word_that_was_broken_is_whole_where_the_document_has_it_elsewhere() -> None:
    lines = (
        "Describe a situation in which a customer was upset about a very late deliv-",
        "ery and why.",
        "Delivery",
    )
    assert texts(pdf([printed(*lines)]))[0].endswith("a very late delivery and why.")


def test_a_hyphen_at_a_line_end_stays_without_such_evidence() -> None:
    lines = (
        "Describe a situation in which a customer was helped by a really cross-",
        "functional team.",
        "End",
    )
    assert texts(pdf([printed(*lines)]))[0].endswith("a really cross-functional team.")


def test_columns_are_read_one_after_the_other() -> None:
    left = ("Describe a situation, please, in", "which a customer was upset and", "what you did then.")
    right = ("Name the steps that follow any", "complaint which was made twice", "in one week.")
    page = printed(*left) + b" " + printed(*right, left=330)
    assert texts(pdf([page])) == [" ".join(left), " ".join(right)]


def test_chinese_lines_are_joined_without_a_space(font: Path) -> None:
    question = "1.请说说你处理过的一次客户投诉，当时你先做了什么，后来怎样跟进VIP客户并避免再次发生？"
    answer = "答案：先道歉，再核实订单，最后给出时间，并在答应的时间以前主动告诉客户进展。"
    content = typeset(font, "一、行为面试题", question, "要点：", answer, width=80)
    assert texts(content) == ["一、行为面试题", question, "要点：", answer]


def test_chinese_paragraphs_survive_page_ends(font: Path) -> None:
    said = "先道歉再核实订单最后给出时间并且主动告诉客户进展"
    points = [f"{number}.{said[number % 24 :]}{said * (number % 5)}。" for number in range(1, 61)]
    lines = texts(typeset(font, *points, header="客服题库"))
    assert [line for line in lines if line[0].isdigit()] == points
    assert lines.count("客服题库") > 2


def test_an_encrypted_pdf_names_the_password() -> None:
    paper = FPDF()
    paper.set_encryption(owner_password="o", user_password="u")
    paper.add_page()
    with pytest.raises(BadInputError, match="password"):
        read(bytes(paper.output()))


def test_a_scanned_pdf_asks_for_its_text() -> None:
    with pytest.raises(BadInputError, match="scanned: 3 of 4 pages") as caught:
        read(pdf([PICTURE, PICTURE, PICTURE, printed("Some text on one page")]))
    assert "OCR" in caught.value.hint


def test_a_page_that_is_a_picture_is_shown_as_unreadable() -> None:
    lines = read(pdf([printed("1. First question?"), PICTURE, printed("2. Second question?")]))
    assert [(line.page, line.text) for line in lines] == [
        (1, "1. First question?"),
        (2, "\ufffd"),
        (3, "2. Second question?"),
    ]


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    with pytest.raises(BadInputError, match="100,000 pages"):
        read(pdf([printed("x")], copies=100_000))


def test_a_damaged_pdf_says_so() -> None:
    with pytest.raises(BadInputError, match="damaged"):
        read(b"%PDF-1.7\nnothing else")
