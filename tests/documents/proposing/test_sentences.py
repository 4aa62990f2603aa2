import pytest

from app.documents.draft import DraftQuestion, Span
from app.documents.proposing.sentences import SourceText, spanning, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("先道歉。再解释！行吗？", ["先道歉。", "再解释！", "行吗？"]),
        ("我会说“您好。请稍等。”再查询。", ["我会说“您好。请稍等。”", "再查询。"]),
        ("先追问（哪里不满意？）再处理。", ["先追问（哪里不满意？）再处理。"]),
        ("I wait 2.5 hours, e.g. at noon. Then I go.", ["I wait 2.5 hours, e.g. at noon.", "Then I go."]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("……", []),
        ("", []),
    ],
)
def test_sentences_are_parted_where_they_end(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def _source(lines: list[str], span: Span | None) -> SourceText:
    return SourceText(lines, DraftQuestion(key="q1", text="?", kind="knowledge", span=span))


def test_a_sentence_is_found_over_line_ends_and_white_space() -> None:
    lines = ["1. 问？", "答案：先确认现场安", " 全，再排查。", "2. 问？"]
    source = _source(lines, Span(line=1, start=0, end_line=3, end=7))
    assert source.span_of("先确认现场安全，") == Span(line=2, start=3, end_line=3, end=3)


def test_nothing_outside_the_question_is_found() -> None:
    lines = ["1. 问？", "答案：甲。", "答案：乙。"]
    source = _source(lines, Span(line=1, start=0, end_line=2, end=5))
    assert source.span_of("乙。") is None
    assert _source(lines, None).span_of("甲。") is None


def test_spans_are_joined_from_the_first_to_the_last() -> None:
    one, two = Span(line=3, start=1, end_line=3, end=4), Span(line=2, start=5, end_line=2, end=9)
    assert spanning([one, two]) == Span(line=2, start=5, end_line=3, end=4)
    assert spanning([]) is None
