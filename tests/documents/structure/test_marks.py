import pytest

from app.documents.structure.marks import Promise, marks_value, own_marks, read_promise, without_promise
from app.documents.structure.vocabulary import vocabulary

KNOWN = vocabulary()


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("行为面试题(共5题,每题8分,总分40分)", Promise(5, 8, 40)),
        ("一共五题，每题八分，共四十分", Promise(5, 8, 40)),
        ("five questions of eight marks, forty in all", Promise(5, 8, 40)),
        ("Part A (4 questions, 5 marks each)", Promise(4, 5, None)),
        ("本卷满分100分", Promise(None, None, 100)),
        ("团队协作", Promise()),
    ],
)
def test_promises_are_read(text: str, promise: Promise) -> None:
    assert read_promise(text, KNOWN) == promise


def test_a_total_is_shared_out_where_the_marks_of_each_are_not_said() -> None:
    assert Promise(count=5, total=40).per_question == 8


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("行为题（共5题，每题8分）", "行为题"),
        ("行为题 共5题，每题8分", "行为题"),
        ("Part A (4 questions, 5 marks each)", "Part A"),
        ("技术（含软件）", "技术（含软件）"),
    ],
)
def test_a_title_loses_its_promise(text: str, plain: str) -> None:
    assert without_promise(text, KNOWN) == plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("请讲一次经历。（8分）", 8),
        ("(10 marks) Why?", 10),
        ("及时上报 2分", 2),
        ("及时上报：3分", 3),
        ("closes the area [2 pts]", 2),
        ("说明原因（1.5分）；", 1.5),
    ],
)
def test_marks_at_either_end_are_read(text: str, value: float) -> None:
    found = own_marks(text, KNOWN)
    assert found is not None
    assert found[0] == value


@pytest.mark.parametrize("text", ["客户给了2分", "十分重要", "（见附件）", "他（8分钟后）到达", ""])
def test_other_words_are_no_marks(text: str) -> None:
    assert own_marks(text, KNOWN) is None


@pytest.mark.parametrize(
    ("cell", "value"), [("8", 8), ("8分", 8), ("8 marks", 8), ("八分", 8), ("-", None), ("0", None)]
)
def test_a_cell_s_marks_are_read(cell: str, value: float | None) -> None:
    assert marks_value(cell, KNOWN) == value
