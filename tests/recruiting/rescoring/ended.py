"""Ended interviews put straight into a database, each with one answer and a card of an older scorer."""

from datetime import timedelta

from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import Interview, InterviewQuestion, QuestionScoreRow, Utterance, new_id, now
from app.interviews.flow.moves import FlowState
from app.interviews.repository import Interviews
from app.scoring.card import PointScore, QuestionScore, ScorerIdentity
from tests.interviews.house import tiny_bank

OLD = ScorerIdentity(judge={"model": "an older model"})


async def add_ended(database: Database, answers: list[str]) -> list[str]:
    """One interview an answer, oldest first; their ids."""
    bank = tiny_bank()
    question = bank.sections[0].questions[0]
    card = QuestionScore(
        status="scored",
        score=0.0,
        max_score=question.max_score,
        points=[PointScore(id=point.id, text=point.text, credit=0.0) for point in question.points],
        fingerprint="older",
    )
    ids = []
    async with database.session() as session:
        for place, answer in enumerate(answers):
            at = now() - timedelta(days=1) + timedelta(seconds=place)
            interview = Interview(
                id=new_id(),
                token_hash="0" * 64,
                bank_id=bank.id,
                bank_title=bank.title,
                bank_version=bank.version,
                language="en",
                mode="assessment",
                status="ended",
                settings={"of": 1, "follow_ups": 0, "minutes": 60, "role": bank.role, "bank_language": "en"}
                | {"competencies": {"care": "Care"}, "sees": "everything", "blind": False},
                state=FlowState(status="ended", question=1).to_dict(),
                created_at=at,
                started_at=at,
                ended_at=at,
                expires_at=at + timedelta(days=90),
            )
            session.add(interview)
            await session.flush()
            session.add(
                InterviewQuestion(
                    interview_id=interview.id,
                    number=1,
                    bank_id=bank.id,
                    bank_version=bank.version,
                    question_id=question.id,
                    section="only",
                    question=question.model_dump(mode="json"),
                )
            )
            session.add_all(_lines(interview.id, question.text, answer))
            await Interviews(session).save_card(interview.id, 1, card, OLD)
            ids.append(interview.id)
    return ids


def _lines(interview_id: str, question: str, answer: str) -> list[Utterance]:
    spoken = (
        ("interviewer", "greet", question),
        ("candidate", "answer", answer),
        ("interviewer", "close", "Bye."),
    )
    return [
        Utterance(
            interview_id=interview_id,
            seq=seq,
            speaker=speaker,
            kind=kind,
            text=text,
            question_number=1,
            client_turn_id="t" if speaker == "candidate" else None,
            turn_seq=seq - 1 if speaker == "interviewer" else None,
        )
        for seq, (speaker, kind, text) in enumerate(spoken, 1)
    ]


async def current_cards(database: Database) -> list[QuestionScoreRow]:
    """Every current card."""
    async with database.reading() as session:
        return list(await session.scalars(select(QuestionScoreRow)))
