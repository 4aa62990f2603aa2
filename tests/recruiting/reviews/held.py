"""Interviews that were held and scored, put straight into the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.engine import Database
from app.db.tables import Account, Dispute, InterviewQuestion, Utterance, new_id, now
from app.interviews.flow.moves import FlowState
from app.interviews.planning.plan import Plan, PlannedQuestion
from app.interviews.planning.planner import Terms, planned_interview
from app.interviews.repository import Interviews
from app.scoring.card import PointScore, QuestionScore, Quote, ScorerIdentity
from app.scoring.tally import total
from app.settings import Settings
from tests.interviews.house import tiny_bank

SCORER = ScorerIdentity(judge={"model": "scripted-1"})
REPLY = "I am sorry about this. Could you tell me the number of your order?"


def held_card(
    question: InterviewQuestion,
    credits: Sequence[float | None] = (1.0, 0.5, 0.0),
    *,
    seq: int = 2,
    fingerprint: str = "held-1",
) -> QuestionScore:
    """A card whose first point quotes the first sentence, whose second the second, flagged."""
    spans = ((0, 23), (24, len(REPLY)))
    points = [
        PointScore(
            id=point["id"],
            text=point["text"],
            credit=credit,
            confidence=None if credit is None else 0.9,
            needs_review=place == 1,
            quotes=[Quote(seq=seq, start=start, end=end, text=REPLY[start:end])] if credit else [],
        )
        for place, (point, credit, (start, end)) in enumerate(
            zip(question.question["points"], credits, (*spans, (0, 0)), strict=True)
        )
    ]
    score = total(credits, [1.0] * len(credits), 6)
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=6,
        points=points,
        fingerprint=fingerprint,
        reason="llm-unavailable: down" if score is None else None,
    )


async def hold(
    database: Database,
    settings: Settings,
    *,
    questions: int = 2,
    status: str = "ended",
    credits: Mapping[int, Sequence[float | None]] | None = None,
    signals: Mapping[str, Any] | None = None,
    name: str = "Robin Sample",
    reply: str = REPLY,
    **terms: Any,
) -> str:
    """An interview on which every question was answered and scored; its id."""
    plan = Plan.of(tiny_bank(), _asked()[:questions])
    chosen = Terms(**({"mode": "assessment", "candidate_name": name} | terms))
    interview, rows = planned_interview(plan, chosen, settings, {})
    interview.token_hash = new_id()
    interview.status = status
    interview.state = FlowState(question=questions).to_dict()
    interview.started_at = now()
    interview.ended_at = now() if status == "ended" else None
    async with database.session() as session:
        interviews = Interviews(session)
        await interviews.add(interview, rows)
        for row in rows:
            asked, answered = 2 * row.number - 1, 2 * row.number
            text = f"Hello {name}, {row.question['text']}"
            session.add_all(
                [
                    _line(interview.id, asked, "interviewer", "ask", text, row.number),
                    _line(interview.id, answered, "candidate", "answer", reply, row.number, signals),
                ]
            )
            given = (credits or {}).get(row.number, (1.0, 0.5, 0.0))
            await interviews.save_card(interview.id, row.number, held_card(row, given, seq=answered), SCORER)
    return interview.id


async def reviewer(database: Database, name: str) -> Account:
    """A recruiter's account that nobody can log in to."""
    account = Account(name=name, password_hash="", role="recruiter", created_at=now())
    async with database.session() as session:
        session.add(account)
    return account


async def dispute(database: Database, interview_id: str, number: int, point_id: str, text: str) -> str:
    """An open dispute of a point; its id."""
    row = Dispute(interview_id=interview_id, number=number, point_id=point_id, text=text)
    async with database.session() as session:
        session.add(row)
        await session.flush()
        await Interviews(session).update_totals(interview_id)
    return row.id


def _asked() -> list[PlannedQuestion]:
    bank = tiny_bank()
    return [
        PlannedQuestion(
            bank_id=bank.id, bank_version=bank.version, section_title=section.title, question=question
        )
        for section in bank.sections
        for question in section.questions
    ]


def _line(
    interview_id: str,
    seq: int,
    speaker: str,
    kind: str,
    text: str,
    number: int,
    signals: Mapping[str, Any] | None = None,
) -> Utterance:
    return Utterance(
        interview_id=interview_id,
        seq=seq,
        speaker=speaker,
        kind=kind,
        text=text,
        question_number=number,
        turn_seq=seq - 1 if speaker == "interviewer" else None,
        signals=dict(signals) if signals else None,
    )
