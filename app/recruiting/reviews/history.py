"""The history of a question's score: cards, overrides, disputes and blind verdicts in time order. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from app.db.tables import (
    BlindVerdict,
    Dispute,
    InterviewQuestion,
    PointOverrideRow,
    QuestionScoreRow,
    ReplacedCard,
)
from app.recruiting.reviews.schemas import ScoreEvent, ScoreHistory
from app.scoring.card import QuestionScore


def history_of(
    question: InterviewQuestion,
    card: QuestionScoreRow | None,
    replaced: Sequence[ReplacedCard],
    models: Mapping[str, str],
    overrides: Iterable[PointOverrideRow],
    disputes: Iterable[Dispute],
    verdicts: Iterable[tuple[BlindVerdict, str]],
) -> ScoreHistory:
    """All that happened to the score, oldest first; `models` are names by scorer id."""
    cards: list[QuestionScoreRow | ReplacedCard] = [*replaced, *([card] if card else [])]
    events = [
        *(_card_event(each, models.get(each.scorer_id or "", ""), each is card) for each in cards),
        *(_override_event(each) for each in overrides),
        *(event for each in disputes for event in _dispute_events(each)),
        *(_blind_event(verdict, author) for verdict, author in verdicts),
    ]
    return ScoreHistory(
        number=question.number,
        question=question.question["text"],
        points={point["id"]: point["text"] for point in question.question["points"]},
        events=sorted(events, key=lambda event: event.at),
    )


def _card_event(row: QuestionScoreRow | ReplacedCard, model: str, current: bool) -> ScoreEvent:
    card = QuestionScore.model_validate(row.card)
    return ScoreEvent(
        kind="card",
        at=row.scored_at,
        model=model,
        fingerprint=card.fingerprint,
        current=current,
        status=card.status,
        score=card.score,
        max_score=card.max_score,
        credits={point.id: point.credit for point in card.points},
    )


def _override_event(row: PointOverrideRow) -> ScoreEvent:
    return ScoreEvent(
        kind="override",
        at=row.at,
        author=row.author,
        point_id=row.point_id,
        credit=row.credit,
        before=row.before,
        text=row.reason,
    )


def _dispute_events(row: Dispute) -> list[ScoreEvent]:
    opened = ScoreEvent(kind="dispute", at=row.at, point_id=row.point_id, text=row.text)
    if row.resolved_at is None:
        return [opened]
    outcome = ScoreEvent(
        kind="outcome",
        at=row.resolved_at,
        author=row.author,
        point_id=row.point_id,
        text=row.outcome,
        status=row.status,
    )
    return [opened, outcome]


def _blind_event(verdict: BlindVerdict, author: str) -> ScoreEvent:
    return ScoreEvent(
        kind="blind",
        at=verdict.at,
        author=author,
        point_id=verdict.point_id,
        credit=verdict.credit,
        before=verdict.machine_credit,
    )
