"""A score's charts, a line and a radar, their words, and where a score very likely lies. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.interviews.practice.repository import PastPractice
from app.interviews.schemas import Report, ScoreInterval
from app.web.rendering import percent
from app.web.wording import Wording

WIDTH, HEIGHT = 300.0, 110.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 286.0, 12.0, 88.0


@dataclass(frozen=True)
class Knot:
    """One value's place; `anchor` says to which side its label is tied."""

    x: float
    y: float
    value: float
    label: str
    anchor: str


@dataclass(frozen=True)
class Line:
    """A chart in a box of `WIDTH` by `HEIGHT`; `rules` are the heights of 0, 50 and 100 %."""

    knots: tuple[Knot, ...]
    path: str
    rules: tuple[tuple[float, str], ...]


def line(values: Sequence[tuple[str, float]]) -> Line | None:
    """A chart of (label, share in 0..1) pairs from left to right; None with fewer than two."""
    if len(values) < 2:
        return None
    step = (_RIGHT - _LEFT) / (len(values) - 1)
    knots = tuple(
        Knot(
            x=round(_LEFT + place * step, 1),
            y=_height(share),
            value=share,
            label=label,
            anchor="start" if place == 0 else "end" if place == len(values) - 1 else "middle",
        )
        for place, (label, share) in enumerate(values)
    )
    return Line(
        knots=knots,
        path=" ".join(f"{knot.x},{knot.y}" for knot in knots),
        rules=tuple((_height(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)),
    )


def _height(share: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(share, 0.0), 1.0), 1)


CENTRE = 100.0
RADIUS = 70.0
_LABEL_RADIUS = 84.0
_FEWEST_AXES = 3
_RINGS = 4
# Units a letter of a label takes: ideographs and the like, and all others.
_WIDE, _NARROW, _LAST_NARROW = 10.5, 6.2, 0x2E7F


@dataclass(frozen=True)
class Axis:
    """One axis: its outer end, where its label goes, and how the label is anchored there."""

    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    value_x: float
    value_y: float


@dataclass(frozen=True)
class Radar:
    """Points of the chart in a 200 by 200 box; `rings` are the grid, from the inside out."""

    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    shape: str

    @property
    def view_box(self) -> str:
        """The box with room for the labels on both sides."""
        reach = [0.0, 200.0]
        for axis in self.axes:
            width = sum(_WIDE if ord(letter) > _LAST_NARROW else _NARROW for letter in axis.label)
            before = {"start": 0.0, "middle": width / 2, "end": width}[axis.anchor]
            reach += [axis.label_x - before, axis.label_x - before + width]
        left, right = math.floor(min(reach)), math.ceil(max(reach))
        return f"{left} 0 {right - left} 200"


def radar(values: Sequence[tuple[str, float]]) -> Radar | None:
    """A chart of (label, value in 0..1) pairs, the first at the top; None with fewer than three axes."""
    if len(values) < _FEWEST_AXES:
        return None
    angles = [2 * math.pi * i / len(values) - math.pi / 2 for i in range(len(values))]
    axes = []
    for (label, value), angle in zip(values, angles, strict=True):
        x, y = _at(angle, RADIUS)
        label_x, label_y = _at(angle, _LABEL_RADIUS)
        value_x, value_y = _at(angle, RADIUS * min(max(value, 0.0), 1.0))
        across = math.cos(angle)
        anchor = "middle" if abs(across) < 0.3 else "start" if across > 0 else "end"
        axes.append(Axis(label, x, y, label_x, label_y, anchor, value_x, value_y))
    return Radar(
        axes=tuple(axes),
        rings=tuple(
            " ".join("{:.1f},{:.1f}".format(*_at(angle, RADIUS * ring / _RINGS)) for angle in angles)
            for ring in range(1, _RINGS + 1)
        ),
        shape=" ".join(f"{axis.value_x:.1f},{axis.value_y:.1f}" for axis in axes),
    )


def _at(angle: float, radius: float) -> tuple[float, float]:
    return round(CENTRE + radius * math.cos(angle), 1), round(CENTRE + radius * math.sin(angle), 1)


Sureness = Literal["settled", "high", "medium", "low"]

# Shares of the marks that an interval covers. With the shipped model an interview's covers a quarter or more.
_SURE = 0.15
_UNSURE = 0.35


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
    return "high" if width <= _SURE else "medium" if width <= _UNSURE else "low"


def competencies_in_words(t: Wording, report: Report) -> str:
    """What the radar shows."""
    return _listed(t, [(each.title, percent(each.score)) for each in report.competencies])


def progress_in_words(t: Wording, past: Sequence[PastPractice]) -> str:
    """What the line of past practices shows."""
    return _listed(t, [(each.at.strftime("%Y-%m-%d"), percent(each.share)) for each in past])


def _listed(t: Wording, values: Sequence[tuple[str, str]]) -> str:
    return "; ".join(t("report.progress.words", name=name, share=share) for name, share in values)
