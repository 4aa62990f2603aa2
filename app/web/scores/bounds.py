"""Where a score very likely lies, as people are shown it. Pure."""

from typing import Literal

from app.interviews.schemas import ScoreInterval

Sureness = Literal["settled", "high", "medium", "low"]

# Shares of the marks that an interval covers. With the shipped model an interview's covers a quarter or more.
_NARROW = 0.15
_WIDE = 0.35


def shown_bounds(interval: ScoreInterval | None) -> tuple[float, float] | None:
    """The ends of the interval; None without doubt."""
    if interval is None or interval.high <= interval.low:
        return None
    return interval.low, interval.high


def sureness(interval: ScoreInterval, max_score: float) -> Sureness:
    """How sure a score out of `max_score` is, by the width of its interval and by nothing else."""
    width = (interval.high - interval.low) / max_score
    if width <= 0:
        return "settled"
    return "high" if width <= _NARROW else "medium" if width <= _WIDE else "low"
