import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recruiting.comparing.distribution import (
    NOTHING,
    OPPOSITE,
    Verdict,
    probability_above,
    question_distribution,
    total_distribution,
)
from app.scoring.tally import total

CREDITS = (0.0, 0.5, 1.0)
verdicts = st.builds(
    Verdict,
    st.sampled_from(CREDITS),
    st.sampled_from([0.5, 1.0, 1.25, 2.0, 3.0]),
    st.floats(0.3, 1.0),
)


def chances(verdict: Verdict) -> dict[float, float]:
    wrong = 1 - verdict.right
    if verdict.credit == 0.5:
        return {0.0: wrong / 2, 0.5: verdict.right, 1.0: wrong / 2}
    return {verdict.credit: verdict.right, 1 - verdict.credit: wrong * OPPOSITE, 0.5: wrong * (1 - OPPOSITE)}


def by_enumeration(points: list[Verdict], max_score: float) -> dict[float, float]:
    """Every combination of credits, summed by the score that `tally` gives it."""
    found: dict[float, float] = {}
    for credits in product(CREDITS, repeat=len(points)):
        score = total(credits, [point.weight for point in points], max_score)
        assert score is not None
        each = [chances(point)[credit] for point, credit in zip(points, credits, strict=True)]
        chance = float(np.prod(each))
        found[score] = found.get(score, 0.0) + chance
    return {score: chance for score, chance in found.items() if chance > 0}


@given(st.lists(verdicts, min_size=1, max_size=5), st.sampled_from([1.0, 6.0, 8.0, 10.0]))
def test_a_questions_score_is_distributed_as_all_combinations_of_credits_say(
    points: list[Verdict], max_score: float
) -> None:
    expected = by_enumeration(points, max_score)
    found = question_distribution(points, max_score).probabilities
    assert {k / 100: found[k] for k in np.flatnonzero(found)} == pytest.approx(expected)


@given(st.lists(verdicts, min_size=1, max_size=5))
def test_a_distribution_adds_up_to_one_and_never_leaves_the_marks(points: list[Verdict]) -> None:
    distribution = question_distribution(points, 8.0)
    assert distribution.probabilities.sum() == pytest.approx(1)
    assert len(distribution.probabilities) == 801


def test_certain_verdicts_leave_no_doubt() -> None:
    points = [Verdict(1.0, 1.0, 1.0), Verdict(0.5, 1.0, 1.0), Verdict(0.0, 2.0, 1.0)]
    distribution = question_distribution(points, 8.0)
    assert distribution.interval(3.0) == (3.0, 3.0)
    assert distribution.mean == pytest.approx(3.0)


def test_a_total_is_distributed_as_a_simulation_of_it() -> None:
    rng = random.Random(1)
    questions = [
        [Verdict(rng.choice(CREDITS), 1.0, rng.uniform(0.6, 0.99)) for _ in range(6)] for _ in range(6)
    ]
    found = total_distribution(question_distribution(points, 8.0) for points in questions)
    drawn = []
    for _ in range(4000):
        scores = []
        for points in questions:
            credits = [rng.choices(*zip(*chances(point).items(), strict=True))[0] for point in points]
            scores.append(total(credits, [1.0] * 6, 8.0) or 0.0)
        drawn.append(sum(scores))
    assert found.mean == pytest.approx(np.mean(drawn), abs=0.2)
    low, high = found.interval(found.mean)
    assert np.mean([low <= each <= high for each in drawn]) == pytest.approx(0.95, abs=0.02)


def test_the_interval_always_holds_the_score_itself() -> None:
    """Full marks from many uncertain verdicts: the middle 95 % lie below."""
    full = total_distribution(question_distribution([Verdict(1.0, 1.0, 0.8)] * 6, 8.0) for _ in range(8))
    low, high = full.interval(64.0)
    assert high == 64.0
    assert low < full.mean < 64.0


def test_less_confidence_makes_a_wider_interval() -> None:
    widths = []
    for right in (0.99, 0.9, 0.7):
        verdicts = [Verdict(credit, 1.0, right) for credit in CREDITS * 2]
        low, high = question_distribution(verdicts, 8.0).interval(4.0)
        widths.append(high - low)
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_above_equal_and_below_make_one() -> None:
    one = question_distribution([Verdict(1.0, 1.0, 0.9), Verdict(0.0, 1.0, 0.7)], 8.0)
    other = question_distribution([Verdict(0.5, 1.0, 0.9), Verdict(0.0, 1.0, 0.9)], 8.0)
    above, equal = probability_above(one, other)
    below, equal_too = probability_above(other, one)
    assert equal == pytest.approx(equal_too)
    assert above + equal + below == pytest.approx(1)
    assert above > below


def test_the_sum_of_no_scores_is_nothing() -> None:
    assert total_distribution([]) == NOTHING
    assert NOTHING.interval(0.0) == (0.0, 0.0)


def test_a_question_without_verdicts_has_no_distribution() -> None:
    with pytest.raises(ValueError, match="no verdicts"):
        question_distribution([], 8.0)
