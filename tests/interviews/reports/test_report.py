from datetime import UTC, datetime
from typing import Any

import pytest

from app.db.tables import Interview, InterviewQuestion, Utterance
from app.interviews.flow.moves import FlowState
from app.interviews.reports.report import build_report
from app.interviews.schemas import Report
from app.scoring.card import PointScore, QuestionScore, Quote
from tests.interviews.house import tiny_bank

QUESTIONS = {
    number: InterviewQuestion(
        number=number,
        question_id=question.id,
        section="The only section",
        question=question.model_dump(mode="json"),
    )
    for number, question in enumerate(tiny_bank().sections[0].questions, 1)
}


def interview(status: str = "ended", mode: str = "practice", at: int = 3) -> Interview:
    return Interview(
        id="i" * 32,
        bank_id="tiny",
        bank_title="A tiny bank",
        mode=mode,
        status=status,
        settings={"competencies": {"care": "Care for people"}},
        state=FlowState(question=at).to_dict(),
    )


def reply(seq: int, number: int, kind: str = "answer") -> Utterance:
    return Utterance(seq=seq, speaker="candidate", kind=kind, text="I apologise.", question_number=number)


def card(score: float | None, reason: str | None = None, fingerprint: str = "f1") -> QuestionScore:
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=6,
        points=[PointScore(id="p1", credit=1, quotes=[Quote(seq=2, start=2, end=11, text="apologise")])],
        fingerprint=fingerprint,
        reason=reason,
    )


def report(
    cards: dict[int, QuestionScore], lines: list[Utterance], full: bool = False, **about: Any
) -> Report:
    return build_report(interview(**about), QUESTIONS, lines, cards, full=full)


def test_scores_add_up_over_the_scored_questions() -> None:
    result = report({1: card(6), 2: card(3), 3: card(0)}, [reply(2, 1), reply(4, 2), reply(6, 3)])

    assert (result.status, result.score, result.max_score) == ("scored", 9, 18)
    assert [(c.id, c.title, c.score) for c in result.competencies] == [("care", "Care for people", 0.5)]


def test_a_question_never_asked_is_listed_and_counts_in_no_total() -> None:
    result = report({1: card(6)}, [reply(2, 1)], at=2)

    assert (result.status, result.score, result.max_score) == ("scored", 6, 6)
    assert [(q.status, q.reason) for q in result.questions] == [
        ("scored", None),
        ("not_scored", "not-answered"),
        ("not_scored", "not-asked"),
    ]
    assert [point.credit for point in result.questions[2].points] == [None, None, None]


def test_what_could_not_be_scored_is_no_zero() -> None:
    result = report({1: card(6), 2: card(None, "llm-error")}, [reply(2, 1), reply(4, 2)])

    assert (result.status, result.score, result.max_score) == ("partial", 6, 6)
    assert (result.questions[1].score, result.questions[1].reason) == (None, "llm-error")


def test_nothing_answered_is_not_scored() -> None:
    result = report({}, [], at=1)

    assert (result.status, result.score, result.max_score) == ("not_scored", None, 0)


def test_an_answer_still_being_judged_is_pending() -> None:
    result = report({1: card(6)}, [reply(2, 1), reply(4, 2)])

    assert result.status == "pending"
    assert result.questions[1].status == "pending"


def test_skipped_questions_count_as_zero() -> None:
    result = report({1: card(6), 2: card(0, "skipped")}, [reply(2, 1), reply(4, 2, "skip")])

    assert (result.status, result.score, result.max_score) == ("scored", 6, 12)


def test_requests_to_repeat_are_no_answers() -> None:
    result = report({}, [reply(2, 1, "repeat")], at=1)

    assert result.questions[0].reason == "not-answered"


@pytest.mark.parametrize(
    ("about", "full", "released"),
    [
        ({"status": "ended", "mode": "practice"}, False, True),
        ({"status": "open", "mode": "practice"}, False, False),
        ({"status": "paused", "mode": "practice"}, False, False),
        ({"status": "ended", "mode": "assessment"}, False, False),
        ({"status": "ended", "mode": "assessment"}, True, True),
        ({"status": "open", "mode": "assessment"}, True, True),
    ],
)
def test_who_sees_the_scores_and_when(about: dict[str, str], full: bool, released: bool) -> None:
    result = report({1: card(6)}, [reply(2, 1)], full, **about)

    assert result.released is released
    assert bool(result.questions) is released
    assert (result.score is not None) is released
    assert bool(result.competencies) is released


def test_before_the_end_the_report_is_pending() -> None:
    assert report({1: card(6)}, [reply(2, 1)], True, status="open").status == "pending"


def test_the_fingerprint_is_the_cards_own_or_a_hash_over_all() -> None:
    lines = [reply(2, 1), reply(4, 2)]

    same = report({1: card(6), 2: card(3)}, lines).fingerprint
    mixed = report({1: card(6), 2: card(3, fingerprint="f2")}, lines).fingerprint

    assert same == "f1"
    assert len(mixed) == 32
    assert mixed == report({1: card(6), 2: card(3, fingerprint="f2")}, lines).fingerprint


def test_quotes_name_the_reply_and_the_place_in_it() -> None:
    result = report({1: card(6)}, [reply(2, 1)])

    quote = result.questions[0].points[0].quotes[0]
    assert "I apologise."[quote.start : quote.end] == quote.text
    assert quote.seq == 2


def released(sees: str) -> Report:
    about = interview(mode="assessment")
    about.released_at = datetime(2026, 3, 3, tzinfo=UTC)
    about.settings = {**about.settings, "sees": sees}
    return build_report(about, QUESTIONS, [reply(2, 1)], {1: card(3)}, full=False)


@pytest.mark.parametrize(
    ("sees", "scores", "points", "answers"),
    [
        ("nothing", False, False, False),
        ("scores", True, False, False),
        ("points", True, True, False),
        ("everything", True, True, True),
    ],
)
def test_a_released_assessment_shows_what_its_template_allows(
    sees: str, scores: bool, points: bool, answers: bool
) -> None:
    result = released(sees)

    assert (result.score is not None, bool(result.competencies)) == (scores, scores)
    assert bool(result.questions) is points
    assert any(question.reference_answer for question in result.questions) is answers


def test_the_interval_holds_the_score() -> None:
    result = report({1: card(3)}, [reply(2, 1)])
    assert result.interval is not None
    assert result.interval.low <= 3 <= result.interval.high
    assert result.questions[0].interval == result.interval


def test_a_question_without_a_score_has_what_its_verdicts_leave_open_and_the_total_no_range() -> None:
    result = report({1: card(None)}, [reply(2, 1)])
    assert result.interval is None
    assert result.questions[0].score is None
    assert result.questions[0].interval is not None
