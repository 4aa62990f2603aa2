import random

import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from evals import metrics

# Shrout & Fleiss 1979, table 2: six targets, four judges; ICC(2,1) = 0.29.
TARGETS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Krippendorff 2011's reliability data as the library `krippendorff` quotes it.
CODERS = ["*****34121133*3", "1*2133 43*******".replace(" ", ""), "**2134 4*21133*4".replace(" ", "")]


def test_macro_f1_is_the_mean_over_labels_of_both_lists() -> None:
    # hit: precision 2/3, recall 1 → 0.8; miss: precision 1, recall 1/2 → 2/3
    assert metrics.macro_f1([1, 1, 0, 0], [1, 1, 1, 0]) == pytest.approx((0.8 + 2 / 3) / 2)
    assert metrics.macro_f1([1, 1], [1, 1]) == 1.0
    assert metrics.macro_f1([1, 1], [0, 0]) == 0.0
    assert metrics.macro_f1([], []) is None


def test_kappa_is_what_is_left_after_chance() -> None:
    # 20 both yes, 5 only the first, 10 only the second, 15 both no: observed 0.7, by chance 0.5
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert metrics.cohen_kappa(first, second) == pytest.approx(0.4)


def test_quadratic_kappa_weighs_by_squared_distance_over_the_whole_scale() -> None:
    # apart as given: (0 + 0 + 1) / 3; every label with every other: (0 + 1 + 1 + 1 + 0 + 0 + 4 + 1 + 1) / 9
    kappa = metrics.cohen_kappa([0, 1, 2], [0, 1, 1], quadratic=True, labels=range(9))
    assert kappa == pytest.approx(1 - 1 / 3)
    near = metrics.cohen_kappa([0, 4, 8], [1, 4, 8], quadratic=True, labels=range(9))
    far = metrics.cohen_kappa([0, 4, 8], [8, 4, 8], quadratic=True, labels=range(9))
    assert near is not None
    assert far is not None
    assert near > far


@pytest.mark.parametrize(("first", "second"), [([], []), ([1, 1], [1, 1])])
def test_kappa_is_undefined_without_two_labels(first: list[int], second: list[int]) -> None:
    assert metrics.cohen_kappa(first, second) is None
    assert metrics.cohen_kappa(first, second, quadratic=True, labels=[0, 1]) is None


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn_on_random_ratings(seed: int) -> None:
    generator = random.Random(seed)
    first = [generator.randrange(4) for _ in range(80)]
    second = [one if generator.random() < 0.6 else generator.randrange(4) for one in first]
    assert metrics.macro_f1(first, second) == pytest.approx(f1_score(first, second, average="macro"))
    assert metrics.cohen_kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))
    assert metrics.cohen_kappa(first, second, quadratic=True, labels=range(4)) == pytest.approx(
        cohen_kappa_score(first, second, weights="quadratic")
    )


def test_icc_is_that_of_shrout_and_fleiss() -> None:
    assert metrics.icc_a1(TARGETS) == pytest.approx(0.2898, abs=1e-4)


def test_icc_falls_when_one_rater_is_always_higher() -> None:
    same = [[float(n), float(n)] for n in range(6)]
    assert metrics.icc_a1(same) == pytest.approx(1.0)
    shifted = metrics.icc_a1([[one, other + 3] for one, other in same])
    assert shifted is not None
    assert shifted < 0.6


@pytest.mark.parametrize("ratings", [[], [[1.0, 2.0]], [[1.0], [2.0]], [[3.0, 3.0], [3.0, 3.0]]])
def test_icc_needs_two_subjects_two_raters_and_a_difference(ratings: list[list[float]]) -> None:
    assert metrics.icc_a1(ratings) is None


def test_alpha_is_that_of_krippendorffs_example() -> None:
    ratings = [[None if code == "*" else float(code) for code in coder] for coder in CODERS]
    assert metrics.krippendorff_alpha(ratings, "nominal") == pytest.approx(0.691, abs=1e-3)
    assert metrics.krippendorff_alpha(ratings, "interval") == pytest.approx(0.811, abs=1e-3)


def test_alpha_is_one_when_nothing_differs_and_none_when_nothing_is_rated_twice() -> None:
    assert metrics.krippendorff_alpha([[1, 1, 1], [1, 1, 1]]) == 1.0
    assert metrics.krippendorff_alpha([[0, 0.5, 1], [0, 0.5, 1]]) == pytest.approx(1.0)
    assert metrics.krippendorff_alpha([[1, None], [None, 1]]) is None
    assert metrics.krippendorff_alpha([]) is None


def test_error_and_bias_are_in_the_unit_of_the_numbers() -> None:
    assert metrics.mae([0, 4], [2, 3]) == 1.5
    assert metrics.bias([0, 4], [2, 3]) == 0.5
    assert metrics.mae([], []) is None
    assert metrics.bias([], []) is None
    assert metrics.share([True, False, False, False]) == 0.25
    assert metrics.share([]) is None


def test_calibration_error_is_the_gap_of_equal_bins() -> None:
    # least sure: 0.6 and half right; most sure: 0.9 and all right
    confidences, right = [0.9, 0.6, 0.9, 0.6], [True, True, True, False]
    assert metrics.calibration_bins(confidences, right, bins=2) == [
        (pytest.approx(0.6), 0.5, 2),
        (pytest.approx(0.9), 1.0, 2),
    ]
    assert metrics.expected_calibration_error(confidences, right, bins=2) == pytest.approx(0.1)
    assert metrics.expected_calibration_error([1.0] * 20, [True] * 20) == 0.0
    assert metrics.expected_calibration_error([], []) is None


def test_the_coverage_curve_reviews_the_most_doubtful_first() -> None:
    curve = metrics.coverage_curve([(0.2,), (0.9,), (0.1,), (0.8,)], [False, False, True, True])
    assert curve == [(0.0, 0.0), (0.25, 0.5), (0.5, 0.5), (0.75, 1.0), (1.0, 1.0)]
    assert metrics.caught_at(curve, 0.25) == 0.5
    assert metrics.caught_at(curve, 0.125) == 0.25
    assert metrics.area_under(curve) == pytest.approx(0.0625 + 0.125 + 0.1875 + 0.25)


def test_points_of_the_same_doubt_are_reviewed_together() -> None:
    assert metrics.coverage_curve([(0.5,)] * 4, [True, False, False, False]) == [(0.0, 0.0), (1.0, 1.0)]
    assert metrics.area_under([(0.0, 0.0), (1.0, 1.0)]) == 0.5


def test_without_errors_there_is_no_curve() -> None:
    assert metrics.coverage_curve([(0.5,)], [False]) == []
    assert metrics.caught_at([], 0.15) is None
    assert metrics.area_under([]) is None


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def test_the_interval_is_wider_when_a_cluster_agrees_with_itself() -> None:
    alike = [[1.0] * 5, [0.0] * 5] * 5
    mixed = [[1.0, 0.0] * 5] * 10
    wide, narrow = metrics.cluster_bootstrap(alike, _mean), metrics.cluster_bootstrap(mixed, _mean)
    assert wide is not None
    assert narrow == (0.5, 0.5)
    assert wide[0] < 0.3
    assert wide[1] > 0.7


def test_the_interval_is_the_same_for_the_same_seed_and_missing_where_there_is_nothing_to_draw() -> None:
    clusters = [[1.0, 0.5], [0.0], [1.0]]
    assert metrics.cluster_bootstrap(clusters, _mean) == metrics.cluster_bootstrap(clusters, _mean)
    assert metrics.cluster_bootstrap([[1.0]], _mean) is None
    assert metrics.cluster_bootstrap(clusters, lambda values: None) is None
