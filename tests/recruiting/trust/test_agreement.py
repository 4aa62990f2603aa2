import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

from app.recruiting.trust.agreement import (
    Array,
    confusion,
    exact,
    icc_a1,
    kappa,
    known,
    macro_f1,
    moments,
)
from app.recruiting.trust.intervals import FEWEST_CLUSTERS, bootstrap
from evals import metrics

credits = st.sampled_from([0.0, 0.5, 1.0])
pairs = st.lists(st.tuples(credits, credits), min_size=2, max_size=60)
shares = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=30)


def as_labels(given: list[tuple[float, float]]) -> tuple[list[int], list[int]]:
    """Credits as 0, 1, 2, as scikit-learn wants classes."""
    return [int(one * 2) for one, _ in given], [int(other * 2) for _, other in given]


@given(pairs)
def test_the_figures_of_credits_are_those_of_scikit_learn(given: list[tuple[float, float]]) -> None:
    first, second = as_labels(given)
    table = confusion(given)
    assert known(exact(table)) == pytest.approx(accuracy_score(first, second))
    assert known(macro_f1(table)) == pytest.approx(f1_score(first, second, average="macro"))
    if len({*first, *second}) > 1:
        assert known(kappa(table)) == pytest.approx(cohen_kappa_score(first, second))
        expected = cohen_kappa_score(first, second, weights="quadratic", labels=[0, 1, 2])
        assert known(kappa(table, quadratic=True)) == pytest.approx(expected)


@given(shares)
def test_the_icc_is_that_of_the_evals(given: list[tuple[float, float]]) -> None:
    expected = metrics.icc_a1(given)
    found = known(icc_a1(moments(given)))
    if expected is not None and np.ptp(np.array(given)) > 1e-3:
        assert found == pytest.approx(expected, abs=1e-6)


def test_the_icc_of_a_published_example() -> None:
    """Raters 1 and 2 of Shrout & Fleiss 1979, table 2; the value is that of pingouin 0.7, ICC(A,1)."""
    ratings = [(9, 2), (6, 1), (8, 4), (7, 1), (10, 5), (6, 2)]
    assert known(icc_a1(moments(ratings))) == pytest.approx(0.1257, abs=1e-4)


def test_one_and_the_same_credit_throughout_has_no_kappa() -> None:
    table = confusion([(1.0, 1.0)] * 5)
    assert known(kappa(table)) is None
    assert known(kappa(table, quadratic=True)) is None
    assert known(exact(table)) == 1.0


def test_nothing_has_no_figures() -> None:
    table = confusion([])
    assert [known(figure(table)) for figure in (exact, kappa, macro_f1)] == [None] * 3
    assert known(icc_a1(moments([]))) is None
    assert known(icc_a1(moments([(0.5, 0.5)]))) is None


def test_ratings_that_never_differ_have_no_icc() -> None:
    assert known(icc_a1(moments([(0.5, 0.5)] * 4))) is None


def test_figures_of_many_tables_are_those_of_each() -> None:
    tables = np.random.default_rng(3).integers(1, 20, (7, 3, 3)).astype(float)
    for figure in (exact, kappa, macro_f1):
        together = figure(tables)
        assert together.shape == (7,)
        assert [float(one) for one in together] == pytest.approx([float(figure(one)) for one in tables])


def clusters(count: int, apart: float) -> Array:
    """Tables of questions with 40 verdicts each, whose agreement differs from question to question."""
    rng = np.random.default_rng(0)
    tables = []
    for place in range(count):
        right = 0.75 + apart * (place % 2 - 0.5)
        truth = rng.choice([0.0, 0.5, 1.0], 40)
        given = np.where(rng.random(40) < right, truth, rng.choice([0.0, 0.5, 1.0], 40))
        tables.append(confusion(list(zip(truth.tolist(), given.tolist(), strict=True))))
    return np.array(tables)


def test_the_interval_is_wider_where_questions_differ_more() -> None:
    alike, unlike = bootstrap(clusters(20, 0.0), kappa), bootstrap(clusters(20, 0.4), kappa)
    assert alike is not None
    assert unlike is not None
    assert unlike.high - unlike.low > alike.high - alike.low


def test_the_interval_holds_the_figure_and_repeats_itself() -> None:
    tables = clusters(12, 0.1)
    interval = bootstrap(tables, kappa)
    assert interval is not None
    assert interval.low < float(kappa(tables.sum(axis=0))) < interval.high
    assert bootstrap(tables, kappa) == interval


def test_the_interval_is_that_of_the_evals_bootstrap() -> None:
    tables = clusters(30, 0.3)
    labelled = [
        [(row, column) for row in range(3) for column in range(3) for _ in range(int(table[row, column]))]
        for table in tables
    ]
    expected = metrics.cluster_bootstrap(
        labelled, lambda drawn: metrics.cohen_kappa([a for a, _ in drawn], [b for _, b in drawn])
    )
    found = bootstrap(tables, kappa)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(expected, abs=0.02)


def test_too_few_clusters_have_no_interval() -> None:
    assert bootstrap(clusters(FEWEST_CLUSTERS - 1, 0.1), kappa) is None
    assert bootstrap(clusters(FEWEST_CLUSTERS, 0.1), kappa) is not None


def test_a_figure_that_is_never_defined_has_no_interval() -> None:
    assert bootstrap(np.array([confusion([(1.0, 1.0)])] * 6), kappa) is None
