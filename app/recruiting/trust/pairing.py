"""People's verdicts laid beside the scorer's, or beside other people's. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from app.interviews.turns.judging import GIVEN_UP
from app.recruiting.trust.repository import AskedQuestion, Card, CardKey, PersonVerdict
from app.recruiting.trust.verdicts import Pair, Question, Total

SETTLED = frozenset(GIVEN_UP.values())
"""Reasons of cards that are zero by rule: agreement with them is no merit of the scorer."""

_UNKNOWN = AskedQuestion("", "", "")

Points = Mapping[str, Mapping[str, Any]]
"""A card's points by id."""


@dataclass(frozen=True)
class Paired:
    """What can be compared, and how many verdicts could not: the scorer gave none, or a rule did."""

    pairs: list[Pair]
    totals: list[Total]
    confidences: list[tuple[float, bool]]
    unjudged: int
    settled: int


def with_scorer(
    verdicts: Sequence[PersonVerdict],
    asked: Mapping[CardKey, AskedQuestion],
    cards: Mapping[CardKey, Card],
    *,
    whole: bool,
) -> Paired:
    """Each verdict beside the scorer's of that time.

    `whole`: a total needs a person's verdict on every point; otherwise the others keep the scorer's.
    Confidences, with whether the person agreed, are those of cards that still are what the person judged.
    """
    pairs, confidences, unjudged, settled = [], [], 0, 0
    by_card: dict[tuple[str, CardKey], list[PersonVerdict]] = {}
    for verdict in verdicts:
        key = (verdict.interview_id, verdict.number)
        card = cards.get(key)
        if verdict.machine_credit is None:
            unjudged += 1
            continue
        if card is not None and card.reason in SETTLED:
            settled += 1
            continue
        pairs.append(_pair(verdict, verdict.machine_credit, asked))
        by_card.setdefault((verdict.by if whole else "", key), []).append(verdict)
        confidence = _confidence(card, verdict)
        if confidence is not None:
            confidences.append((confidence, verdict.credit == verdict.machine_credit))
    totals = [
        _total(_question(key, asked), cards[key].points, of_one, whole)
        for (_, key), of_one in by_card.items()
        if key in cards
    ]
    return Paired(pairs, [total for total in totals if total], confidences, unjudged, settled)


def among_people(
    verdicts: Sequence[PersonVerdict], asked: Mapping[CardKey, AskedQuestion], cards: Mapping[CardKey, Card]
) -> Paired:
    """Verdicts of two blind reviews of one interview on the same points; of three or more, every two."""
    pairs, settled = [], 0
    totals: dict[tuple[str, str, CardKey], list[tuple[PersonVerdict, PersonVerdict]]] = {}
    by_point: dict[tuple[CardKey, str], list[PersonVerdict]] = {}
    for verdict in verdicts:
        by_point.setdefault(((verdict.interview_id, verdict.number), verdict.point_id), []).append(verdict)
    for (key, _), of_one in by_point.items():
        card = cards.get(key)
        for one, other in combinations(sorted(of_one, key=lambda verdict: verdict.by), 2):
            if card is not None and card.reason in SETTLED:
                settled += 1
                continue
            pairs.append(_pair(one, other.credit, asked))
            totals.setdefault((one.by, other.by, key), []).append((one, other))
    found = []
    for (_, _, key), both in totals.items():
        points = cards[key].points if key in cards else {}
        first = _share(points, {one.point_id: one.credit for one, _ in both})
        second = _share(points, {other.point_id: other.credit for _, other in both})
        if first is not None and second is not None:
            found.append(Total(_question(key, asked), first, second))
    return Paired(pairs, found, [], 0, settled)


def _question(key: CardKey, asked: Mapping[CardKey, AskedQuestion]) -> Question:
    question = asked.get(key, _UNKNOWN)
    return question.bank_id, question.question_id


def _pair(verdict: PersonVerdict, other: float, asked: Mapping[CardKey, AskedQuestion]) -> Pair:
    return Pair(
        question=_question((verdict.interview_id, verdict.number), asked),
        point_id=verdict.point_id,
        interview_id=verdict.interview_id,
        person=verdict.credit,
        other=other,
        scorer_id=verdict.scorer_id,
    )


def _confidence(card: Card | None, verdict: PersonVerdict) -> float | None:
    if card is None or card.scorer_id != verdict.scorer_id:
        return None
    point = card.points.get(verdict.point_id)
    if point is None or point["credit"] != verdict.machine_credit:
        return None
    confidence: float | None = point["confidence"]
    return confidence


def _total(
    question: Question, points: Points, verdicts: Sequence[PersonVerdict], whole: bool
) -> Total | None:
    decided = {verdict.point_id: verdict for verdict in verdicts}
    person: dict[str, float | None] = {
        point_id: None if whole else point["credit"] for point_id, point in points.items()
    }
    scorer: dict[str, float | None] = dict(person)
    person |= {point_id: verdict.credit for point_id, verdict in decided.items()}
    scorer |= {point_id: verdict.machine_credit for point_id, verdict in decided.items()}
    mine, theirs = _share(points, person), _share(points, scorer)
    return None if mine is None or theirs is None else Total(question, mine, theirs)


def _share(points: Points, credits: Mapping[str, float | None]) -> float | None:
    """The weighted mean of the credits, 0..1; None where a point has none."""
    weights = won = 0.0
    for point_id, point in points.items():
        credit = credits.get(point_id)
        if credit is None:
            return None
        weights += point["weight"]
        won += credit * point["weight"]
    return won / weights if weights else None
