"""How sure a score is: from the doubt about each verdict to a range of marks. The only model of it. Pure.

A verdict's confidence is read as the probability that its credit is right; what a person decided is certain,
and a point without a verdict may be worth anything. The errors of one candidate's verdicts go together, since
people answer in one manner throughout and a scorer misjudges a manner, not a sentence: any two of them
correlate by `TOGETHER`. It was fitted by `evals.training.certainty`; docs/scoring.md has the figures.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.scoring.card import PointScore, QuestionScore

CREDITS = (0.0, 0.5, 1.0)

LEVEL = 0.9
"""How often the true score is meant to lie inside an interval: what 28 held-out questions can still check."""

TOGETHER = 0.07
"""Correlation of the errors of any two verdicts on one candidate."""

RIGHT_WHERE_UNKNOWN = 0.8
"""What a verdict without a measured confidence counts as; nobody measured the endpoints that give none."""

RIGHT_IN_DOUBT = 0.6
"""The same where a person should look: repeats that disagree are wrong two times in five."""

_OPPOSITE = 0.7  # of wrong hits and misses, the share that should be the opposite and not a partial
_Z = 1.645  # standard deviations to each side that hold `LEVEL` of a normal distribution
_FINE_BELOW = 4.0  # marks


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, in marks, rounded outwards: more decimals would promise more than is known."""

    low: float
    high: float


def chances(point: PointScore) -> tuple[float, float, float]:
    """Probabilities that the true credit is 0, 0.5 and 1. Raises ValueError for a point without a credit."""
    if point.credit is None:
        raise ValueError(f"point {point.id} is not judged")
    right = confidence(point)
    wrong = 1 - right
    if point.credit == 0.5:
        return wrong / 2, right, wrong / 2
    opposite, partly = wrong * _OPPOSITE, wrong * (1 - _OPPOSITE)
    return (opposite, partly, right) if point.credit else (right, partly, opposite)


def confidence(point: PointScore) -> float:
    """The probability that the credit is right, 1/3 at least: less would say that another one is likelier."""
    if point.overridden:
        return 1.0
    if point.confidence is not None and point.confidence < 1:
        return max(point.confidence, 1 / 3)
    if point.needs_review:
        return RIGHT_IN_DOUBT
    # A 1 that is no rule's miss is that of repeats that agreed, which says nothing of whether they are right.
    settled_by_rule = point.confidence == 1 and point.credit == 0
    return 1.0 if settled_by_rule else RIGHT_WHERE_UNKNOWN


def is_unmeasured(point: PointScore) -> bool:
    """Whether a verdict's confidence is assumed, for want of a measured one."""
    unmeasured = point.confidence is None or point.confidence == 1
    return unmeasured and point.credit is not None and confidence(point) < 1


def chance_higher(after: PointScore, before: PointScore) -> float:
    """The probability that the first point's true credit is above the second's."""
    later, earlier = chances(after), chances(before)
    return sum(later[i] * sum(earlier[:i]) for i in range(len(CREDITS)))


def interval(cards: Iterable[QuestionScore], together: float = TOGETHER) -> Interval | None:
    """Where the true sum of the scored cards lies, nine times in ten; None when none is scored.

    It holds the score, and reaches only as far as the verdicts that are not certain leave open.
    """
    scored = [card for card in cards if card.score is not None]
    return _Marks.of(scored, together).interval() if scored else None


def open_interval(card: QuestionScore) -> Interval | None:
    """Where the true score of one card lies, scored or not; None while no point of it has a verdict.

    A point without a verdict counts with its whole range.
    """
    judged = any(point.credit is not None for point in card.points)
    return _Marks.of([card], TOGETHER).interval() if judged else None


def difference(one: Sequence[QuestionScore], other: Sequence[QuestionScore]) -> Interval | None:
    """By how much the first's score truly exceeds the other's on the same questions, nine times in ten.

    None unless all cards are scored. What misjudges both candidates alike would cancel out and make it
    narrower; that is little (docs/scoring.md) and not counted.
    """
    if not one or not other or any(card.score is None for card in (*one, *other)):
        return None
    mine, theirs = _Marks.of(one, TOGETHER), _Marks.of(other, TOGETHER)
    found, ours, others = mine.less(theirs).interval(), mine.interval(), theirs.interval()
    # No wider than the intervals themselves allow: where they don't overlap, neither may the sign be open.
    return Interval(
        round(max(found.low, ours.low - others.high), 2), round(min(found.high, ours.high - others.low), 2)
    )


def clearly_differ(after: Sequence[QuestionScore], before: Sequence[QuestionScore]) -> bool:
    """Whether two scores of the same questions differ by more than both their doubts allow."""
    found = difference(after, before)
    return found is not None and (found.low > 0 or found.high < 0)


@dataclass(frozen=True)
class _Marks:
    """What points are worth: as judged, how far that may be off, and the bounds it can't leave.

    `deviation` is a standard deviation; `unjudged` are the marks of points without a verdict; `scale` is the
    most marks there are.
    """

    given: float
    deviation: float
    unjudged: float
    least: float
    most: float
    scale: float

    @classmethod
    def of(cls, cards: Sequence[QuestionScore], together: float) -> "_Marks":
        given = sum(card.score or 0.0 for card in cards)
        certain = doubtful = unjudged = 0.0
        errors: list[float] = []
        for card in cards:
            weights = sum(point.weight for point in card.points)
            for point in card.points:
                worth = card.max_score * point.weight / weights
                if point.credit is None:
                    unjudged += worth
                    continue
                if card.score is None:
                    given += worth * point.credit
                if confidence(point) == 1:
                    certain += worth * point.credit
                else:
                    doubtful += worth
                    errors.append(worth * _error(point))
        alone, at_once = sum(error**2 for error in errors), sum(errors) ** 2
        return cls(
            given=given,
            deviation=math.sqrt((1 - together) * alone + together * at_once),
            unjudged=unjudged,
            least=certain,
            most=certain + doubtful + unjudged,
            scale=sum(card.max_score for card in cards),
        )

    def less(self, other: "_Marks") -> "_Marks":
        """The difference of two candidates, whose errors are independent."""
        return _Marks(
            given=self.given - other.given,
            deviation=math.hypot(self.deviation, other.deviation),
            unjudged=self.unjudged + other.unjudged,
            least=self.least - other.most,
            most=self.most - other.least,
            scale=max(self.scale, other.scale),
        )

    def interval(self) -> Interval:
        reach = _Z * self.deviation
        low = max(self.given - reach, self.least)
        high = min(self.given + reach + self.unjudged, self.most)
        if high - low < 0.005:
            return Interval(round(self.given, 2), round(self.given, 2))
        step = 0.5 if self.scale >= _FINE_BELOW else 0.1
        low = math.floor(round(low / step, 6)) * step
        high = math.ceil(round(high / step, 6)) * step
        return Interval(round(low, 1), round(min(high, self.scale), 2))


def _error(point: PointScore) -> float:
    """How far the credit is off from the true one: the root of the expected square."""
    expected = sum(
        chance * (credit - (point.credit or 0.0)) ** 2
        for chance, credit in zip(chances(point), CREDITS, strict=True)
    )
    return math.sqrt(expected)
