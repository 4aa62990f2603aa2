import pytest

from evals.retrieval.metrics import interval, ndcg_at, recall_at


@pytest.mark.parametrize(
    ("k", "ranked", "relevant", "recall"),
    [
        (1, ["a", "b"], ["a"], 1.0),
        (1, ["b", "a"], ["a"], 0.0),
        (5, ["b", "a"], ["a"], 1.0),
        (1, ["b", "c"], ["a", "b", "c"], 1.0),
        (2, ["b", "x", "a"], ["a", "b", "c"], 0.5),
        (5, [], ["a"], 0.0),
    ],
)
def test_recall_counts_what_the_first_places_can_hold(
    k: int, ranked: list[str], relevant: list[str], recall: float
) -> None:
    assert recall_at(k, ranked, relevant) == recall


def test_a_query_without_a_relevant_id_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        recall_at(1, ["a"], [])


def test_ndcg_is_one_for_the_ideal_order_and_falls_with_the_place() -> None:
    assert ndcg_at(10, ["a", "b", "x"], ["a", "b"]) == 1.0
    first, second = ndcg_at(10, ["a", "x"], ["a"]), ndcg_at(10, ["x", "a"], ["a"])
    assert first == 1.0
    assert second == pytest.approx(0.6309, abs=1e-4)
    assert ndcg_at(10, ["x"] * 10 + ["a"], ["a"]) == 0.0


def test_the_interval_is_wider_when_values_of_a_cluster_agree() -> None:
    values = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0] * 5
    together = [place // 3 for place in range(len(values))]
    alone = list(range(len(values)))
    low, high = interval(values, together)
    narrow_low, narrow_high = interval(values, alone)
    assert low < narrow_low <= 0.5 <= narrow_high < high
