from datetime import UTC, datetime
from typing import Any

import pytest

from app.interviews.schemas import BankName, QuestionReport, Report, ScoreInterval, TranscriptLine
from app.scoring.card import PointScore, Quote
from app.web.scores.report_view import report_view


def point(id: str, credit: float | None, **more: Any) -> PointScore:
    return PointScore(**{"id": id, "text": id, "credit": credit, "confidence": 0.9} | more)


def question(number: int, *points: PointScore, **more: Any) -> QuestionReport:
    usual = {
        "number": number,
        "question_id": f"q{number}",
        "section": "s",
        "text": "t",
        "competencies": [],
        "status": "scored",
        "score": 4.0,
        "max_score": 8.0,
        "points": list(points),
    }
    return QuestionReport(**usual | more)


def report(*questions: QuestionReport, **more: Any) -> Report:
    usual = {
        "id": "1",
        "status": "scored",
        "released": True,
        "mode": "practice",
        "bank": BankName(id="b", title="B"),
        "score": 4.0,
        "max_score": 8.0,
        "fingerprint": "f",
        "competencies": [],
        "questions": list(questions),
    }
    return Report(**usual | more)


def line(seq: int, speaker: Any, text: str, number: int | None = 1) -> TranscriptLine:
    return TranscriptLine(
        seq=seq, speaker=speaker, kind="x", text=text, at=datetime(2026, 1, 1, tzinfo=UTC), question=number
    )


def test_points_are_sorted_by_what_was_said() -> None:
    view = report_view(
        report(question(1, point("a", 1), point("b", 0.5), point("c", 0), point("d", None))), []
    )
    shown = view.questions[0]
    assert [each.text for each in shown.said] == ["a", "b"]
    assert [each.text for each in shown.missing] == ["c"]
    assert [each.text for each in shown.unjudged] == ["d"]


def test_questions_never_asked_are_left_out() -> None:
    view = report_view(
        report(question(1), question(2, status="not_scored", score=None, reason="not-asked")), []
    )
    assert [each.card.number for each in view.questions] == [1]


def test_a_quote_and_its_place_in_the_transcript_share_an_anchor() -> None:
    quoted = point("a", 1, quotes=[Quote(seq=2, start=0, end=2, text="道歉")])
    lines = [line(1, "interviewer", "问"), line(2, "candidate", "道歉了")]
    view = report_view(report(question(1, quoted)), lines)
    anchor = view.questions[0].points[0].quotes[0].anchor
    assert view.lines[1].segments[0].anchors == (anchor,)
    assert view.lines[1].segments[0].points == (view.questions[0].points[0].key,)


def test_a_question_opens_once() -> None:
    lines = [line(1, "interviewer", "a"), line(2, "candidate", "b"), line(3, "interviewer", "c")]
    view = report_view(report(question(1)), lines)
    assert [each.opens is not None for each in view.lines] == [True, False, False]


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [(5.0, 5.0, "settled"), (4.5, 5.5, "high"), (4.0, 6.5, "medium"), (2.5, 6.5, "low")],
)
def test_the_words_say_how_wide_the_range_is(low: float, high: float, level: str) -> None:
    points = [point(str(i), 1, needs_review=i < 2, confidence=0.9) for i in range(10)]
    told = report(question(1, *points), interval=ScoreInterval(low=low, high=high))
    doubt = report_view(told, []).doubt
    assert doubt is not None
    assert (doubt.level, doubt.review, doubt.of) == (level, 2, 10)


def test_nothing_judged_is_not_sure_of_anything() -> None:
    told = report(question(1, point("a", None), status="not_scored", score=None), score=None, interval=None)
    assert report_view(told, []).doubt is None
