import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import certainty
from app.scoring.card import PointScore, QuestionScore
from app.scoring.certainty import Interval
from app.scoring.tally import total


def point(credit: float | None, confidence: float | None = 0.9, **more: object) -> PointScore:
    return PointScore.model_validate({"id": "p", "credit": credit, "confidence": confidence, **more})


def decided(credit: float) -> PointScore:
    return point(credit, None, overridden=True)


def card(*points: PointScore, max_score: float = 8) -> QuestionScore:
    score = total([each.credit for each in points], [each.weight for each in points], max_score)
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=max_score,
        points=list(points),
        fingerprint="f",
    )


def width(*cards: QuestionScore) -> float:
    found = certainty.interval(cards)
    assert found is not None
    return found.high - found.low


def test_what_a_person_decided_is_certain() -> None:
    assert certainty.chances(decided(0.5)) == (0.0, 1.0, 0.0)


def test_a_verdict_is_as_likely_right_as_it_is_confident() -> None:
    assert certainty.chances(point(0.5, 0.8)) == pytest.approx((0.1, 0.8, 0.1))


def test_a_wrong_hit_is_rather_a_miss_than_a_partial() -> None:
    miss, partial, hit = certainty.chances(point(1.0, 0.8))
    assert (hit, miss + partial) == pytest.approx((0.8, 0.2))
    assert miss > partial
    assert certainty.chances(point(0.0, 0.8)) == pytest.approx((hit, partial, miss))


def test_a_verdict_without_confidence_is_surer_where_nobody_needs_to_look() -> None:
    assert certainty.confidence(point(1.0, None)) > certainty.confidence(point(1.0, None, needs_review=True))


def test_repeats_that_agreed_say_no_more_than_no_confidence() -> None:
    assert certainty.confidence(point(1.0, 1.0)) == certainty.confidence(point(1.0, None)) < 1
    assert certainty.is_unmeasured(point(1.0, 1.0))


def test_a_miss_by_rule_is_certain_unless_a_person_should_look() -> None:
    assert certainty.confidence(point(0.0, 1.0)) == 1
    assert not certainty.is_unmeasured(point(0.0, 1.0))
    assert certainty.confidence(point(0.0, 1.0, needs_review=True)) < 1


def test_a_point_without_a_verdict_has_no_chances() -> None:
    with pytest.raises(ValueError, match="not judged"):
        certainty.chances(point(None))


def test_sure_verdicts_leave_no_doubt() -> None:
    assert certainty.interval([card(decided(1.0), point(0.0, 1.0), decided(0.0))]) == Interval(2.67, 2.67)


def test_cards_that_are_not_scored_count_in_no_total() -> None:
    assert certainty.interval([card(point(None))]) is None
    assert certainty.interval([card(decided(1.0)), card(point(None))]) == Interval(8.0, 8.0)


def test_a_point_without_a_verdict_leaves_its_whole_range_open() -> None:
    assert certainty.open_interval(card(decided(1.0), point(None, weight=3))) == Interval(2.0, 8.0)
    doubtful = certainty.open_interval(card(point(0.5, 0.7), point(None)))
    assert doubtful is not None
    assert doubtful.low < 2
    assert doubtful.high > 6


def test_a_card_without_any_verdict_leaves_nothing_to_say() -> None:
    assert certainty.open_interval(card(point(None), point(None))) is None


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
    assert 0 <= found.low <= score + 0.01
    assert score - 0.01 <= found.high <= 8 * len(some)


@given(cards, cards)
def test_a_difference_holds_that_of_the_scores_and_is_the_same_the_other_way_round(
    some: list[QuestionScore], others: list[QuestionScore]
) -> None:
    found, turned = certainty.difference(some, others), certainty.difference(others, some)
    assert found is not None
    assert turned is not None
    scores = [sum(each.score or 0 for each in side) for side in (some, others)]
    assert found.low - 0.02 <= scores[0] - scores[1] <= found.high + 0.02
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@given(cards, cards)
def test_scores_whose_intervals_do_not_overlap_differ(
    some: list[QuestionScore], others: list[QuestionScore]
) -> None:
    one, other = certainty.interval(some), certainty.interval(others)
    assert one is not None
    assert other is not None
    overlap = one.low <= other.high and other.low <= one.high
    assert overlap or certainty.clearly_differ(some, others)


def test_ends_are_rounded_outwards_to_half_marks_or_to_tenths_of_few() -> None:
    for most, step in ((8.0, 0.5), (2.0, 0.1)):
        found = certainty.interval([card(point(0.5, 0.83), point(0.0, 0.71), max_score=most)])
        assert found is not None
        assert [round(end / step, 6) % 1 for end in (found.low, found.high)] == [0, 0]


def test_the_interval_never_reaches_past_what_is_still_in_doubt() -> None:
    settled = card(point(0.0, 1.0), point(0.0, 1.0))
    half = card(decided(1.0), point(1.0, 0.4))
    assert certainty.interval([half, settled]) == Interval(4.0, 8.0)


def test_less_confidence_makes_a_wider_interval() -> None:
    sure, unsure = (card(point(1.0, right), point(0.0, right)) for right in (0.95, 0.6))
    assert width(unsure) > width(sure)


def test_a_person_who_decides_points_narrows_the_interval() -> None:
    before = [point(1.0, 0.7), point(0.0, 0.7), point(0.5, 0.7)]
    widths = [
        width(card(*([decided(each.credit or 0.0) for each in before[:count]] + before[count:])))
        for count in range(4)
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0


def test_errors_that_go_together_do_not_cancel_out_over_many_questions() -> None:
    one = card(*[point(credit, 0.8) for credit in (0.0, 0.5, 1.0, 0.5)])
    together, apart = certainty.interval([one] * 9), certainty.interval([one] * 9, together=0)
    assert together is not None
    assert apart is not None
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert width(*[one] * 9) < 9 * width(one)


def test_the_difference_of_two_is_surer_than_their_intervals_side_by_side() -> None:
    one, other = ([card(*[point(credit, 0.9)] * 3, *[point(0.5, 0.9)] * 3)] for credit in (0.0, 0.5))
    found = certainty.difference(other, one)
    assert found is not None
    assert found.high - found.low < width(*one) + width(*other)


def test_a_clear_rise_differs_and_a_doubtful_one_does_not() -> None:
    low = [card(*[point(0.0, 0.95)] * 4)]
    assert certainty.clearly_differ([card(*[point(1.0, 0.95)] * 4)], low)
    half = [point(0.5, 0.6), *[point(0.0, 0.95)] * 3]
    assert not certainty.clearly_differ([card(*half)], low)


def test_nothing_is_said_of_a_difference_while_anything_is_not_scored() -> None:
    assert certainty.difference([], [card(decided(1.0))]) is None
    assert certainty.difference([card(point(None))], [card(decided(1.0))]) is None
    assert not certainty.clearly_differ([card(point(None))], [card(decided(1.0))])


def test_a_hit_is_likely_above_a_miss_and_never_above_itself() -> None:
    assert certainty.chance_higher(point(1.0, 0.9), point(0.0, 0.9)) > 0.85
    assert certainty.chance_higher(decided(1.0), decided(1.0)) == 0
