"""The report as Markdown and as PDF."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from markdown_it import MarkdownIt

from app.db.tables import Interview
from app.interviews.schemas import (
    BankName,
    CompetencyScore,
    QuestionReport,
    Report,
    ScoreInterval,
    StarReading,
    Suggestion,
    TranscriptLine,
)
from app.scoring.card import PointScore, Quote
from app.web.languages import LANGUAGES, Language
from app.web.scores.report_markdown import plain, report_markdown
from app.web.scores.report_pdf import report_pdf
from app.web.scores.report_view import ReportView, report_view
from app.web.wording import wording

ANSWER = "我先道歉，再核对订单。"
ROLE = "在线客服专员"
SAID = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def interview() -> Interview:
    invited = {"title": ROLE}
    return Interview(id="a" * 32, language="zh-CN", created_at=SAID, settings=invited, bank_title="内部题库")


def view(answer: str = ANSWER, **more: Any) -> ReportView:
    question = QuestionReport(
        number=1,
        question_id="q",
        section="售后",
        text="客户投诉怎么办？",
        reference_answer="先道歉，再给方案。",
        competencies=["care"],
        status="scored",
        score=4,
        max_score=8,
        kind="behavioural",
        interval=ScoreInterval(low=2.5, high=5.5),
        points=[
            PointScore(
                id="p1", text="先道歉", credit=1, quotes=[Quote(seq=2, start=0, end=4, text=answer[:4])]
            ),
            PointScore(id="p2", text="给出方案", credit=0),
        ],
        suggestion=Suggestion(
            kind="add", point_id="p2", text="给出方案", example="再给方案。", probe="怎么答复？"
        ),
        star=StarReading(
            status="read", points=[PointScore(id="situation", credit=0), PointScore(id="task", credit=1)]
        ),
    )
    titles = ("共情", "沟通", "责任")
    report = Report(
        id="a" * 32,
        status="scored",
        released=True,
        mode="practice",
        bank=BankName(id="b", title="在线客服"),
        score=4,
        max_score=8,
        fingerprint="f" * 32,
        competencies=[CompetencyScore(id=title, title=title, score=0.5) for title in titles],
        questions=[question],
        interval=ScoreInterval(low=2.5, high=5.5),
        **more,
    )
    lines = [
        TranscriptLine(
            seq=1, speaker="interviewer", kind="ask", text="客户投诉怎么办？", at=SAID, question=1
        ),
        TranscriptLine(seq=2, speaker="candidate", kind="answer", text=answer, at=SAID, question=1),
    ]
    return report_view(report, lines)


def pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
async def test_markdown_and_pdf_tell_the_same(language: Language) -> None:
    t = wording(language.code)
    markdown = report_markdown(view(), interview(), t)
    printed = "".join("".join(pages(await report_pdf(view(), interview(), t, language))).split())
    assert "内部题库" not in markdown + printed
    for said in (
        t("report.title"),
        ROLE,
        t("report.interval.likely", low="2.5", high="5.5"),
        t("report.hit"),
        t("report.suggestion.title"),
        t("report.star.add_situation"),
        "先道歉，再给方案。",
        "我先道歉",
        ANSWER,
    ):
        assert said in markdown
        assert "".join(said.split()) in printed


def test_a_question_that_could_not_be_scored_says_what_its_verdicts_leave_open() -> None:
    open_one = view()
    card = open_one.questions[0].card.model_copy(
        update={"status": "not_scored", "score": None, "reason": "llm-error: no"}
    )
    told = report_markdown(
        replace(open_one, questions=(replace(open_one.questions[0], card=card),)), interview(), wording("en")
    )
    assert "leave 2.5 to 5.5 of 8 possible" in told


async def test_the_pdf_carries_its_font_and_says_what_its_pictures_show() -> None:
    made = await report_pdf(view(), interview(), wording("zh-CN"), LANGUAGES[0])
    assert b"NotoSansSC" in made
    assert b"/StructTreeRoot" in made
    assert b"zh-CN" in made


async def test_an_emoji_or_a_backslash_breaks_no_pdf() -> None:
    answer = '\\#panic() 👍🏽 $x$ #import "x" <b> ]{ עברית'
    printed = "".join(pages(await report_pdf(view(answer), interview(), wording("en"), LANGUAGES[2])))
    assert "#panic()" in printed


HOSTILE = [
    "# no heading",
    "<script>alert(1)</script>",
    "![x](http://evil.test/x.png)",
    "[x](javascript:alert(1))",
    "| a | b |",
    "- no list\n1. no list\n> no quote",
    "*bold* _italic_ `code` ~~~",
    "===\n---",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_typed_becomes_no_markup(typed: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(plain(typed))
    kinds = {token.type for token in tokens}
    inline = {child.type for token in tokens for child in token.children or ()}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}
    assert inline <= {"text", "softbreak", "text_special"}


def test_hostile_words_stay_in_their_place_in_the_whole_report() -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).render(
        report_markdown(view("<script>alert(1)</script>"), interview(), wording("en"))
    )
    assert "<script" not in rendered
