"""The rows of seeded interviews."""

import random
from datetime import datetime, timedelta

from app.banks.schema import Bank, Question
from app.db.tables import (
    Account,
    Dispute,
    Interview,
    InterviewQuestion,
    PointOverrideRow,
    QuestionScoreRow,
    Utterance,
    new_id,
)
from app.interviews.flow.moves import FlowState
from app.scoring.card import PointScore, QuestionScore, Quote
from app.scoring.tally import total

NAMES = ("Lin Yue", "Chen Mo", "Zhou An", "Wu Qing", "He Lan", "Xu Bei", "Gao Shan", "Tang Yi")
CREDITS = (0.0, 0.5, 1.0)
ANSWER = "I would apologise first, then ask for the number, and then offer a way out."


def drawn(ability: float, rng: random.Random) -> float:
    if rng.random() < 0.12:
        return 0.5
    return 1.0 if rng.random() < ability else 0.0


def mistaken(truth: float, right: float, rng: random.Random) -> float:
    """The truth with that probability, else another credit."""
    return truth if rng.random() < right else rng.choice([each for each in CREDITS if each != truth])


def card_of(question: Question, truth: dict[str, float], seq: int, rng: random.Random) -> QuestionScore:
    points = []
    for point in question.points:
        confidence = round(
            rng.choice([rng.uniform(0.5, 0.8), rng.uniform(0.8, 0.99), rng.uniform(0.9, 0.99)]), 3
        )
        credit = mistaken(truth[point.id], confidence, rng)
        words = rng.choice(ANSWER.rstrip(".").split(", "))
        start = ANSWER.index(words)
        quote = Quote(seq=seq, start=start, end=start + len(words), text=words)
        points.append(
            PointScore(
                id=point.id,
                text=point.text,
                weight=point.weight,
                credit=credit,
                confidence=confidence,
                needs_review=confidence < 0.65,
                quotes=[quote] if credit else [],
            )
        )
    score = total([point.credit for point in points], [point.weight for point in points], question.max_score)
    return QuestionScore(
        status="scored", score=score, max_score=question.max_score, points=points, fingerprint="seeded"
    )


def interview_row(bank: Bank, place: int, at: datetime, of: int, blind: bool) -> Interview:
    return Interview(
        id=new_id(),
        token_hash="0" * 64,
        bank_id=bank.id,
        bank_title=bank.title,
        bank_version=bank.version,
        language=bank.language,
        mode="assessment",
        status="ended",
        settings={
            "of": of,
            "follow_ups": 0,
            "minutes": 60,
            "role": bank.role,
            "bank_language": bank.language,
            "competencies": {each.id: each.title for each in bank.competencies},
            "sees": "scores",
            "blind": blind,
            "retention_days": None,
        },
        state=FlowState(status="ended", question=of).to_dict(),
        created_at=at,
        started_at=at,
        ended_at=at + timedelta(minutes=20),
        expires_at=at + timedelta(days=90),
        paused_seconds=0.0,
        blind=blind,
        candidate_name=f"{NAMES[place % len(NAMES)]} {place}",
    )


def question_row(bank: Bank, interview_id: str, number: int, question: Question) -> InterviewQuestion:
    return InterviewQuestion(
        interview_id=interview_id,
        number=number,
        bank_id=bank.id,
        bank_version=bank.version,
        question_id=question.id,
        section=bank.sections[0].title,
        question=question.model_dump(mode="json"),
    )


def line_rows(
    interview_id: str, number: int, question: str, at: datetime, rng: random.Random
) -> list[Utterance]:
    """The question, the reply, and the interviewer's word on it, three lines a question."""
    seq, said = 3 * number - 2, at + timedelta(minutes=3 * number)
    answered = said + timedelta(seconds=rng.uniform(1, 6))
    spoken = (
        ("interviewer", "question", question, None, said - timedelta(minutes=1)),
        ("candidate", "answer", ANSWER, None, said),
        ("interviewer", "remark", "Thank you.", seq + 1, answered),
    )
    return [
        Utterance(
            interview_id=interview_id,
            seq=seq + place,
            speaker=speaker,
            kind=kind,
            text=text,
            question_number=number,
            client_turn_id=f"turn-{seq}" if speaker == "candidate" else None,
            turn_seq=turn_seq,
            at=when,
        )
        for place, (speaker, kind, text, turn_seq, when) in enumerate(spoken)
    ]


def score_row(
    interview_id: str, number: int, card: QuestionScore, at: datetime, scorer_id: str
) -> QuestionScoreRow:
    return QuestionScoreRow(
        interview_id=interview_id,
        number=number,
        status=card.status,
        score=card.score,
        max_score=card.max_score,
        fingerprint=card.fingerprint,
        card=card.model_dump(),
        scored_at=at,
        scorer_id=scorer_id,
    )


def override_row(
    interview: Interview, number: int, point: PointScore, credit: float, account: Account, at: datetime
) -> PointOverrideRow:
    return PointOverrideRow(
        interview_id=interview.id,
        number=number,
        point_id=point.id,
        credit=credit,
        before=point.credit,
        machine_credit=point.credit,
        scorer_id=interview.scorer_id,
        reason="It is there in the second sentence.",
        account_id=account.id,
        author=account.name,
        at=at,
    )


def dispute_row(
    interview_id: str, number: int, point: PointScore, truth: float, account: Account, at: datetime
) -> Dispute:
    upheld = truth > (point.credit or 0.0)
    return Dispute(
        id=new_id(),
        interview_id=interview_id,
        number=number,
        point_id=point.id,
        text="I did say that.",
        at=at,
        status="upheld" if upheld else "rejected",
        outcome="Seen again.",
        account_id=account.id,
        author=account.name,
        resolved_at=at + timedelta(hours=1),
    )
