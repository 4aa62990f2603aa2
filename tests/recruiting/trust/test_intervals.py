import numpy as np
import pytest

from app.recruiting.trust.intervals import of_mean, of_ratio, wilson


def test_wilsons_interval_of_a_published_example() -> None:
    """81 of 263: Newcombe 1998, table I."""
    interval = wilson(81, 263)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


@pytest.mark.parametrize("hits", [0, 20])
def test_a_share_of_none_or_all_still_has_an_interval(hits: int) -> None:
    interval = wilson(hits, 20)
    assert interval is not None
    assert interval.high - interval.low > 0.1
    assert 0 <= interval.low <= interval.high <= 1


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert of_mean(1, 0.5, 0.25) is None
    assert of_ratio(1, 1, 2, 1, 2, 4) is None
    assert of_ratio(5, 0, 0, 0, 0, 0) is None


def test_the_interval_of_a_mean_holds_it_as_often_as_it_says() -> None:
    rng, held = np.random.default_rng(0), 0
    for _ in range(500):
        drawn = rng.beta(2, 3, 60)
        interval = of_mean(60, drawn.sum(), np.square(drawn).sum())
        assert interval is not None
        held += interval.low <= 0.4 <= interval.high
    assert held / 500 == pytest.approx(0.95, abs=0.03)


def test_the_interval_of_a_ratio_takes_clusters_into_account() -> None:
    """Points of one interview are doubted together: points one by one would make it far too narrow."""
    rng, held, widths = np.random.default_rng(1), 0, []
    for _ in range(400):
        of = rng.integers(10, 40, 80).astype(float)
        hits = rng.binomial(of.astype(int), rng.beta(1, 4, 80)).astype(float)
        interval = of_ratio(80, hits.sum(), of.sum(), hits @ hits, hits @ of, of @ of)
        assert interval is not None
        held += interval.low <= 0.2 <= interval.high
        widths.append(interval.high - interval.low)
    naive = wilson(0.2 * 2000, 2000)
    assert naive is not None
    assert held / 400 == pytest.approx(0.95, abs=0.04)
    assert np.mean(widths) > 1.5 * (naive.high - naive.low)


def test_clusters_that_are_all_alike_fall_back_on_their_number() -> None:
    interval = of_ratio(10, 0, 300, 0, 0, 9000)
    assert interval == wilson(0, 10)
