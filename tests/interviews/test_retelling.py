import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interviews.retelling import quotable, retells
from tests.interviews.interviewing import EN, ZH

GRAMMAR = ZH.acknowledgement.grammar
REPLY = (
    "以前改个地址要填三张表。我没敢一下子全换，先挑了早班三个人试跑一个星期。我跟他讲了缘由，他听了也点头。"
    "心里再不认同，我也不会说难听的话。有人折腾半天的账号在我手里登上了。我整理好来龙去脉，请领班接手。"
)


@pytest.mark.parametrize(
    "sentence",
    [
        "您先挑了早班三个人试跑。",
        "您没敢一下子全换。",
        "您没敢一下子全换，先挑了早班三个人试跑。",
        "您跟他讲了缘由。",
        "您整理好来龙去脉，请领班接手。",
    ],
)
def test_what_the_candidate_said_of_themselves_is_retold(sentence: str) -> None:
    assert retells(sentence, REPLY, GRAMMAR)


@pytest.mark.parametrize(
    "sentence",
    [
        "您听了也点头。",  # somebody else did
        "您敢一下子全换。",  # denied in the reply
        "您会再不认同。",  # nothing without its other half
        "您整理了龙脉。",  # pieces of a word
        "您发现账号被他人登上了。",
        "您试跑一个星期，没敢一下子全换。您喜欢看书。",
        "您挑三早个班人试跑。",
        "您",
        "",
    ],
)
def test_what_the_candidate_did_not_say_is_not(sentence: str) -> None:
    assert not retells(sentence, REPLY, GRAMMAR)


def test_an_english_sentence_is_checked_by_its_words() -> None:
    reply = "I look at the order first. She yelled at me, then left. I never promise a date."
    grammar = EN.acknowledgement.grammar
    assert retells("You look at the order first.", reply, grammar)
    assert retells("You never promise a date.", reply, grammar)
    assert not retells("You promise a date.", reply, grammar)
    assert not retells("You yelled, then left.", reply, grammar)


@pytest.mark.parametrize(
    ("near", "quoted"),
    [
        ("您挑了人试跑。", "先挑了早班三个人试跑一个星期"),
        ("您说了缘由。", "我跟他讲了缘由"),
        ("账号被登上了。", "有人折腾半天的账号在我手里登上了"),
    ],
)
def test_the_clause_a_sentence_is_about_is_quoted(near: str, quoted: str) -> None:
    assert quotable(REPLY, near, GRAMMAR, []) == quoted


@pytest.mark.parametrize(
    "reply",
    ["好的。", "如果客户急着用我就先补发。", "一" * 40, "我恭喜自己被录用了。", "他说“我马上回来处理”。"],
    ids=["short", "dependent", "long", "avoided", "quoting"],
)
def test_what_cannot_stand_alone_is_not_quoted(reply: str) -> None:
    assert quotable(reply, "您录用了。", GRAMMAR, ["录用"]) is None


@given(st.text(), st.text())
def test_any_text_can_be_compared(sentence: str, reply: str) -> None:
    retells(sentence, reply, GRAMMAR)
    quoted = quotable(reply, sentence, GRAMMAR, [])
    assert quoted is None or quoted in reply
