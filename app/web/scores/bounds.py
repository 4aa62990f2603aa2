"""Where a score very likely lies, as people are shown it. Pure."""

import math

from app.interviews.schemas import ScoreInterval

_FINE_BELOW = 4.0  # marks


def shown_bounds(interval: ScoreInterval | None, max_score: float) -> tuple[float, float] | None:
    """The interval rounded outwards to half marks, or tenths where there are few; None without doubt.

    More decimals would promise more than an interval can say.
    """
    if interval is None or interval.high <= interval.low:
        return None
    step = 0.5 if max_score >= _FINE_BELOW else 0.1
    low = math.floor(round(interval.low / step, 6)) * step
    high = math.ceil(round(interval.high / step, 6)) * step
    return round(low, 1), round(min(high, max_score), 1)
