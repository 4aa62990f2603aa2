import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interviews.speaking.retelling import retells, told_again
from tests.interviews.interviewing import EN, ZH

GRAMMAR = ZH.acknowledgement.grammar
REPLY = (
    "以前改个地址要填三张表。我没敢一下子全换，先挑了早班三个人试跑一个星期。我跟他讲了缘由，他听了也点头。"
    "心里再不认同，我也不会顶回去。有人折腾半天的账号在我手里登上了。我整理好来龙去脉，请领班接手。"
)


@pytest.mark.parametrize(
    "sentence",
    [
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
        "您全换。",
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
    ("near", "told"),
    [
        ("您挑了人，没敢全换。", "没敢一下子全换，先挑了早班三个人试跑一个星期"),
        ("您说了缘由。", "跟他讲了缘由，他听了也点头"),
        ("账号被登上了。", "有人折腾半天的账号在您手里登上了"),
        ("您再不认同。", "心里再不认同，您也不会顶回去"),
    ],
)
def test_the_sentence_it_is_about_is_told_again(near: str, told: str) -> None:
    assert told_again(REPLY, near, GRAMMAR, []) == told


def test_of_a_long_sentence_a_clause_of_the_speaker_is_told() -> None:
    reply = "他们组的人都请我先说一遍，" * 3 + "我从头到尾讲了一遍。"
    assert told_again(reply, "", GRAMMAR, []) == "从头到尾讲了一遍"


def test_first_persons_turn_to_the_candidate() -> None:
    assert told_again("那天他让我做自我介绍。", "", GRAMMAR, []) == "那天他让您做自我介绍"
    assert told_again("我们组一共有八个人。", "", GRAMMAR, []) == "你们组一共有八个人"
    grammar = EN.acknowledgement.grammar
    told = told_again("I'm told I was my whole team's mother.", "", grammar, [])
    assert told == "you're told you were your whole team's mother"


@pytest.mark.parametrize(
    "reply",
    [
        "我好。",
        "如果客户急着用的话。",
        "我" * 40,
        "我恭喜自己被录用了。",
        "我说“我马上回来找”。",
        "我要你马上回答我。",
        "所以我后来没再去找。",
    ],
    ids=["short", "dependent", "long", "avoided", "quoting", "addressing", "hanging"],
)
def test_what_cannot_stand_alone_is_not_told(reply: str) -> None:
    assert told_again(reply, "您录用了。", GRAMMAR, ["录用"]) is None


@given(st.text(), st.text())
def test_any_text_can_be_compared(sentence: str, reply: str) -> None:
    retells(sentence, reply, GRAMMAR)
    told_again(reply, sentence, GRAMMAR, [])
