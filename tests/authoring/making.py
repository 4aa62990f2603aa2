"""Drafts made by hand."""

from collections.abc import Sequence
from typing import Any

from app.documents.draft import Draft, DraftPoint, DraftQuestion, DraftSection, Flag, Source, Span

LATE = "客户说包裹迟迟没有送到，您会怎么处理？"
ANGRY = "遇到情绪激动的客户，您会怎样安抚？"
WHY = "您为什么选择在线客服这份工作？"


def question(
    key: str, text: str, points: Sequence[str] = ("先道歉", "查清原因"), **fields: Any
) -> DraftQuestion:
    """A question with points of weight 1."""
    fields.setdefault("kind", "situational")
    return DraftQuestion(key=key, text=text, points=[DraftPoint(text=point) for point in points], **fields)


def draft(sections: dict[str, list[DraftQuestion]], **fields: Any) -> Draft:
    """A draft with these sections by title."""
    lines = fields.setdefault("lines", [])
    fields.setdefault("title", "在线客服")
    fields.setdefault("role", "客服专员")
    fields.setdefault("language", "zh-CN")
    fields.setdefault(
        "source",
        Source(
            name="questions.txt",
            format="text",
            sha256="0" * 64,
            lines=len(lines),
            characters=len("".join(lines)),
        ),
    )
    return Draft(
        sections=[
            DraftSection(key=f"s{number}", title=title, questions=questions)
            for number, (title, questions) in enumerate(sections.items(), 1)
        ],
        **fields,
    )


def small_draft(**fields: Any) -> Draft:
    """Two sections with three publishable questions."""
    return draft(
        {
            "情境应对": [question("q1", LATE), question("q2", ANGRY, ["先倾听", "表示理解", "给出方案"])],
            "求职动机": [question("q3", WHY, ["说出真实的理由"], kind="motivation", max_score=5)],
        },
        **fields,
    )


def flag(reason: Any, text: str = "", line: int = 0, start: int = 0, end: int = 0) -> Flag:
    """A flag; with a place when a line is given."""
    span = Span(line=line, start=start, end_line=line, end=end) if line else None
    return Flag(text=text, reason=reason, span=span)


def span(line: int, start: int, end_line: int, end: int) -> Span:
    """A place in the document."""
    return Span(line=line, start=start, end_line=end_line, end=end)
