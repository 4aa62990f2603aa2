"""One page for people: every table and plot of a run, self-contained, light and dark."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evals.reporting.thresholds import Verdict
from evals.results import Cell, SuiteResult

TEMPLATES = Path(__file__).parent / "templates"
NAME = "report.html"
_NONE = "–"


def render(
    run: str,
    results: Mapping[str, SuiteResult],
    verdicts: Sequence[Verdict],
    provenance: Mapping[str, Any],
) -> str:
    """The page as HTML. `results` by suite, in the order they are shown."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cell": shown, "svg": Markup, "number": is_number, "breakable": breakable}
    return environment.get_template("report.html.j2").render(
        run=run,
        results=results,
        verdicts=sorted(verdicts, key=lambda verdict: verdict.passed),
        provenance=flat(provenance),
        not_scored={name: result.not_scored for name, result in results.items() if result.not_scored},
        made=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
    )


def shown(value: Cell) -> str:
    """A cell for people: floats with three decimals, a dash for what was not measured."""
    if value is None:
        return _NONE
    if isinstance(value, float):
        return f"{value:.3f}".replace("-", "−")
    return str(value)


def breakable(name: str) -> Markup:
    """A figure's name that may break after its dots and underscores."""
    return Markup(str(escape(name)).replace(".", ".<wbr>").replace("_", "_<wbr>"))


def is_number(value: Cell) -> bool:
    """Whether a cell stands on the right of its column."""
    return value is None or isinstance(value, int | float)


def flat(nested: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Nested provenance as lines: `judge · zh · model` → its value."""
    lines: dict[str, str] = {}
    for name, value in nested.items():
        label = f"{above} · {name}" if above else str(name)
        lines |= flat(value, label) if isinstance(value, Mapping) else {label: str(value)}
    return lines
