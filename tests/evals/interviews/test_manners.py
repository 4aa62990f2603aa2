from pathlib import Path

import pytest

from app.banks.schema import Question
from app.errors import SetupError
from evals.interviews.manners import (
    FOLDER,
    Manners,
    acknowledgement_of,
    asks_once,
    faults,
    leaked,
    read_manners,
)

ZH = read_manners("zh-CN")
QUESTION = Question(
    id="q1",
    text="请讲一次您处理投诉的经历。",
    kind="behavioural",
    points=[
        {"id": "p1", "text": "拿出两个以上的方案让客户自己挑", "probe": "到了答复那一步，您具体是怎么做的？"},
        {"id": "p2", "text": "事后回访确认客户满意", "probe": "这件事办完以后呢？"},
    ],
    reference_answer="我当场给了她换货和退款两条路，第二天又打电话问用得怎么样。",
)
ASKED = "好的，我记下了。\n\n想再问一句：到了答复那一步，您具体是怎么做的？"


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("您怎么做的？", True),
        ("How did you do it?", True),
        ("怎么做的？为什么？", False),
        ("请说说。", False),
        ("真的？？", True),
    ],
)
def test_one_question_at_a_time(text: str, once: bool) -> None:
    assert asks_once(text) is once


def test_the_acknowledgement_stands_before_the_blank_line() -> None:
    assert acknowledgement_of(ASKED) == "好的，我记下了。"
    assert acknowledgement_of("您怎么做的？") == ""


def test_a_plain_follow_up_has_no_fault() -> None:
    assert faults(ASKED, "嗯，谢谢您说这些。\n\n还想了解一点：后来呢？", ZH) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ASKED, "repeated-acknowledgement"),
        ("好，您还有一个要点没说，能讲讲吗？", "meta-words"),
        ("好的，**您说得对**，那后来呢，能讲讲吗？", "markup"),
        ("后来呢？", "too-short"),
        ("您能再讲讲吗" * 30 + "？", "too-long"),
    ],
)
def test_each_fault_is_found(text: str, fault: str) -> None:
    assert fault in faults(text, ASKED, ZH)


def test_meta_words_are_whole_words_where_words_are_spaced() -> None:
    manners = Manners(shortest=1, longest=50, meta_words=["output"])
    assert faults("What was the outputs of it?", "", manners) == []
    assert faults("Your Output was what?", "", manners) == ["meta-words"]


def test_the_probe_gives_nothing_away() -> None:
    assert leaked(ASKED, QUESTION, "p1", ["我先道歉。"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "您有没有拿出两个以上的方案？",
        "您有没有回访确认客户满意？",
        "您是不是当场给了她换货和退款？",
        "您有没有回访、确认客户？",
    ],
)
def test_words_of_rubric_and_reference_answer_are_found(text: str) -> None:
    assert leaked(text, QUESTION, "p1", ["我先道歉。"])


def test_a_run_across_punctuation_is_found_by_the_second_check_alone() -> None:
    found = leaked("方案，让客户怎么样？", QUESTION, "p1", [])
    assert found
    assert all(leak.startswith("run: p1") for leak in found)


def test_what_the_candidate_said_is_no_leak() -> None:
    assert leaked("您说回访确认客户满意，那时怎么样？", QUESTION, "p1", ["我会事后回访确认客户满意。"]) == []


def test_an_unknown_language_names_the_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"xx\.yaml"):
        read_manners("xx", tmp_path)


def test_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    text = (FOLDER / "en.yaml").read_text(encoding="utf-8") + "\nlongst: 3\n"
    (tmp_path / "en.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match="longst"):
        read_manners("en", tmp_path)
