"""The figures that suites report: pure functions over lists, each with its scale and its degenerate cases."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import numpy as np
from krippendorff import alpha
from numpy.typing import NDArray

Label = int | str | bool
Interval = tuple[float, float]
Counts = NDArray[np.float64]
CurvePoint = tuple[float, float]
T = TypeVar("T")

BINS = 10
RESAMPLES = 1000


def macro_f1(truth: Sequence[Label], given: Sequence[Label]) -> float | None:
    """The mean over all labels, in `truth` or `given`, of the harmonic mean of precision and recall; 0..1.

    A label that is only in one of the two counts with 0. None for no samples.
    """
    if not truth:
        return None
    table = _confusion(truth, given, list(dict.fromkeys([*truth, *given])))
    return float((2 * table.diagonal() / (table.sum(axis=0) + table.sum(axis=1))).mean())


def cohen_kappa(
    truth: Sequence[Label], given: Sequence[Label], *, quadratic: bool = False, labels: Sequence[int] = ()
) -> float | None:
    """Agreement beyond chance of two raters, -1..1; 0 is chance (Cohen 1960).

    `quadratic`: disagreements weigh by their squared distance (Cohen 1968), the "QWK" of essay scoring;
    `labels` is then the whole scale in order. None for no samples, and where both raters gave one and the
    same label throughout, for which κ is not defined.
    """
    if len({*truth, *given}) < 2:
        return None
    scale: list[Label] = list(labels) or list(dict.fromkeys([*truth, *given]))
    table = _confusion(truth, given, scale)
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    places = np.arange(len(scale))
    apart = np.subtract.outer(places, places)
    weights = np.square(apart) if quadratic else apart != 0
    return float(1 - (weights * table).sum() / (weights * by_chance).sum())


def _confusion(truth: Sequence[Label], given: Sequence[Label], labels: Sequence[Label]) -> Counts:
    """Samples by label, `[true, given]`."""
    # scikit-learn takes a millisecond for each figure, and a bootstrap calls for thousands.
    place = {label: at for at, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, ([place[label] for label in truth], [place[label] for label in given]), 1)
    return table


def icc_a1(ratings: Sequence[Sequence[float]]) -> float | None:
    """ICC(A,1): absolute agreement of single ratings, two-way model; `ratings` is `[subjects, raters]`.

    At most 1; 0 and below mean that subjects differ no more than raters do. Also called ICC(2,1). McGraw &
    Wong 1996, table 4. None for fewer than two subjects or raters, and where all ratings are the same.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or np.ptp(table) == 0:
        return None
    subjects, raters = table.shape
    rows, columns, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    between_rows = raters * np.square(rows - mean).sum() / (subjects - 1)
    between_columns = subjects * np.square(columns - mean).sum() / (raters - 1)
    left = np.square(table - rows[:, None] - columns + mean).sum() / ((subjects - 1) * (raters - 1))
    spread = between_rows + (raters - 1) * left + raters * (between_columns - left) / subjects
    return None if spread == 0 else float((between_rows - left) / spread)


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | None]],
    level: Literal["nominal", "ordinal", "interval", "ratio"] = "ordinal",
) -> float | None:
    """Krippendorff's α of any number of raters; `ratings` is `[raters, units]`, None where one is missing.

    1 is perfect, 0 chance, below 0 worse (Krippendorff 2011, through the library `krippendorff`). 1.0 where
    all ratings are one and the same value: nothing differed, though the formula is not defined there. None
    where no unit has two ratings.
    """
    table = np.array([[np.nan if one is None else one for one in rater] for rater in ratings], dtype=float)
    if table.ndim != 2 or not (np.isfinite(table).sum(axis=0) >= 2).any():
        return None
    if np.unique(table[np.isfinite(table)]).size == 1:
        return 1.0
    return float(alpha(reliability_data=table, level_of_measurement=level))


def mae(truth: Sequence[float], given: Sequence[float]) -> float | None:
    """Mean absolute error in the unit of the numbers. None for no samples."""
    return float(np.abs(np.subtract(truth, given)).mean()) if truth else None


def bias(truth: Sequence[float], given: Sequence[float]) -> float | None:
    """Mean of given less true, in their unit: above 0 is too generous. None for no samples."""
    return float(np.subtract(given, truth).mean()) if truth else None


def share(flags: Sequence[bool]) -> float | None:
    """How many are true, 0..1. None for none at all."""
    return float(np.mean(flags)) if flags else None


def calibration_bins(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, samples) of `bins` groups of equal size, least confident first.

    Fewer groups where there are fewer samples; equal confidences are split in their order.
    """
    order = np.argsort(confidences, kind="stable")
    sure, hits = np.asarray(confidences, dtype=float)[order], np.asarray(right, dtype=float)[order]
    groups = [group for group in np.array_split(np.arange(len(order)), bins) if len(group)]
    return [(float(sure[group].mean()), float(hits[group].mean()), len(group)) for group in groups]


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> float | None:
    """How far confidence is from the share that is right, 0..1, averaged over bins of equal mass.

    Guo et al. 2017 with the adaptive bins of Nixon et al. 2019. None for no samples.
    """
    if not confidences:
        return None
    found = calibration_bins(confidences, right, bins)
    return sum(size * abs(sure - hits) for sure, hits, size in found) / len(confidences)


def coverage_curve(doubt: Sequence[tuple[float, ...]], wrong: Sequence[bool]) -> list[CurvePoint]:
    """(share reviewed, share of the errors caught) when samples are reviewed in the order of `doubt`.

    The smallest `doubt` is reviewed first; equal ones are reviewed together, so the curve is straight
    between them. Begins at (0, 0), ends at (1, 1). Empty where there are no errors to catch.
    """
    errors = sum(wrong)
    if not errors:
        return []
    groups: dict[tuple[float, ...], list[bool]] = {}
    for key, failed in zip(doubt, wrong, strict=True):
        groups.setdefault(key, []).append(failed)
    curve, seen, caught = [(0.0, 0.0)], 0, 0
    for key in sorted(groups):
        seen, caught = seen + len(groups[key]), caught + sum(groups[key])
        curve.append((seen / len(wrong), caught / errors))
    return curve


def caught_at(curve: Sequence[CurvePoint], reviewed: float) -> float | None:
    """Share of the errors caught when the share `reviewed` is looked at. None for an empty curve."""
    if not curve:
        return None
    return float(np.interp(reviewed, [x for x, _ in curve], [y for _, y in curve]))


def area_under(curve: Sequence[CurvePoint]) -> float | None:
    """Area under a coverage curve, 0..1; 0.5 is review at random. None for an empty curve."""
    if not curve:
        return None
    return float(np.trapezoid([y for _, y in curve], [x for x, _ in curve]))


def cluster_bootstrap(
    clusters: Sequence[Sequence[T]],
    figure: Callable[[list[T]], float | None],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval | None:
    """The 95 % percentile interval of `figure` when whole clusters are drawn again, with replacement.

    Samples of one cluster, such as the replies to one question, are alike; drawing them one by one would
    make intervals too narrow (Field & Welsh 2007). Resamples for which the figure is None are left out. None
    for fewer than two clusters, or where no resample had a figure.
    """
    if len(clusters) < 2:
        return None
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        drawn = generator.integers(len(clusters), size=len(clusters))
        value = figure([sample for at in drawn for sample in clusters[at]])
        if value is not None:
            found.append(value)
    if not found:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
