"""The geometry of a radar chart: a regular polygon with one axis a value. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
