from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banks.leaks import leaks
from app.banks.schema import Question, RubricPoint

COMPLAINT = Question(
    id="q1",
    text="请讲一次您处理客户投诉的经历。",
    kind="behavioural",
    points=[
        RubricPoint(id="listen", text="先耐心听完客户要说的话", probe="您最先做的是什么？"),
        RubricPoint(
            id="options", text="拿出两个以上的方案让客户自己挑", probe="到了答复那一步，您怎么做的？"
        ),
        RubricPoint(
            id="wait", text="告诉后面的人要等的原因或大致时长", probe="排在后头的人心里着急，您怎么照顾？"
        ),
    ],
    reference_answer="我查了售后规定，当场告诉她责任在我们，然后给了她两个选择。",
)
QUEUE = Question(
    id="q2",
    text="How do you decide whom to serve first?",
    kind="knowledge",
    points=[
        RubricPoint(id="urgent", text="Account security problems are handled before anything else"),
        RubricPoint(id="callback", text="Offers missed callers a scheduled callback later"),
    ],
)


@pytest.mark.parametrize(
    ("utterance", "point"),
    [
        ("您有没有先耐心听完客户的话？", "listen"),
        ("您会不会拿出两个以上的办法？", "options"),
        ("您是否让客户自己挑？", "options"),
        ("後面的人要等，您怎麼說？", "wait"),
        ("要等的原因、大致的时长，您告诉后面排队的了吗？", "wait"),
        ("您查了售后规定吗？", "reference answer"),
        ("您当场告诉她了吗？", "reference answer"),
    ],
)
def test_rubric_wording_is_a_leak(utterance: str, point: str) -> None:
    assert [leak.split(":")[0] for leak in leaks(utterance, COMPLAINT)] == [point]


@pytest.mark.parametrize(
    ("utterance", "point"),
    [
        ("Are account security problems urgent to you?", "urgent"),
        ("Do you handle ACCOUNT SECURITY PROBLEMS first?", "urgent"),
        ("Would you offer missed callers anything?", None),
        ("Scheduled callback later for missed callers?", "callback"),
    ],
)
def test_runs_of_words_count_where_words_are_spaced(utterance: str, point: str | None) -> None:
    assert [leak.split(":")[0] for leak in leaks(utterance, QUEUE)] == ([point] if point else [])


@pytest.mark.parametrize(
    "utterance",
    [
        "",
        "您最先做的是什么？",
        "到了答复那一步，您怎么做的？",
        "排在后头的人心里着急，您怎么照顾？",
        "请讲一次您处理客户投诉的经历。",
        "好的，我记下了。想再问一句：后来怎么样了？",
        "您刚才说那位客户很生气，接下来呢？",
    ],
)
def test_probes_and_ordinary_words_are_no_leak(utterance: str) -> None:
    assert leaks(utterance, COMPLAINT) == []


@pytest.mark.parametrize(
    ("utterance", "known"),
    [
        ("您先耐心听完客户的话。", ["我会先耐心听完客户说的"]),
        ("您查了售后规定。", ["查了售后规定以后，我道了歉"]),
    ],
)
def test_what_the_candidate_said_may_be_said_back(utterance: str, known: Sequence[str]) -> None:
    assert leaks(utterance, COMPLAINT) != []
    assert leaks(utterance, COMPLAINT, known) == []


def test_the_question_itself_never_leaks() -> None:
    question = Question(
        id="q",
        text="客户投诉时怎么办？",
        kind="knowledge",
        points=[RubricPoint(id="p", text="客户投诉时先道歉")],
    )
    assert leaks("我再说一遍：客户投诉时怎么办？", question) == []


def test_a_leak_names_the_words_it_found() -> None:
    assert leaks("是让客户自己挑吗", COMPLAINT) == ["options: 客户自己, 户自己挑, 让客户自"]


@given(st.text(), st.text())
def test_a_text_that_is_allowed_whole_never_leaks(utterance: str, other: str) -> None:
    assert leaks(utterance, COMPLAINT, [utterance, other]) == []


def test_every_point_read_out_is_found() -> None:
    for point in COMPLAINT.points:
        assert point.id in leaks(f"比如{point.text}？", COMPLAINT)[0]
