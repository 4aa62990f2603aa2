"""Sentences and clauses in several languages: where they end, and what stands between the ends."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.clauses import (
    CLOSING,
    COMMA_NOT_IN_NUMBER,
    COMMAS,
    LIST_COMMA,
    SENTENCE_MARKS,
    STOPS,
    UNDUE_SPACE,
    Dot,
    cut,
    ends,
    is_ended,
    partition,
    pieces,
)

SENTENCES = ends(SENTENCE_MARKS + "\n", Dot.NOT_IN_NUMBER)
CLAUSES = ends(SENTENCE_MARKS + COMMAS + LIST_COMMA, Dot.NOT_IN_WORD, UNDUE_SPACE, closing=rf"{CLOSING}\s")
TEXTS = st.text(alphabet="甲ひ한ก aB7。！?；,，、….”」)\n", max_size=40)


@pytest.mark.parametrize(
    ("text", "dot", "expected"),
    [
        ("先道歉。再核实！好吗？", Dot.NOT_IN_WORD, ["。", "！", "？"]),
        ("等一下……我想想；好！？", Dot.NOT_IN_WORD, ["……", "；", "！？"]),
        ("It took 2.5 s. Then I left.", Dot.NOT_IN_NUMBER, [".", "."]),
        ("It took 2.5 s. Then I left.", Dot.BEFORE_SPACE, ["."]),
        ("It took 2.5 s. Then I left.", Dot.AT_END, [".", "."]),
        ('He said "Stop." Then, e.g. at app.main, it did.', Dot.AT_END, [".", ".", "."]),
        ('He said "Stop." Then, e.g. at app.main, it did.', Dot.BEFORE_CAPITAL, []),
        ("He left. Then, e.g. at night, he rang.", Dot.BEFORE_CAPITAL, ["."]),
        ("See app.main or example.com/a?b now...", Dot.NOT_IN_WORD, ["?", "..."]),
        ("まず謝ります。「はい。」次に確認", Dot.NOT_IN_WORD, ["。", "。"]),
        ("먼저 사과합니다. 그다음 확인합니다.", Dot.NOT_IN_WORD, [".", "."]),
        ("ขอโทษก่อน แล้วตรวจสอบ", Dot.NOT_IN_WORD, []),
    ],
)
def test_ends_are_found_where_they_stand(text: str, dot: Dot, expected: list[str]) -> None:
    assert [found[0] for found in ends(SENTENCE_MARKS, dot).finditer(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先道歉。 再核实！好吗？", ["先道歉", "再核实", "好吗"]),
        ("まず謝ります。「はい。」次に確認", ["まず謝ります", "「はい", "」次に確認"]),
        ("먼저 사과합니다. 그다음 확인합니다.", ["먼저 사과합니다", "그다음 확인합니다"]),
        ("ขอโทษก่อน แล้วตรวจสอบ", ["ขอโทษก่อน แล้วตรวจสอบ"]),
        ("It took 2.5 s.  Then\nI left...", ["It took 2.5 s", "Then", "I left"]),
        ("先 apologise. 然后 check CRM。", ["先 apologise", "然后 check CRM"]),
        (" … ！\n——。", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_what_says_something(text: str, expected: list[str]) -> None:
    assert pieces(text, SENTENCES) == expected


def test_what_is_cut_may_keep_its_ends() -> None:
    quoting = ends(STOPS, Dot.NOT_IN_WORD, closing=f"{CLOSING}.")
    said = ["他说：“好。”", "然后呢？！", "走了...", "再说"]
    assert pieces("他说：“好。” 然后呢？！走了...再说", quoting, with_ends=True) == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先道歉， 再核实、查单号。好", ["先道歉， ", "再核实、", "查单号。", "好"]),
        ("我先道歉 然后 核实", ["我先道歉 ", "然后 ", "核实"]),
        ("满 分", ["满 分"]),
        ("謝ります　次に確認", ["謝ります　", "次に確認"]),
        ("그다음 확인", ["그다음 확인"]),
        ("ขอโทษก่อน แล้วตรวจสอบ", ["ขอโทษก่อน แล้วตรวจสอบ"]),
        ("「はい。」次に確認", ["「はい。」", "次に確認"]),
        ("I say (gently.) Then, well... wait", ["I say (gently.) ", "Then, ", "well... ", "wait"]),
        ("", []),
    ],
)
def test_a_text_is_parted_without_loss(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in partition(text, CLAUSES)] == expected


def test_a_comma_in_a_number_parts_nothing() -> None:
    assert pieces("It cost 1,000, not 2,5", ends("\n", COMMA_NOT_IN_NUMBER)) == ["It cost 1,000", "not 2,5"]


def test_a_part_of_a_text_is_cut_as_if_it_stood_alone() -> None:
    text = "甲。乙 2.5。丙"
    assert cut(text, SENTENCES, (2, 6)) == [(2, 5)]
    assert partition(text, SENTENCES, (2, 6)) == [(2, 6)]


@given(TEXTS, st.sampled_from([SENTENCES, CLAUSES]))
def test_parts_join_to_the_text_and_cuts_lie_within_them(text: str, pattern: re.Pattern[str]) -> None:
    parts = partition(text, pattern)
    assert "".join(text[slice(*span)] for span in parts) == text
    for start, end in cut(text, pattern):
        assert any(first <= start and end <= last for first, last in parts)
        assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize(
    "text", ["好。", "はい。」", 'He said "Stop."', "사과합니다.", "wait…", "[Really?]", "甲；"]
)
def test_a_finished_sentence_is_ended(text: str) -> None:
    assert is_ended(text)


@pytest.mark.parametrize("text", ["", "甲，", "ขอโทษก่อน", "好。然后", "分数：", "”"])
def test_an_unfinished_sentence_is_not_ended(text: str) -> None:
    assert not is_ended(text)
