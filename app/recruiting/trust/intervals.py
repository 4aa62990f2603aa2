"""95 % intervals: of shares, means and ratios, from sums a database can add up, and by bootstrap. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.recruiting.trust.agreement import Array

Z = 1.959964
RESAMPLES = 1000
FEWEST_CLUSTERS = 5
"""With fewer clusters a bootstrap says more about itself than about the figure."""


@dataclass(frozen=True)
class Interval:
    """From where to where a figure may lie, with 95 % confidence."""

    low: float
    high: float


def wilson(hits: float, count: float) -> Interval | None:
    """Of a share of independent samples (Wilson 1927), 0..1. None for no samples."""
    if count <= 0:
        return None
    share, spread = hits / count, Z * Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def of_mean(count: int, total: float, squares: float) -> Interval | None:
    """Of the mean of shares, 0..1, by the normal approximation. None for fewer than two samples."""
    if count < 2:
        return None
    mean = total / count
    variance = max(squares - count * mean * mean, 0.0) / (count - 1)
    half = Z * math.sqrt(variance / count)
    return Interval(max(mean - half, 0.0), min(mean + half, 1.0))


def of_ratio(
    count: int, hits: float, of: float, hits_squared: float, crossed: float, of_squared: float
) -> Interval | None:
    """Of a share of things that come in clusters, 0..1: `hits` of them `of` all, over `count` clusters.

    The ratio estimator's variance (Cochran 1977, 6.4), from the sums of h², h·o and o² over the clusters.
    Where every cluster is alike it says nothing, and Wilson's interval over clusters stands in. None for
    fewer than two clusters.
    """
    if count < 2 or of <= 0:
        return None
    ratio = hits / of
    left = max(hits_squared - 2 * ratio * crossed + ratio * ratio * of_squared, 0.0)
    half = Z * math.sqrt(left * count / (count - 1)) / of
    if half < 1e-9:
        return wilson(ratio * count, count)
    return Interval(max(ratio - half, 0.0), min(ratio + half, 1.0))


def bootstrap(clusters: Array, figure: Callable[[Array], Array], seed: int = 0) -> Interval | None:
    """The 95 % percentile interval of `figure` when whole clusters are drawn again, with replacement.

    `clusters` is `[clusters, ...]`, counts or sums that add up to what `figure` takes. Samples of one
    cluster, such as the replies to one question, are alike; drawing them one by one would make intervals too
    narrow (Field & Welsh 2007). Resamples where the figure is not defined are left out. None for fewer than
    `FEWEST_CLUSTERS`, or where no resample had a figure.
    """
    count = len(clusters)
    if count < FEWEST_CLUSTERS:
        return None
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    found = figure(np.tensordot(drawn.astype(np.float64), clusters, axes=1))
    found = found[np.isfinite(found)]
    if not found.size:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return Interval(float(low), float(high))
