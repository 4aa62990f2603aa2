"""The geometry of a line chart of shares over time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

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
