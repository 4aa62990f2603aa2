"""A person's verdicts laid over a scorer's card. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.scoring.card import QuestionScore
from app.scoring.tally import total


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
