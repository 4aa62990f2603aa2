"""The score card of a question, who made it, what people decide about it, and the sum of many. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.scoring.tally import total


class Quote(BaseModel):
    """The candidate's own words: `text` is `[start:end]` of reply `seq`, in code points as typed."""

    seq: int
    start: int
    end: int
    text: str


class PointScore(BaseModel):
    """The verdict on one rubric point. `credit` is 0, 0.5 or 1, or null while not scored."""

    id: str
    text: str = ""
    weight: float = 1.0
    credit: float | None = Field(None, description="0 miss, 0.5 partial, 1 hit; null: not scored")
    confidence: float | None = Field(None, ge=0, le=1)
    needs_review: bool = False
    quotes: list[Quote] = []
    overridden: bool = Field(False, description="A person decided this point.")
    machine_credit: float | None = Field(None, description="The scorer's credit of an overridden point.")


class QuestionScore(BaseModel):
    """The verdicts on one question and their sum; `score` is null unless every point was judged."""

    status: Literal["scored", "not_scored"]
    score: float | None
    max_score: float
    points: list[PointScore]
    fingerprint: str
    reason: str | None = None


@dataclass(frozen=True)
class ScorerIdentity:
    """Which scorer made a card: judge with model and prompts, guard, evidence check.

    `judge` is the strategy's own identity, `guard` and `evidence` their versions and word lists.
    """

    judge: Mapping[str, str] = field(default_factory=dict)
    guard: str = ""
    evidence: str = ""

    @property
    def id(self) -> str:
        """32 hex digits; the same for the same scorer."""
        return hash_of(self.to_dict())

    @property
    def model(self) -> str:
        """The language model's name; empty where none judges."""
        return self.judge.get("model", "")

    def to_dict(self) -> dict[str, Any]:
        """The identity as plain JSON values."""
        return asdict(self)


def hash_of(parts: Mapping[str, Any]) -> str:
    """32 hex digits of the SHA-256 over the canonical JSON of `parts`."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Override:
    """A person's credit for a point, 0, 0.5 or 1; None gives the point back to the scorer."""

    id: int
    credit: float | None
    author: str
    reason: str
    at: datetime


def override(card: QuestionScore, overrides: Mapping[str, Override]) -> QuestionScore:
    """The card with the overrides, by point id, in place of the scorer's verdicts, and its sum anew.

    An overridden point keeps its quotes, has no confidence and needs no review. A card that could not be
    scored is scored once every point of it has a credit.
    """
    decided = {point_id: each for point_id, each in overrides.items() if each.credit is not None}
    if not decided:
        return card
    points = [
        point.model_copy(
            update={
                "credit": decided[point.id].credit,
                "machine_credit": point.credit,
                "overridden": True,
                "confidence": None,
                "needs_review": False,
            }
        )
        if point.id in decided
        else point
        for point in card.points
    ]
    score = total([point.credit for point in points], [point.weight for point in points], card.max_score)
    return card.model_copy(
        update={
            "points": points,
            "score": score,
            "status": "not_scored" if score is None else "scored",
            "reason": card.reason if card.status == "scored" or score is None else None,
        }
    )


ScoringStatus = Literal["pending", "scored", "partial", "not_scored"]


@dataclass(frozen=True)
class Summary:
    """`score` of `max_score` in marks over the scored questions only; `score` is None while there are none.

    `competencies` maps a competency to its share of the marks, 0..1, over the scored questions that show it.
    """

    status: ScoringStatus
    score: float | None
    max_score: float
    competencies: dict[str, float]


def summarise(cards: Sequence[tuple[QuestionScore | None, Sequence[str]]]) -> Summary:
    """The summary of `(card, competencies)` pairs, one a question; a card is None while not yet judged.

    `pending` while any card is missing, else `scored`, `not_scored`, or `partial` when only some are scored.
    Questions not scored count neither as marks won nor as marks to win.
    """
    scored = [(card.score, card.max_score, ids) for card, ids in cards if card and card.score is not None]
    won: dict[str, float] = {}
    possible: dict[str, float] = {}
    for score, max_score, competencies in scored:
        for competency in dict.fromkeys(competencies):
            won[competency] = won.get(competency, 0.0) + score
            possible[competency] = possible.get(competency, 0.0) + max_score
    return Summary(
        status=_status(cards, len(scored)),
        score=round(sum(score for score, _, _ in scored), 2) if scored else None,
        max_score=round(sum(max_score for _, max_score, _ in scored), 2),
        competencies={name: won[name] / possible[name] for name in won},
    )


def _status(cards: Sequence[tuple[QuestionScore | None, Sequence[str]]], scored: int) -> ScoringStatus:
    if any(card is None for card, _ in cards):
        return "pending"
    if not scored:
        return "not_scored"
    return "scored" if scored == len(cards) else "partial"
