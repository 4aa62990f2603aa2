"""`python -m evals compare A B`: how far two runs drifted apart, figure by figure and point by point."""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import SetupError
from evals.recording import read_lines
from evals.reporting.report import flat, shown
from evals.results import Figure
from evals.runs import FIGURES, REPORTS, Run, run_named

MOST_LISTED = 40


@dataclass(frozen=True)
class Change:
    """One point whose credit differs."""

    sample: str
    point: str
    before: float
    after: float


@dataclass(frozen=True)
class Drift:
    """`points` were judged in both runs; `changes` are those whose credits differ."""

    points: int
    changes: tuple[Change, ...]

    @property
    def share(self) -> float | None:
        """Share of the points that changed, 0..1; None if no point is in both runs."""
        return len(self.changes) / self.points if self.points else None


def main(arguments: Sequence[str]) -> int:
    """Print what differs: what the runs were made with, their figures, and the credits."""
    parser = argparse.ArgumentParser(prog="python -m evals compare", description=__doc__)
    parser.add_argument("a", metavar="A", help="a run's name")
    parser.add_argument("b", metavar="B", help="another's")
    parser.add_argument("--reports", type=Path, default=REPORTS, help="the folder of runs")
    given = parser.parse_args(arguments)
    runs = [run_named(name, given.reports) for name in (given.a, given.b)]
    a, b = map(_figures, runs)
    print("\n".join(_identity(a["provenance"], b["provenance"])))
    print("\n".join(_side_by_side(a["figures"], b["figures"])))
    print("\n".join(_credits(*(credits(run.folder) for run in runs))))
    return 0


def drift(before: Mapping[tuple[str, str], float], after: Mapping[tuple[str, str], float]) -> Drift:
    """What changed among the points judged in both; keys are (sample, point)."""
    both = [key for key in before if key in after]
    changes = (Change(*key, before[key], after[key]) for key in both if before[key] != after[key])
    return Drift(len(both), tuple(changes))


def credits(folder: Path) -> dict[tuple[str, str], float]:
    """The credits of a run's samples by (suite/sample, point).

    Those of samples that list their `points`, and of those whose `output` maps points to credits.
    """
    path = folder / "samples.jsonl"
    rows = read_lines(path) if path.exists() else ()
    return {
        (f"{row['suite']}/{row['id']}", point): float(credit)
        for row in rows
        for point, credit in _points(row)
        if isinstance(credit, int | float)
    }


def _points(row: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    points, output = row.get("points"), row.get("output")
    if isinstance(points, list):
        return [(str(point["id"]), point.get("credit")) for point in points if isinstance(point, dict)]
    return output.items() if isinstance(output, dict) else ()


def _identity(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterable[str]:
    kept = ("model", "judge", "datasets", "limit", "software")
    before, after = (flat({name: one.get(name) for name in kept}) for one in (a, b))
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    yield "made with" if differing else "made with the same model, prompts, head and data"
    for name in differing:
        yield f"  {name}: {before.get(name, '–')} → {after.get(name, '–')}"


def _side_by_side(a: Mapping[str, Figure], b: Mapping[str, Figure]) -> Iterable[str]:
    yield f"\n{'figure':<44} {'A':>10} {'B':>10} {'B - A':>10}"
    for name in {**a, **b}:
        before, after = a.get(name), b.get(name)
        less = None if before is None or after is None else after - before
        yield f"{name:<44} {shown(before):>10} {shown(after):>10} {shown(less):>10}"


def _credits(a: Mapping[tuple[str, str], float], b: Mapping[tuple[str, str], float]) -> Iterable[str]:
    found = drift(a, b)
    share = "" if found.share is None else f", {found.share:.1%}"
    yield f"\ndrift: {len(found.changes)} of {found.points} points have another credit{share}"
    for change in found.changes[:MOST_LISTED]:
        yield f"  {change.sample} {change.point}: {change.before:g} → {change.after:g}"
    if len(found.changes) > MOST_LISTED:
        yield f"  and {len(found.changes) - MOST_LISTED} more"


def _figures(run: Run) -> dict[str, Any]:
    path = run.folder / FIGURES
    if not path.exists():
        raise SetupError(f"there is no finished run {run.name}", hint="Names are those of evals/reports.")
    return dict(json.loads(path.read_text(encoding="utf-8")))
