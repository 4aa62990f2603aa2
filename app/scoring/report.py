"""The score of a whole interview, summed from its question cards. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.scoring.card import QuestionScore

Status = Literal["pending", "scored", "partial", "not_scored"]


@dataclass(frozen=True)
class Summary:
    """`score` of `max_score` in marks over the scored questions only; `score` is None while there are none.

    `competencies` maps a competency to its share of the marks, 0..1, over the scored questions that show it.
    """

    status: Status
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


def _status(cards: Sequence[tuple[QuestionScore | None, Sequence[str]]], scored: int) -> Status:
    if any(card is None for card, _ in cards):
        return "pending"
    if not scored:
        return "not_scored"
    return "scored" if scored == len(cards) else "partial"
