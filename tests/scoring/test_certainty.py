import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import certainty
from app.scoring.card import PointScore, QuestionScore
from app.scoring.tally import total


def point(credit: float | None, confidence: float | None = 0.9, **more: object) -> PointScore:
    return PointScore.model_validate({"id": "p", "credit": credit, "confidence": confidence, **more})


def card(*points: PointScore, max_score: float = 8) -> QuestionScore:
    score = total([each.credit for each in points], [each.weight for each in points], max_score)
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=max_score,
        points=list(points),
        fingerprint="f",
    )


def test_what_a_person_decided_is_certain() -> None:
    assert certainty.distribution(point(0.5, None, overridden=True)) == (0.0, 1.0, 0.0)


def test_a_verdict_is_as_likely_right_as_it_is_confident() -> None:
    assert certainty.distribution(point(1.0, 0.8)) == pytest.approx((0.1, 0.1, 0.8))


def test_a_verdict_without_confidence_is_surer_where_nobody_needs_to_look() -> None:
    assert certainty.confidence(point(1.0, None)) > certainty.confidence(point(1.0, None, needs_review=True))


def test_a_point_without_a_verdict_has_no_distribution() -> None:
    with pytest.raises(ValueError, match="not judged"):
        certainty.distribution(point(None))


def test_sure_verdicts_leave_no_interval_to_speak_of() -> None:
    found = certainty.interval([card(point(1.0, 1.0), point(0.0, 1.0))])
    assert found == certainty.Interval(4.0, 4.0)


def test_cards_that_are_not_scored_count_in_no_interval() -> None:
    assert certainty.interval([card(point(None))]) is None
    assert certainty.interval([card(point(1.0, 1.0)), card(point(None))]) == certainty.Interval(8.0, 8.0)


cards = st.lists(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1), st.floats(0.5, 3)),
        min_size=1,
        max_size=6,
    ).map(lambda rows: card(*(point(credit, sure, weight=weight) for credit, sure, weight in rows))),
    min_size=1,
    max_size=5,
)


@given(cards)
def test_the_interval_holds_the_score_and_stays_within_the_marks(some: list[QuestionScore]) -> None:
    found = certainty.interval(some)
    assert found is not None
    score = sum(each.score or 0 for each in some)
    assert -0.001 <= found.low <= score + 0.01
    assert score - 0.01 <= found.high <= 8 * len(some) + 0.001


def test_the_interval_never_reaches_past_what_is_still_in_doubt() -> None:
    settled = card(point(0.0, 1.0), point(0.0, 1.0))
    decided = card(point(1.0, 0.5, overridden=True), point(1.0, 0.4))
    assert certainty.interval([decided, settled]) == certainty.Interval(4.0, 8.0)


def test_less_confidence_makes_a_wider_interval() -> None:
    sure = certainty.interval([card(point(1.0, 0.95), point(0.0, 0.95))])
    unsure = certainty.interval([card(point(1.0, 0.6), point(0.0, 0.6))])
    assert sure is not None
    assert unsure is not None
    assert unsure.high - unsure.low > sure.high - sure.low


def test_a_clear_rise_differs_and_a_doubtful_one_does_not() -> None:
    low = [card(*[point(0.0, 0.95)] * 4)]
    assert certainty.clearly_differ([card(*[point(1.0, 0.95)] * 4)], low)
    half = [point(0.5, 0.6), *[point(0.0, 0.95)] * 3]
    assert not certainty.clearly_differ([card(*half)], low)
    assert not certainty.clearly_differ([], low)


def test_a_hit_is_likely_above_a_miss_and_never_above_itself() -> None:
    assert certainty.chance_higher(point(1.0, 0.9), point(0.0, 0.9)) > 0.89
    assert certainty.chance_higher(point(1.0, 1.0), point(1.0, 1.0)) == 0
