"""Who judged the made-up interviews, what that cost, and how people judged them."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.banks.schema import Question
from app.db.tables import BlindReview, BlindVerdict, Dispute
from app.scoring.card import ScorerIdentity

REVIEWER = "f" * 32
SCORERS = tuple(
    ScorerIdentity(judge={"model": model, "strategy": "points", "prompt": prompt * 8})
    for model, prompt in (("small", "a"), ("small", "b"), ("large", "b"), ("large", "c"), ("larger", "c"))
)
BANK_VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "2.0.0")
_BLIND = 0.01
_FAILURES = ("timeout", "rate-limited", "invalid-json")

Row = dict[str, Any]


def scorer_at(share: float) -> ScorerIdentity:
    """The scorer in use when this share of the whole time, 0..1, had passed."""
    return SCORERS[min(len(SCORERS) - 1, int(share * len(SCORERS)))]


def bank_version_at(share: float) -> str:
    """The bank's version then."""
    return BANK_VERSIONS[min(len(BANK_VERSIONS) - 1, int(share * len(BANK_VERSIONS)))]


def card_of(chance: random.Random, question: Question, ability: float) -> Row:
    """The card of an answer by someone of this ability, 0..1; one in a hundred is not scored."""
    unscored = chance.random() < 0.01
    likely = (1.02 - ability, 0.3, max(0.02, ability))
    points: list[Row] = [
        {
            "id": point.id,
            "text": point.text,
            "weight": point.weight,
            "credit": None if unscored else chance.choices((0.0, 0.5, 1.0), likely)[0],
            "confidence": None if unscored else 0.8,
            "needs_review": not unscored and chance.random() < 0.03,
            "quotes": [],
        }
        for point in question.points
    ]
    credits = [point["credit"] or 0.0 for point in points]
    score = round(sum(credits) / len(credits) * question.max_score, 2)
    return {
        "status": "not_scored" if unscored else "scored",
        "score": None if unscored else score,
        "max_score": question.max_score,
        "points": points,
        "fingerprint": "f" * 64,
        "reason": None,
    }


def machine_columns(cards: Sequence[Row], overridden: int) -> Row:
    """What `app.interviews.totals` keeps of these cards on an interview for the figures of drift."""
    scored = [card for card in cards if card["score"] is not None]
    judged = [point for card in cards for point in card["points"] if point["credit"] is not None]
    marks = sum(card["max_score"] for card in scored)
    return {
        "machine_share": sum(card["score"] for card in scored) / marks if marks else None,
        "judged": len(judged),
        "doubted": sum(point["needs_review"] for point in judged),
        "overridden": overridden,
    }


def calls(
    chance: random.Random, interview_id: str, at: datetime, replies: Sequence[int], model: str
) -> list[Row]:
    """A call that judged and one that answered each of the replies, which are named by their `seq`."""
    rows = []
    for seq in replies:
        for purpose, about in (("judge-point", f"{interview_id}/{seq}"), ("remark", "")):
            prompt = chance.randint(700, 1100)
            rows.append(
                {
                    "at": at + timedelta(minutes=seq),
                    "purpose": purpose,
                    "model": model,
                    "prompt_hash": "a" * 32,
                    "prompt_tokens": prompt,
                    "cached_tokens": chance.randint(0, prompt),
                    "completion_tokens": chance.randint(10, 90),
                    "seconds": chance.lognormvariate(0.4, 0.5),
                    "outcome": "ok" if chance.random() > 0.01 else chance.choice(_FAILURES),
                    "about": about,
                }
            )
    return rows


def blind_review(
    chance: random.Random, interview_id: str, at: datetime, cards: Mapping[int, Row], scorer_id: str
) -> dict[Any, list[Row]]:
    """For one interview in a hundred its finished blind review, by table."""
    if chance.random() >= _BLIND:
        return {}
    review_id = f"{chance.getrandbits(128):032x}"
    verdicts = [
        {
            "review_id": review_id,
            "number": number,
            "point_id": point["id"],
            "credit": chance.choice((0.0, 0.5, 1.0)) if chance.random() < 0.2 else point["credit"] or 0.0,
            "machine_credit": point["credit"],
            "scorer_id": scorer_id,
            "at": at,
        }
        for number, card in cards.items()
        for point in card["points"]
    ]
    review = {"id": review_id, "interview_id": interview_id, "account_id": REVIEWER}
    return {BlindReview: [review | {"started_at": at, "finished_at": at}], BlindVerdict: verdicts}


def dispute(interview_id: str, point_id: str, at: datetime) -> dict[Any, list[Row]]:
    """An open dispute of a point of the first question, by table."""
    row = {"interview_id": interview_id, "number": 1, "point_id": point_id, "text": "我说过。", "at": at}
    return {Dispute: [row]}


def reviewer() -> Row:
    """The account of whoever judged blind, which nobody can log in to."""
    return {"id": REVIEWER, "name": "blind reviewer", "password_hash": "-"}


def scorer_rows() -> list[Row]:
    """All the scorers."""
    return [{"id": each.id, "model": each.model, "identity": each.to_dict()} for each in SCORERS]
