"""How far two judges agree: figures over counts, each with its scale and its degenerate cases. Pure.

Counts are arrays whose last axes are one table; the axes before them, such as one a bootstrap resample, are
kept. A figure that is not defined is NaN.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CREDITS = (0.0, 0.5, 1.0)


def confusion(pairs: Sequence[tuple[float, float]]) -> Array:
    """Counts `[3, 3]` of (one's credit, the other's credit), in the order of `CREDITS`."""
    found = Counter(pairs)
    return np.array([[found[one, other] for other in CREDITS] for one in CREDITS], dtype=np.float64)


def exact(tables: Array) -> Array:
    """The share of pairs that are the same, 0..1; `tables` `[..., k, k]`. NaN for no pairs."""
    return _over(np.trace(tables, axis1=-2, axis2=-1), tables.sum(axis=(-2, -1)))


def kappa(tables: Array, *, quadratic: bool = False) -> Array:
    """Agreement beyond chance, at most 1; 0 is chance (Cohen 1960); `tables` `[..., k, k]`.

    `quadratic`: disagreements weigh by their squared distance (Cohen 1968), the "QWK" of essay scoring. NaN
    for no pairs, and where both gave one and the same credit throughout.
    """
    places = np.arange(tables.shape[-1])
    apart = np.subtract.outer(places, places)
    weights = np.square(apart) if quadratic else (apart != 0).astype(int)
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    by_chance = _over(rows[..., :, None] * columns[..., None, :], rows.sum(axis=-1)[..., None, None])
    return 1 - _over((weights * tables).sum(axis=(-2, -1)), (weights * by_chance).sum(axis=(-2, -1)))


def macro_f1(tables: Array) -> Array:
    """The mean over the credits that occur of the harmonic mean of precision and recall, 0..1.

    A credit that only one of the two gave counts with 0. NaN for no pairs.
    """
    either = tables.sum(axis=-1) + tables.sum(axis=-2)
    each = _over(2 * np.diagonal(tables, axis1=-2, axis2=-1), either)
    return _over(np.nansum(each, axis=-1), (either > 0).sum(axis=-1))


def moments(pairs: Sequence[tuple[float, float]]) -> Array:
    """Sums `[6]` over (x, y): count, x, y, x², y², xy. Sums of several samples add up."""
    x, y = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return np.array([len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()])


def icc_a1(sums: Array) -> Array:
    """ICC(A,1), absolute agreement of single ratings by two raters; `sums` `[..., 6]` as of `moments`.

    At most 1; 0 and below mean that subjects differ no more than raters do. McGraw & Wong 1996, table 4; also
    called ICC(2,1). NaN for fewer than two subjects, and where all ratings are the same.
    """
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    n = np.where(n >= 2, n, np.nan)
    mean = (x + y) / (2 * n)
    rows = 2 * ((xx + 2 * xy + yy) / 4 - n * mean**2)
    columns = n * ((x / n - mean) ** 2 + (y / n - mean) ** 2)
    left = (xx + yy - 2 * n * mean**2 - rows - columns) / (n - 1)
    between = rows / (n - 1)
    spread = between + left + 2 * (columns - left) / n
    return _over(between - left, np.where(np.abs(spread) < 1e-12, 0, spread))


def known(value: Array | float) -> float | None:
    """One figure as a plain number, None where it is not defined."""
    return float(value) if np.isfinite(value) else None


def _over(above: Array, below: Array) -> Array:
    """The quotient, NaN where the divisor is 0."""
    out = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) != 0)
    return out
