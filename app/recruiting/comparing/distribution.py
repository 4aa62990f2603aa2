"""How far a total may be off: its distribution, computed from how sure each verdict is. Pure.

A verdict with confidence p is taken to be right with probability p, independently of the other verdicts; a
person's verdict and one settled by rule are certain. Nothing is simulated: the points' credits are convolved.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

RIGHT_WHERE_UNKNOWN = 0.84
"""Share of verdicts that are right, for those without a confidence (docs/scoring.md, 1,508 points)."""

RIGHT_WHERE_UNANIMOUS = 0.944
"""The same where repeats agreed and report a confidence of 1 that nobody calibrated (DESIGN.md)."""

OPPOSITE = 0.74
"""Of wrong hits and misses, the share that should be the opposite, not a partial (docs/scoring.md)."""

LEVEL = 0.95

_CREDITS = (0.0, 0.5, 1.0)
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """A point's credit, 0, 0.5 or 1, its relative weight, and the probability that the credit is right."""

    credit: float
    weight: float
    right: float


@dataclass(frozen=True)
class Distribution:
    """`probabilities[k]` is that of k hundredths of a mark; they add up to 1."""

    probabilities: Probabilities

    def __add__(self, other: "Distribution") -> "Distribution":
        """The distribution of the sum of two independent scores."""
        few, many = sorted((self.probabilities, other.probabilities), key=np.count_nonzero)
        total = np.zeros(len(few) + len(many) - 1)
        for place in np.flatnonzero(few):
            total[place : place + len(many)] += few[place] * many
        return Distribution(total)

    @property
    def mean(self) -> float:
        """The expected score, in marks."""
        return float(self.probabilities @ np.arange(len(self.probabilities)) / 100)

    def interval(self, around: float, level: float = LEVEL) -> tuple[float, float]:
        """The middle `level` of the distribution, in marks, widened where needed to hold the score `around`.

        Verdicts at an end of the scale can only err inward: the middle part alone may lie beside the score.
        """
        reached = np.cumsum(self.probabilities)
        last = len(reached) - 1
        low, high = (
            min(int(np.searchsorted(reached, edge - 1e-12)), last) / 100
            for edge in ((1 - level) / 2, (1 + level) / 2)
        )
        return min(low, around), max(high, around)


NOTHING = Distribution(np.ones(1))


def question_distribution(verdicts: Sequence[Verdict], max_score: float) -> Distribution:
    """The score of one question, rounded to hundredths as `app.scoring.tally.total` does.

    Weights count to two decimals. Raises ValueError without verdicts.
    """
    if not verdicts:
        raise ValueError("no verdicts")
    parts = [max(round(verdict.weight * 100), 1) for verdict in verdicts]
    common = math.gcd(*parts)
    parts = [part // common for part in parts]
    halves = np.ones(1)  # probabilities of 0, 1, 2, … half weights won
    for verdict, part in zip(verdicts, parts, strict=True):
        won = np.zeros(len(halves) + 2 * part)
        for step, probability in enumerate(_probabilities(verdict)):
            won[step * part : step * part + len(halves)] += probability * halves
        halves = won
    most, whole = round(max_score * 100), sum(parts)
    hundredths = (most * np.arange(len(halves), dtype=np.int64) + whole) // (2 * whole)
    return Distribution(np.bincount(hundredths, weights=halves, minlength=most + 1).astype(np.float64))


def total_distribution(scores: Iterable[Distribution]) -> Distribution:
    """The sum of independent scores."""
    return reduce(lambda one, other: one + other, scores, NOTHING)


def probability_above(one: Distribution, other: Distribution) -> tuple[float, float]:
    """(probability that `one` is higher than `other`, that they are equal)."""
    length = max(len(one.probabilities), len(other.probabilities))
    first = np.pad(one.probabilities, (0, length - len(one.probabilities)))
    second = np.pad(other.probabilities, (0, length - len(other.probabilities)))
    below = np.concatenate(([0.0], np.cumsum(second)[:-1]))
    return float(first @ below), float(first @ second)


def _probabilities(verdict: Verdict) -> tuple[float, ...]:
    """Of the credits 0, 0.5 and 1."""
    wrong = 1 - verdict.right
    if verdict.credit == 0.5:
        return wrong / 2, verdict.right, wrong / 2
    partly = wrong * (1 - OPPOSITE)
    by_credit = {verdict.credit: verdict.right, 1 - verdict.credit: wrong * OPPOSITE, 0.5: partly}
    return tuple(by_credit[credit] for credit in _CREDITS)
