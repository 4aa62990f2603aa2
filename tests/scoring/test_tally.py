import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.tally import total

CREDITS = st.sampled_from([0.0, 0.5, 1.0])
WEIGHTS = st.floats(min_value=0.01, max_value=100, allow_nan=False)
POINTS = st.lists(st.tuples(CREDITS, WEIGHTS), min_size=1, max_size=40)
MAX_SCORE = st.floats(min_value=0.01, max_value=1000, allow_nan=False)


@pytest.mark.parametrize(
    ("credits", "weights", "max_score", "score"),
    [
        ([1.0], [1.0], 8, 8.0),
        ([0.0, 0.0], [1.0, 3.0], 8, 0.0),
        ([1.0, 0.5, 0.0], [1.0, 1.0, 2.0], 8, 3.0),
        ([1.0, 0.0, 0.0], [1.0, 1.0, 1.0], 8, 2.67),
        ([0.5, 0.0], [0.01, 3.99], 2, 0.0),
        ([0.5, 0.0], [0.02, 3.98], 2, 0.01),
        ([1.0, 0.0, 0.0], [0.1, 0.2, 0.5], 0.04, 0.01),
        ([1.0] * 3, [0.1, 0.2, 0.3], 7.777, 7.777),
    ],
)
def test_credits_and_weights_add_up_rounded_half_up(
    credits: list[float], weights: list[float], max_score: float, score: float
) -> None:
    assert total(credits, weights, max_score) == score


def test_one_unjudged_point_leaves_the_question_unscored() -> None:
    assert total([1.0, None], [1, 1], 8) is None


def test_a_question_without_points_has_no_score() -> None:
    assert total([], [], 8) is None


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan")])
def test_weights_that_are_not_positive_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        total([1.0, 1.0], [1.0, weight], 8)


def test_each_credit_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="2 credits for 1 weights"):
        total([1.0, 1.0], [1.0], 8)


@given(POINTS, MAX_SCORE)
def test_the_score_lies_between_zero_and_the_maximum(
    points: list[tuple[float, float]], max_score: float
) -> None:
    score = total([c for c, _ in points], [w for _, w in points], max_score)
    assert score is not None
    assert 0 <= score <= max_score


@given(POINTS, MAX_SCORE, st.data())
def test_a_higher_credit_never_lowers_the_score(
    points: list[tuple[float, float]], max_score: float, data: st.DataObject
) -> None:
    credits, weights = [c for c, _ in points], [w for _, w in points]
    raised = list(credits)
    raised[data.draw(st.integers(0, len(points) - 1))] = 1.0
    before, after = total(credits, weights, max_score), total(raised, weights, max_score)
    assert before is not None
    assert after is not None
    assert after >= before


@given(
    st.lists(st.tuples(CREDITS, st.integers(1, 100)), min_size=1, max_size=40),
    st.integers(2, 50),
)
def test_only_the_proportions_of_the_weights_count(points: list[tuple[float, int]], scale: int) -> None:
    credits, weights = [c for c, _ in points], [w for _, w in points]
    assert total(credits, weights, 8) == total(credits, [scale * weight for weight in weights], 8)
