"""Small SVG plots: text, styled by the page they stand in, light or dark."""

from collections.abc import Mapping, Sequence
from html import escape
from unicodedata import east_asian_width

from evals.metrics import Interval

# Narrow, so that the letters stay readable on a telephone; the page may widen a plot by half.
WIDTH = 340
_ROW, _BAR, _LABEL_HALVES = 30, 10, 50
_SIDE, _LEFT, _BOTTOM, _TOP = 250, 40, 46, 12


def bar_chart(bars: Sequence[tuple[str, float | None, Interval | None]], title: str, top: float = 1.0) -> str:
    """Horizontal bars from 0 to `top`, each with its label above, its value, and its interval if any.

    A value of None shows as a dash; values beyond the scale end at its edge.
    """
    plotted = WIDTH - 50
    height = _ROW * len(bars) + 6

    def across(value: float) -> float:
        return plotted * min(max(value / top, 0.0), 1.0)

    drawn = []
    for at, (label, value, interval) in enumerate(bars):
        y = _ROW * at
        drawn.append(f'<text x="0" y="{y + 12}">{escape(_short(label))}<title>{escape(label)}</title></text>')
        drawn.append(f'<rect class="track" x="0" y="{y + 16}" width="{plotted}" height="{_BAR}" rx="2"/>')
        shown = "–"
        if value is not None:
            shown = f"{value:.2f}"
            drawn.append(
                f'<rect class="bar" x="0" y="{y + 16}" width="{across(value):.1f}" height="{_BAR}" rx="2"/>'
            )
        if interval is not None:
            low, high = map(across, interval)
            middle = y + 16 + _BAR / 2
            drawn.append(f'<path class="interval" d="M{low:.1f} {middle}H{high:.1f}"/>')
        drawn.append(f'<text x="{plotted + 8}" y="{y + 25}">{shown}</text>')
    return _svg(height, title, drawn)


def line_chart(
    lines: Mapping[str, Sequence[tuple[float, float]]],
    title: str,
    across: str,
    up: str,
    *,
    dots: bool = False,
) -> str:
    """Lines in the unit square, named below the plot, over a dashed diagonal; `dots` marks each point."""
    height = _TOP + _SIDE + _BOTTOM + 16 * len(lines)
    plotted = WIDTH - _LEFT - 10

    def place(x: float, y: float) -> str:
        return f"{_LEFT + plotted * x:.1f} {_TOP + _SIDE * (1 - y):.1f}"

    drawn = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = place(tick, tick).split()
        drawn.append(
            f'<path class="grid" d="M{place(0, tick)}L{place(1, tick)}M{place(tick, 0)}L{place(tick, 1)}"/>'
        )
        drawn.append(
            f'<text class="tick" x="{_LEFT - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
        drawn.append(
            f'<text class="tick" x="{x}" y="{_TOP + _SIDE + 15}" text-anchor="middle">{tick:g}</text>'
        )
    drawn.append(f'<path class="diagonal" d="M{place(0, 0)}L{place(1, 1)}"/>')
    drawn.append(f'<text x="{_LEFT}" y="{_TOP + _SIDE + 34}">→ {escape(across)}   ↑ {escape(up)}</text>')
    for at, (name, points) in enumerate(lines.items()):
        kind = f"line line{at % 3}"
        drawn.append(
            f'<path class="{kind}" d="M{"L".join(place(*point) for point in points)}"/>' if points else ""
        )
        for point in points if dots else ():
            x, y = place(*point).split()
            drawn.append(f'<circle class="dot dot{at % 3}" cx="{x}" cy="{y}" r="3.5"/>')
        y_name = _TOP + _SIDE + 52 + 16 * at
        drawn.append(f'<path class="{kind}" d="M{_LEFT} {y_name - 4}h18"/>')
        drawn.append(f'<text x="{_LEFT + 24}" y="{y_name}">{escape(name)}</text>')
    return _svg(height, title, drawn)


def _short(label: str) -> str:
    """The label cut to what fits: an ideograph is as wide as two Latin letters."""
    halves = 0
    for at, letter in enumerate(label):
        halves += 2 if east_asian_width(letter) in "WF" else 1
        if halves > _LABEL_HALVES:
            return f"{label[: at - 1]}…"
    return label


def _svg(height: int, title: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'
    )
