"""The score card of a whole interview, built from its stored questions, replies and cards. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

from app.banks.schema import Question
from app.db.tables import Interview, InterviewQuestion, Utterance
from app.interviews.flow import FlowState, Intent
from app.interviews.schemas import BankName, CompetencyScore, QuestionReport, Report
from app.scoring.card import PointScore, QuestionScore
from app.scoring.report import Status, summarise

NOT_ASKED = "not-asked"
NOT_ANSWERED = "not-answered"


def build_report(
    interview: Interview,
    questions: Mapping[int, InterviewQuestion],
    lines: Sequence[Utterance],
    cards: Mapping[int, QuestionScore],
    *,
    full: bool,
) -> Report:
    """The report. The candidate's, `full` false, shows scores only after the end and only of a practice.

    Questions never asked, or asked and not answered, are listed as `not_scored` and count in no total.
    """
    released = full or (interview.status == "ended" and interview.mode == "practice")
    answered = _answered_numbers(lines)
    asked = FlowState.from_dict(interview.state).question
    counted = [
        (cards.get(number), row.question["competencies"])
        for number, row in questions.items()
        if number in cards or number in answered
    ]
    summary = summarise(counted)
    titles: dict[str, str] = interview.settings["competencies"]
    reports = [
        _question_report(row, cards.get(row.number), row.number in answered, row.number <= asked)
        for row in questions.values()
    ]
    return Report(
        id=interview.id,
        status=_status(interview, summary.status, bool(counted)),
        released=released,
        mode="practice" if interview.mode == "practice" else "assessment",
        bank=BankName(id=interview.bank_id, title=interview.bank_title),
        score=summary.score if released else None,
        max_score=summary.max_score if released else 0.0,
        fingerprint=_fingerprint([card.fingerprint for card in cards.values()]),
        competencies=[
            CompetencyScore(id=name, title=titles.get(name, name), score=round(score, 4))
            for name, score in summary.competencies.items()
            if released
        ],
        questions=reports if released else [],
    )


def _status(interview: Interview, of_cards: Status, any_counted: bool) -> Status:
    if interview.status != "ended":
        return "pending"
    return of_cards if any_counted else "not_scored"


def _answered_numbers(lines: Sequence[Utterance]) -> set[int]:
    """Numbers of the questions with a reply that is judged or settled in code."""
    settled = {Intent.ANSWER, Intent.SKIP, Intent.DONT_KNOW}
    return {
        line.question_number
        for line in lines
        if line.speaker == "candidate" and line.kind in settled and line.question_number is not None
    }


def _question_report(
    row: InterviewQuestion, card: QuestionScore | None, answered: bool, asked: bool
) -> QuestionReport:
    question = Question.model_validate(row.question)
    reason = None if answered else NOT_ANSWERED if asked else NOT_ASKED
    unjudged = [PointScore(id=point.id, text=point.text, weight=point.weight) for point in question.points]
    return QuestionReport(
        number=row.number,
        question_id=row.question_id,
        section=row.section,
        text=question.text,
        examines=question.examines,
        reference_answer=question.reference_answer,
        competencies=question.competencies,
        status=card.status if card else ("pending" if answered else "not_scored"),
        score=card.score if card else None,
        max_score=question.max_score,
        reason=card.reason if card else reason,
        points=card.points if card else unjudged,
    )


def _fingerprint(fingerprints: Sequence[str]) -> str:
    """One fingerprint for all cards: theirs if they share one, else a hash over them in order."""
    if len(set(fingerprints)) == 1:
        return fingerprints[0]
    return hashlib.sha256("".join(fingerprints).encode()).hexdigest()[:32] if fingerprints else ""
