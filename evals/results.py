"""What a suite hands over: figures for the thresholds, tables and plots for people, rows for machines."""

from dataclasses import dataclass, field
from typing import Any

Figure = float | int | None
Cell = str | float | int | None
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """`rows` hold one cell a column; None is shown as a dash, a float with three decimals.

    The first column names the row. `note` is one plain sentence or more, below the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[list[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Plot:
    """`svg` is one `<svg>` element drawn with the page's own classes, see `evals/plots.py`."""

    title: str
    svg: str
    note: str = ""


@dataclass
class SuiteResult:
    """The outcome of one suite.

    `figures` are flat and named `<suite>.<figure>`; None: not measured, which fails its threshold.
    `rows` hold one sample each. Every row has `id`; `input`, `output` and `target` are shown by log viewers
    where they are there, `score` (0..1 or marks, or None for not scored) too; the rest is up to the suite:
    strings, numbers, booleans, None, or flat lists and dicts of those; `points`, a list of dicts, becomes one
    line each in the spreadsheet. `not_scored` counts the samples that should have been judged and were not.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    not_scored: int = 0
