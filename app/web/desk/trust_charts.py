"""The geometry of the trust page's charts, in the units of their view boxes. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.recruiting.trust.schemas import Calibration, Drift, DriftPoint, DriftSeries, Figure

SIZE = 300.0
"""Width and height of the calibration chart's plot."""

PANEL_WIDTH, PANEL_HEIGHT = 240.0, 64.0


@dataclass(frozen=True)
class Mark:
    """A figure at (x, y), its interval from `low` to `high` on the y axis, or at y where there is none."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True)
class Reliability:
    """Confidence to the right, share right upwards, both from `least` to 1; `ticks` are (place, label)."""

    least: float
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Panel:
    """One figure of one series over time; `lines` join neighbouring buckets, `top` ends the scale, 0..1."""

    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    top: float
    total: Figure


@dataclass(frozen=True)
class SeriesView:
    """A row of panels: mean share, doubted, overridden."""

    series: DriftSeries
    panels: tuple[Panel, ...]


_FIGURES: tuple[Callable[[DriftPoint], Figure], ...] = (
    lambda point: point.share,
    lambda point: point.doubted,
    lambda point: point.overridden,
)


def reliability(calibration: Calibration) -> Reliability:
    """The chart of the calibration's groups."""
    lowest = [min(each.confidence, each.right.low or 0.0) for each in calibration.bins]
    least = min(math.floor(min(lowest, default=0.0) * 10) / 10, 0.9)

    def along(share: float) -> float:
        return round(SIZE * (share - least) / (1 - least), 1)

    marks = tuple(
        Mark(
            along(each.confidence),
            SIZE - along(each.right.value or 0.0),
            SIZE - along(each.right.low or 0.0),
            SIZE - along(each.right.high or 0.0),
        )
        for each in calibration.bins
    )
    steps = range(round(least * 10), 11, 1 if least >= 0.5 else 2)
    return Reliability(least, marks, tuple((along(step / 10), f"{step * 10}%") for step in steps))


def panels(drift: Drift, series: Sequence[DriftSeries]) -> list[SeriesView]:
    """A row of panels a series; panels of one figure share their scale."""
    tops = [_top([figure(point) for each in series for point in each.points if point]) for figure in _FIGURES]
    return [
        SeriesView(
            each,
            tuple(
                _panel(
                    [figure(point) if point else Figure() for point in each.points], figure(each.total), top
                )
                for figure, top in zip(_FIGURES, tops, strict=True)
            ),
        )
        for each in series
    ]


def _top(figures: Sequence[Figure]) -> float:
    """A round end of the scale that holds all figures and their intervals."""
    highest = max((figure.high or figure.value or 0.0 for figure in figures), default=0.0)
    return next((top for top in (0.05, 0.1, 0.2, 0.5) if highest <= top), 1.0)


def _panel(figures: Sequence[Figure], total: Figure, top: float) -> Panel:
    step = PANEL_WIDTH / max(len(figures), 1)

    def up(share: float) -> float:
        return round(PANEL_HEIGHT * (1 - share / top), 1)

    marks: list[Mark] = []
    lines: list[list[Mark]] = [[]]
    for place, figure in enumerate(figures):
        if figure.value is None:
            lines.append([])
            continue
        low = figure.value if figure.low is None else figure.low
        high = figure.value if figure.high is None else figure.high
        mark = Mark(round(step * (place + 0.5), 1), up(figure.value), up(low), up(high))
        marks.append(mark)
        lines[-1].append(mark)
    paths = tuple(" ".join(f"{mark.x},{mark.y}" for mark in line) for line in lines if len(line) > 1)
    return Panel(tuple(marks), paths, top, total)
