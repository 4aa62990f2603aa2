"""The score card of a whole interview, built from its stored questions, replies and cards."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.banks.schema import Question
from app.db.tables import Dispute, Interview, InterviewQuestion, Utterance
from app.interviews.disputes import dispute_view
from app.interviews.flow.moves import FlowState, Intent
from app.interviews.reports.suggestions import suggest
from app.interviews.repository import Interviews
from app.interviews.schemas import (
    BankName,
    CompetencyScore,
    DisputeView,
    QuestionReport,
    Report,
    ScoreInterval,
    StarReading,
)
from app.scoring import certainty
from app.scoring.card import PointScore, QuestionScore, ScoringStatus, summarise

NOT_ASKED = "not-asked"
NOT_ANSWERED = "not-answered"


def build_report(
    interview: Interview,
    questions: Mapping[int, InterviewQuestion],
    lines: Sequence[Utterance],
    cards: Mapping[int, QuestionScore],
    *,
    full: bool,
    disputes: Sequence[Dispute] = (),
) -> Report:
    """The report. The candidate's, `full` false, shows a practice after its end, and of an assessment what
    its `sees` allows once it is released.

    Questions never asked, or asked and not answered, are listed as `not_scored` and count in no total.
    """
    released = full or is_released(interview)
    sees = "everything" if full else seen_of(interview)
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
        _question_report(
            row,
            cards.get(row.number),
            [line for line in lines if _is_settled(line) and line.question_number == row.number],
            was_asked=row.number <= asked,
            with_answer=sees == "everything",
            disputes=[dispute_view(each) for each in disputes if each.number == row.number],
        )
        for row in questions.values()
        if released and sees in ("points", "everything")
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
        questions=reports,
        interval=_shown(certainty.interval(cards.values())) if released else None,
        sees=sees,
        released_at=interview.released_at,
        again_of=interview.again_of,
    )


def is_released(interview: Interview) -> bool:
    """Whether the candidate is shown scores: after a practice, or once a recruiter has released them."""
    if interview.status != "ended":
        return False
    if interview.mode == "practice":
        return True
    return interview.released_at is not None and seen_of(interview) != "nothing"


def seen_of(interview: Interview) -> Any:
    """What the candidate sees of it once it is released, a `Sees`; a practice shows everything."""
    return "everything" if interview.mode == "practice" else interview.settings.get("sees", "everything")


def _status(interview: Interview, of_cards: ScoringStatus, any_counted: bool) -> ScoringStatus:
    if interview.status != "ended":
        return "pending"
    return of_cards if any_counted else "not_scored"


def _answered_numbers(lines: Sequence[Utterance]) -> set[int]:
    """Numbers of the questions with a reply that is judged or settled in code."""
    return {line.question_number for line in lines if _is_settled(line) and line.question_number is not None}


def _is_settled(line: Utterance) -> bool:
    settled = {Intent.ANSWER, Intent.SKIP, Intent.DONT_KNOW}
    return line.speaker == "candidate" and line.kind in settled


def _question_report(
    row: InterviewQuestion,
    card: QuestionScore | None,
    replies: Sequence[Utterance],
    *,
    was_asked: bool,
    with_answer: bool,
    disputes: list[DisputeView],
) -> QuestionReport:
    question = Question.model_validate(row.question)
    answered = bool(replies)
    reason = None if answered else NOT_ANSWERED if was_asked else NOT_ASKED
    unjudged = [PointScore(id=point.id, text=point.text, weight=point.weight) for point in question.points]
    return QuestionReport(
        number=row.number,
        question_id=row.question_id,
        section=row.section,
        text=question.text,
        examines=question.examines if with_answer else None,
        reference_answer=question.reference_answer if with_answer else None,
        competencies=question.competencies,
        status=card.status if card else ("pending" if answered else "not_scored"),
        score=card.score if card else None,
        max_score=question.max_score,
        reason=card.reason if card else reason,
        points=card.points if card else unjudged,
        kind=question.kind,
        interval=_shown(certainty.open_interval(card)) if card else None,
        suggestion=suggest(question, card, replies, with_example=with_answer) if card else None,
        star=_star(row, question, replies),
        disputes=disputes,
        fingerprint=card.fingerprint if card else "",
    )


def _star(row: InterviewQuestion, question: Question, replies: Sequence[Utterance]) -> StarReading | None:
    if question.kind != "behavioural" or not any(line.kind == Intent.ANSWER for line in replies):
        return None
    return StarReading.model_validate(row.star) if row.star else StarReading(status="pending")


def _shown(found: certainty.Interval | None) -> ScoreInterval | None:
    return ScoreInterval(low=found.low, high=found.high) if found else None


def _fingerprint(fingerprints: Sequence[str]) -> str:
    """One fingerprint for all cards: theirs if they share one, else a hash over them in order."""
    if len(set(fingerprints)) == 1:
        return fingerprints[0]
    return hashlib.sha256("".join(fingerprints).encode()).hexdigest()[:32] if fingerprints else ""


async def load_report(session: AsyncSession, interview_id: str, *, full: bool) -> Report:
    """The report as its candidate may see it, or all of it if `full`. Raises `NotFoundError`."""
    interviews = Interviews(session)
    interview = await interviews.existing(interview_id)
    report = build_report(
        interview,
        await interviews.questions(interview_id),
        await interviews.lines(interview_id),
        await interviews.effective_cards(interview_id),
        full=full,
        disputes=await interviews.disputes(interview_id),
    )
    return report if interview.consent_withdrawn_at is None else _without_pending(report)


def _without_pending(report: Report) -> Report:
    """The report as it is, with no story waiting to be read."""
    questions = [
        question.model_copy(update={"star": None})
        if question.star is not None and question.star.status == "pending"
        else question
        for question in report.questions
    ]
    return report.model_copy(update={"questions": questions})
