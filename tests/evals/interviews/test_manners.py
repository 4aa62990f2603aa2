import pytest

from app.banks.schema import Question
from evals.interviews.manners import asks_once, leaked

QUESTION = Question(
    id="q1",
    text="请讲一次您处理投诉的经历。",
    kind="behavioural",
    points=[
        {"id": "p1", "text": "拿出两个以上的方案让客户自己挑", "probe": "到了答复那一步，您具体是怎么做的？"},
        {"id": "p2", "text": "事后回访确认客户满意", "probe": "这件事办完以后呢？"},
    ],
)


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("后来呢？", True),
        ("后来呢？？", True),
        ("后来呢？然后？", False),
        ("嗯。", False),
        ("And then?", True),
    ],
)
def test_a_follow_up_asks_one_question(text: str, once: bool) -> None:
    assert asks_once(text) is once


def test_words_of_an_open_point_are_a_leak() -> None:
    assert leaked("您有没有事后回访确认？", QUESTION, [], [])


@pytest.mark.parametrize(
    ("text", "covered", "replies"),
    [
        ("您有没有事后回访确认？", ["p2"], []),
        ("您说事后回访确认过，后来呢？", [], ["我事后回访确认过"]),
        ("到了答复那一步，您具体是怎么做的？", [], []),
        ("请讲一次您处理投诉的经历。", [], []),
    ],
)
def test_what_is_known_already_is_no_leak(text: str, covered: list[str], replies: list[str]) -> None:
    assert leaked(text, QUESTION, covered, replies) == []
