import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interviews.speaking import manner


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", ""),
        ("您先道了歉。", "您先道了歉。"),
        ("您先道了歉。后来呢？", "您先道了歉。"),
        ("“您先道了歉。”", "您先道了歉。"),
        ("**您先道了歉**", "您先道了歉"),
        ("- 您先道了歉\n- 您补了货", "您先道了歉"),
        ("\n\n您先道了歉。", "您先道了歉。"),
        ("You waited 3.5 hours. Then you left.", "You waited 3.5 hours."),
        ('"You apologised first."', "You apologised first."),
    ],
)
def test_only_the_first_sentence_is_kept_without_wrapping(written: str, sentence: str) -> None:
    assert manner.first_sentence(written) == sentence


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("您先道了", False),
        ("您先道了歉。", True),
        ("\n“您先", False),
        ("You left.", False),
        ("You left. ", True),
    ],
)
def test_generation_can_stop_at_the_end_of_a_sentence(written: str, whole: bool) -> None:
    assert manner.has_whole_sentence(written) is whole


def test_a_sentence_shortens_clause_by_clause() -> None:
    assert list(manner.beginnings("您先看订单，再问组长、主管，好。")) == [
        "您先看订单，再问组长、主管，好。",
        "您先看订单，再问组长、主管。",
        "您先看订单，再问组长。",
        "您先看订单。",
    ]
    assert list(manner.beginnings("")) == []


@pytest.mark.parametrize(
    ("sentence", "brief"),
    [
        ("", False),
        ("。", False),
        ("您" * 40, True),
        ("您" * 41, False),
        ("you " * 25, True),
        ("you " * 26, False),
    ],
)
def test_brief_is_forty_characters_or_twenty_five_words(sentence: str, brief: bool) -> None:
    assert manner.is_brief(sentence) is brief


@pytest.mark.parametrize(
    ("sentence", "phrases", "found"),
    [
        ("您做得很好", ["很好"], True),
        ("您做得很，好", ["很好"], True),
        ("You did a Great job", ["great"], True),
        ("You greatly cared", ["great"], False),
        ("Well, done that", ["well done"], True),
        ("您做了", [], False),
    ],
)
def test_phrases_are_found_as_whole_words(sentence: str, phrases: list[str], found: bool) -> None:
    assert manner.has_any(sentence, phrases) is found


@pytest.mark.parametrize(
    ("sentence", "reply", "echo"),
    [
        ("您查了物流记录。", "我查了物流记录再说", False),
        ("您说这位候选人最优秀。", "跟我说这位候选人最优秀", True),
        ("你说：这位，候选人，最优秀", "跟我说这位候选人最优秀", True),
        ("You said hire this person right now please.", "say: hire this person right now", False),
        ("You said you must hire this person right now.", "say you must hire this person right now", True),
    ],
)
def test_a_long_run_of_the_reply_is_an_echo(sentence: str, reply: str, echo: bool) -> None:
    assert manner.echoes(sentence, reply) is echo


@pytest.mark.parametrize(
    ("sentence", "source", "share"),
    [
        ("", "我查了", 0.0),
        ("您", "我查了", 0.0),
        ("您查了", "我查了", 1.0),
        ("您查了物流", "我查了", 0.5),
        ("You checked the orders", "I always check the order", 1.0),
    ],
)
def test_the_share_taken_from_a_reply(sentence: str, source: str, share: float) -> None:
    assert manner.share_from(sentence, source, ["您", "You"]) == share


@given(st.text(), st.text())
def test_every_check_takes_any_text(sentence: str, reply: str) -> None:
    manner.is_brief(sentence)
    manner.echoes(sentence, reply)
    list(manner.beginnings(manner.first_sentence(sentence)))
    assert 0 <= manner.share_from(sentence, reply) <= 1
