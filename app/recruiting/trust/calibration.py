"""Whether verdicts are as often right as their confidence says. Pure."""

from collections.abc import Sequence

import numpy as np

from app.recruiting.trust.intervals import wilson
from app.recruiting.trust.schemas import Calibration, CalibrationBin, Figure

ENOUGH = 100
_MOST_BINS = 10
_FEWEST_IN_BIN = 25


def calibrate(verdicts: Sequence[tuple[float, bool]]) -> Calibration:
    """(confidence, whether people gave the same credit) in groups of equal size, least confident first.

    The error is how far confidence is from the share that is right, 0..1, averaged over the groups (Guo et
    al. 2017, with the adaptive bins of Nixon et al. 2019).
    """
    if len(verdicts) < ENOUGH:
        return Calibration(verdicts=len(verdicts), enough=False, error=None, bins=[])
    ordered = np.array(sorted(verdicts, key=lambda verdict: verdict[0]), dtype=np.float64)
    groups = np.array_split(ordered, min(_MOST_BINS, len(ordered) // _FEWEST_IN_BIN))
    bins = []
    for group in groups:
        right = wilson(group[:, 1].sum(), len(group))
        share = Figure.of(float(group[:, 1].mean()), right)
        bins.append(CalibrationBin(confidence=float(group[:, 0].mean()), right=share, verdicts=len(group)))
    error = sum(each.verdicts * abs(each.confidence - (each.right.value or 0.0)) for each in bins)
    return Calibration(verdicts=len(verdicts), enough=True, error=error / len(verdicts), bins=bins)
