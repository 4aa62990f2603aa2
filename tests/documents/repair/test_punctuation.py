"""Narrow punctuation beside hanzi."""

import pytest

from app.documents.repair.punctuation import widened


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("你好,再见!", "你好，再见！"),
        ("答案:第一;第二?", "答案：第一；第二？"),
        ("部门(如技术)协助", "部门（如技术）协助"),
        ("他说“好”,我说……?”", "他说“好”，我说……？”"),
        ("真的?!是的", "真的？！是的"),
    ],
)
def test_punctuation_of_chinese_text_becomes_full_width(narrow: str, wide: str) -> None:
    assert widened(narrow) == wide


@pytest.mark.parametrize(
    "line", ["CAD,PROE,UG", "10:30", "f(x, y)", "1.为什么", "What? No!", "", "中文。没有窄的"]
)
def test_other_punctuation_stays(line: str) -> None:
    assert widened(line) == line


def test_an_unpaired_bracket_is_judged_by_its_neighbours() -> None:
    assert widened("系统),确认 (a)") == "系统），确认 (a)"
