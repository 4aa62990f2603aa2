"""Interviews with answers and cards written straight into a database, as a scored interview leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.banks.schema import Bank
from app.db.engine import Database
from app.db.tables import Interview, InterviewQuestion, Person, Utterance, new_id
from app.interviews.access.repository import hash_token
from app.interviews.flow.moves import FlowState
from app.interviews.repository import Interviews
from app.scoring.card import PointScore, QuestionScore, Quote, ScorerIdentity
from app.scoring.tally import total

TOKEN = "a-token-of-forty-characters-for-the-tests"
STARTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """An answer and its verdicts by point: a credit, how sure, and the words it rests on."""

    answer: str
    credits: dict[str, float | None]
    confidence: float | None = 0.95
    quotes: dict[str, str] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()
    reason: str | None = None
    star: dict[str, Any] | None = None
    fingerprint: str = "f" * 32


def card_of(question: Any, told: Told, seq: int) -> QuestionScore:
    """The card of one answer, summed as the scorer sums it."""
    points = []
    for point in question.points:
        words = told.quotes.get(point.id)
        start = told.answer.find(words) if words else -1
        assert words is None or start >= 0, words
        points.append(
            PointScore(
                id=point.id,
                text=point.text,
                weight=point.weight,
                credit=told.credits.get(point.id, 0.0),
                confidence=told.confidence,
                needs_review=point.id in told.doubtful,
                quotes=[Quote(seq=seq, start=start, end=start + len(words), text=words)] if words else [],
            )
        )
    score = total([p.credit for p in points], [p.weight for p in points], question.max_score)
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=question.max_score,
        points=points,
        fingerprint=told.fingerprint,
        reason=told.reason,
    )


async def store_report(database: Database, bank: Bank, answers: Sequence[Told], **about: Any) -> str:
    """The id of an interview of the bank's first questions, ended unless `about`, its columns, says else."""
    questions = [question for section in bank.sections for question in section.questions][: len(answers)]
    titles = {question.id: section.title for section in bank.sections for question in section.questions}
    settings = {
        "of": len(questions),
        "follow_ups": 1,
        "minutes": 40,
        "role": bank.role,
        "bank_language": bank.language,
        "competencies": {each.id: each.title for each in bank.competencies},
        "sees": "everything",
        **about.pop("settings", {}),
    }
    started = about.pop("started", STARTED)
    status = about.pop("status", "ended")
    interview = Interview(
        id=new_id(),
        token_hash=hash_token(TOKEN),
        bank_id=bank.id,
        bank_title=bank.title,
        bank_version=bank.version,
        language=bank.language,
        status=status,
        settings=settings,
        state=FlowState(question=len(questions), status=status).to_dict(),
        created_at=started,
        started_at=started,
        ended_at=started + timedelta(minutes=14) if status == "ended" else None,
        expires_at=datetime.now(UTC) + timedelta(days=30),
        paused_seconds=0.0,
        **{"mode": "practice", **about},
    )
    async with database.session() as session:
        if interview.person_id and await session.get(Person, interview.person_id) is None:
            session.add(Person(id=interview.person_id, token_hash=hash_token(interview.person_id)))
        interviews = Interviews(session)
        await interviews.add(
            interview,
            [
                InterviewQuestion(
                    interview_id=interview.id,
                    number=number,
                    bank_id=bank.id,
                    bank_version=bank.version,
                    question_id=question.id,
                    section=titles[question.id],
                    question=question.model_dump(mode="json"),
                    star=told.star,
                )
                for number, (question, told) in enumerate(zip(questions, answers, strict=True), 1)
            ],
        )
        seq = 0
        for number, (question, told) in enumerate(zip(questions, answers, strict=True), 1):
            for speaker, kind, text in (
                ("interviewer", "ask", question.text),
                ("candidate", "answer", told.answer),
            ):
                seq += 1
                at = started + timedelta(minutes=seq)
                session.add(
                    Utterance(
                        interview_id=interview.id,
                        seq=seq,
                        speaker=speaker,
                        kind=kind,
                        text=text,
                        question_number=number,
                        client_turn_id=f"turn-{seq}" if speaker == "candidate" else None,
                        turn_seq=seq - 1 if speaker == "interviewer" else None,
                        at=at,
                    )
                )
            await interviews.save_card(
                interview.id,
                number,
                card_of(question, told, seq),
                ScorerIdentity(judge={"model": "scripted"}),
            )
    return interview.id
