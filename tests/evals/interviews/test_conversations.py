from collections.abc import Mapping

import pytest

from app.banks.schema import Question
from evals.interviews.candidates import ScriptedCandidate
from evals.interviews.conversations import Conversation, conversation
from evals.interviews.interviewing import Exchange
from evals.interviews.manners import Manners
from evals.variations.statements import Statements

MANNERS = Manners(shortest=1, longest=50, meta_words=["rubric"])
QUESTION = Question(
    id="q1",
    text="How?",
    kind="situational",
    points=[{"id": f"p{k}", "text": f"Point {k}", "probe": f"Probe {k}?"} for k in (1, 2, 3)],
)
STATEMENTS = Statements(
    {f"p{k}": (f"Told {k}.", f"Also {k}.") for k in (1, 2, 3)}, ("Filler A.", "Filler B.")
)
NOTHING = {"p1": 1.0, "p2": 0.0, "p3": 0.0}


def held(*turns: tuple[str | None, Mapping[str, float | None]]) -> Conversation:
    """A conversation whose follow-ups ask about these points, with the credits after each reply."""
    candidate = ScriptedCandidate(STATEMENTS, held_back=["p2", "p3"])
    exchanges = [Exchange("q1", "ask", "How?", None, candidate.first_reply(), NOTHING)]
    for point, credits in turns:
        text = f"Yes, {len(exchanges)}.\n\nProbe {point[1:] if point else 'something'}?"
        exchanges.append(Exchange("q1", "follow_up", text, point, candidate.reply_to(point), credits))
    return conversation("1-q1", QUESTION, exchanges, candidate, MANNERS)


def test_a_follow_up_is_aimed_while_its_point_is_missing_and_wasted_after() -> None:
    one = held(("p2", NOTHING), ("p2", NOTHING), ("p1", NOTHING), (None, NOTHING), ("p3", NOTHING))
    assert [follow_up.is_aimed for follow_up in one.follow_ups] == [True, False, False, False, True]
    assert [follow_up.is_wasted for follow_up in one.follow_ups] == [False, True, True, False, False]
    assert one.revealed == ("p2", "p3")


def test_credit_is_won_back_only_by_what_was_told() -> None:
    one = held(("p2", {"p1": 1.0, "p2": 0.5, "p3": 1.0}))
    assert one.won_back("p2") == 0.5
    assert one.won_back("p3") == 0.0


def test_credit_given_before_it_was_told_is_not_won_back() -> None:
    candidate = ScriptedCandidate(STATEMENTS, held_back=["p2"])
    early = {"p1": 1.0, "p2": 1.0, "p3": 0.0}
    first = Exchange("q1", "ask", "How?", None, candidate.first_reply(), early)
    second = Exchange("q1", "follow_up", "Probe 2?", "p2", candidate.reply_to("p2"), early)
    assert conversation("1-q1", QUESTION, [first, second], candidate, MANNERS).won_back("p2") == 0.0


@pytest.mark.parametrize("credit", [None, 0.0])
def test_a_point_without_a_verdict_leaves_the_question_unscored(credit: float | None) -> None:
    assert held(("p2", {"p1": 1.0, "p2": credit, "p3": 0.0})).is_scored is (credit is not None)


def test_the_transcript_holds_every_line_in_order() -> None:
    assert held(("p2", NOTHING)).transcript.splitlines() == [
        "interviewer: How?",
        "candidate: Told 1.",
        "interviewer: Yes, 1.",
        "",
        "Probe 2?",
        "candidate: Told 2.",
    ]


def test_other_lines_are_no_follow_ups_but_keep_what_was_asked_in_step() -> None:
    candidate = ScriptedCandidate(STATEMENTS, held_back=["p2", "p3"])
    exchanges = [
        Exchange("q1", "ask", "How?", None, candidate.first_reply(), NOTHING),
        Exchange("q1", "repeat", "Again: how?", None, candidate.reply_to(None), NOTHING),
        Exchange("q1", "follow_up", "Probe 3?", "p3", candidate.reply_to("p3"), NOTHING),
    ]
    (follow_up,) = conversation("1-q1", QUESTION, exchanges, candidate, MANNERS).follow_ups
    assert follow_up.point == follow_up.recorded == "p3"
