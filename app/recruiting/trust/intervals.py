"""95 % intervals of shares, means and ratios, from counts and sums that a database can add up. Pure."""

import math

from app.recruiting.trust.agreement import Interval

Z = 1.959964


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
