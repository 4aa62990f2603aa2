"""Interviews as the list finds them, stored as the service stores them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.db.engine import Database
from app.db.tables import Interview, QuestionScoreRow, Utterance
from app.db.word_index import index_names
from app.interviews.repository import Interviews
from app.scoring.card import PointScore, QuestionScore

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def interview(number: int, *, minute: int | None = None, **columns: Any) -> Interview:
    """The interview with this number as its id, begun in this minute."""
    values: dict[str, Any] = {
        "bank_id": "tiny",
        "bank_title": "Tiny",
        "mode": "practice",
        "status": "ended",
        "settings": {"blind": columns.get("blind", False)},
        **columns,
    }
    return Interview(
        id=id_of(number),
        token_hash="0" * 64,
        bank_version="1.0.0",
        language="zh-CN",
        state={},
        created_at=BEGIN + timedelta(minutes=number if minute is None else minute),
        expires_at=BEGIN + timedelta(days=1),
        paused_seconds=0.0,
        **values,
    )


def id_of(number: int) -> str:
    return f"{number:032x}"


def scored(number: int, share: float | None, **columns: Any) -> Interview:
    """An interview with this share of ten marks."""
    score = None if share is None else 10 * share
    return interview(number, share=share, score=score, max_score=10.0, **columns)


def card(number: int, score: float | None, flags: int = 0) -> QuestionScore:
    points = [PointScore(id=str(each), credit=1, needs_review=each < flags) for each in range(3)]
    status = "not_scored" if score is None else "scored"
    return QuestionScore(status=status, score=score, max_score=8, points=points, fingerprint=f"f{number}")


def card_row(interview_id: str, number: int, card: QuestionScore) -> QuestionScoreRow:
    return QuestionScoreRow(
        interview_id=interview_id,
        number=number,
        status=card.status,
        score=card.score,
        max_score=card.max_score,
        fingerprint=card.fingerprint,
        card=card.model_dump(),
    )


async def store(database: Database, *interviews: Interview) -> None:
    async with database.session() as session:
        session.add_all(interviews)
        await session.flush()
        for each in interviews:
            await index_names(session, each.id)


async def say(database: Database, number: int, lines: Sequence[str]) -> None:
    """Let the interviewer and the candidate say these lines in turn."""
    async with database.session() as session:
        for seq, line in enumerate(lines, 1):
            speaker = "interviewer" if seq % 2 else "candidate"
            await Interviews(session).add_line(
                Utterance(
                    interview_id=id_of(number),
                    seq=seq,
                    speaker=speaker,
                    kind="answer",
                    text=line,
                    client_turn_id=str(seq),
                )
            )
