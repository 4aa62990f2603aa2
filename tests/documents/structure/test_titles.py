import pytest

from app.documents.structure.contents import Contents
from app.documents.structure.kinds import kind_of
from app.documents.structure.titles import role_of
from app.documents.structure.vocabulary import vocabulary
from tests.documents.documents import questions_of, understood

KNOWN = vocabulary()


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("2026年电工面试问题集", "电工"),
        ("2025年仓库主管岗位招聘面试参考题库及参考答案", "仓库主管"),
        ("Data Analyst Interview Questions", "Data Analyst"),
        ("Top 10 interview questions for a dental assistant", "dental assistant"),
        ("Question bank for welders", "welders"),
        ("题库", ""),
    ],
)
def test_the_role_is_guessed_from_the_title(title: str, role: str) -> None:
    assert role_of(title, Contents(), KNOWN) == role


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("情景题", "请讲一次经历。", "situational"),
        ("其他", "请讲一次让你难忘的失败经历。", "behavioural"),
        ("其他", "假设机器停了，你会怎么做？", "situational"),
        ("其他", "什么是接地？", "knowledge"),
        ("其他", "你为什么选择这个行业？", "motivation"),
        ("Misc", "Tell me about a time you failed.", "behavioural"),
        ("Misc", "What would you do if the line stopped?", "situational"),
        ("Misc", "What is a left join?", "knowledge"),
        ("Misc", "Why do you want this job?", "motivation"),
    ],
)
def test_the_kind_comes_from_the_section_or_the_wording(title: str, text: str, kind: str) -> None:
    assert kind_of(text, [title], KNOWN) == kind


def test_labels_name_title_and_role() -> None:
    result = understood("标题：题库甲\n岗位：焊工\n1. 什么是焊缝？\n答案：连接处。")
    assert (result.title, result.role, len(questions_of(result))) == ("题库甲", "焊工", 1)


def test_without_any_title_the_file_s_name_is_taken() -> None:
    assert understood("1. 什么是焊缝？\n答案：连接处。").title == "bank"
