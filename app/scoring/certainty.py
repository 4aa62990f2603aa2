"""How sure a score is: from the confidence of its verdicts to an interval in marks. Pure.

A verdict's confidence is read as the probability that its credit is right. If it is wrong, the two other
credits are equally likely. Verdicts on one reply tend to err together, which `_TOGETHER` allows for: on 244
held-out labelled replies, judged by the embedded model, the interval of one question then held the true score
of 91 %, and that of five questions together of 92 %; without it 83 % and 76 %.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.scoring.card import PointScore, QuestionScore

CREDITS = (0.0, 0.5, 1.0)
LEVEL = 0.9
"""How often the true score is meant to lie inside an interval."""

# What a verdict without a measured confidence counts as: one that a person should look at, or any other.
_CONFIDENCE_IN_DOUBT = 0.6
_CONFIDENCE_UNKNOWN = 0.8
_Z = 1.645  # standard deviations to each side that hold `LEVEL` of a normal distribution
_TOGETHER = 1.4  # by how much a score's standard deviation exceeds that of independent verdicts


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, in marks."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two have a value in common, so that neither score is clearly the higher."""
        return self.low <= other.high and other.low <= self.high


def distribution(point: PointScore) -> tuple[float, float, float]:
    """Probabilities that the true credit is 0, 0.5 and 1. What a person decided is certain.

    Raises ValueError for a point without a credit.
    """
    if point.credit is None:
        raise ValueError(f"point {point.id} is not judged")
    sure = confidence(point)
    place = CREDITS.index(point.credit)
    shares = [(1 - sure) / 2] * 3
    shares[place] = sure
    return shares[0], shares[1], shares[2]


def confidence(point: PointScore) -> float:
    """The probability that the credit is right, 1/3 at least: less would say that another one is likelier."""
    if point.overridden:
        return 1.0
    known = point.confidence
    if known is None:
        known = _CONFIDENCE_IN_DOUBT if point.needs_review else _CONFIDENCE_UNKNOWN
    return min(max(known, 1 / 3), 1.0)


def spread(card: QuestionScore) -> tuple[float, float] | None:
    """Mean and variance, in marks and marks squared, of a question's true score; None while not scored."""
    if card.score is None:
        return None
    weights = sum(point.weight for point in card.points)
    mean = variance = 0.0
    for point in card.points:
        shares = distribution(point)
        expected = sum(share * credit for share, credit in zip(shares, CREDITS, strict=True))
        squared = sum(share * credit**2 for share, credit in zip(shares, CREDITS, strict=True))
        marks = card.max_score * point.weight / weights
        mean += marks * expected
        variance += (_TOGETHER * marks) ** 2 * (squared - expected**2)
    return mean, variance


def interval(cards: Iterable[QuestionScore]) -> Interval | None:
    """Where the true sum of the scored cards lies, nine times in ten; None when none is scored.

    It holds the score itself and never leaves what the verdicts that are not certain leave open.
    """
    scored = [card for card in cards if card.score is not None]
    spreads = [found for found in map(spread, scored) if found is not None]
    if not spreads:
        return None
    score = sum(card.score or 0.0 for card in scored)
    least, most = (sum(ends) for ends in zip(*map(_open_marks, scored), strict=True))
    mean, reach = sum(m for m, _ in spreads), _Z * math.sqrt(sum(v for _, v in spreads))
    low, high = min(score, mean - reach), max(score, mean + reach)
    return Interval(round(min(score, max(low, least)), 2), round(max(score, min(high, most)), 2))


def _open_marks(card: QuestionScore) -> tuple[float, float]:
    """The least and the most marks a scored card can come to where its certain verdicts stay."""
    weights = sum(point.weight for point in card.points)
    marks = [
        (card.max_score * point.weight / weights, point.credit or 0.0, confidence(point) == 1.0)
        for point in card.points
    ]
    least = sum(worth * credit for worth, credit, certain in marks if certain)
    return least, least + sum(worth for worth, _, certain in marks if not certain)


def chance_higher(after: PointScore, before: PointScore) -> float:
    """The probability that the first point's true credit is above the second's."""
    later, earlier = distribution(after), distribution(before)
    return sum(later[i] * sum(earlier[:i]) for i in range(len(CREDITS)))


def clearly_differ(after: Sequence[QuestionScore], before: Sequence[QuestionScore]) -> bool:
    """Whether two scores of the same questions differ by more than both their doubts allow."""
    later = [found for found in map(spread, after) if found is not None]
    earlier = [found for found in map(spread, before) if found is not None]
    if not later or not earlier:
        return False
    difference = sum(mean for mean, _ in later) - sum(mean for mean, _ in earlier)
    return abs(difference) > _Z * math.sqrt(sum(variance for _, variance in (*later, *earlier)))
