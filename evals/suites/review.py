"""How much of the error a person finds who looks at the points the scorer doubts."""

from collections.abc import Sequence

from evals import metrics
from evals.bench import Bench
from evals.reporting.plots import line_chart
from evals.results import Figure, Plot, SuiteResult, Table
from evals.scored import ScoredPoint, points_of, score_held_out

NAME = "review"
LOWEST = 0.15
SHARES = (0.05, 0.10, LOWEST, 0.20, 0.30, 0.50)


async def run(bench: Bench) -> SuiteResult:
    """The same cards as the agreement suite's: what it scored is remembered, not scored again."""
    scoring = await score_held_out(bench, NAME)
    result = report(points_of(scoring.scored))
    result.not_scored = len(scoring.not_scored)
    return result


def figures(points: Sequence[ScoredPoint]) -> dict[str, Figure]:
    """Shares 0..1. Errors are credits that differ from the label, however little."""
    wrong = [point.wrong for point in points]
    flagged = [point.needs_review for point in points]
    curve = metrics.coverage_curve([point.doubt for point in points], wrong)
    return {
        f"{NAME}.flagged": metrics.share(flagged),
        f"{NAME}.errors_in_flagged": metrics.share([p.needs_review for p in points if p.wrong]),
        f"{NAME}.errors_in_lowest_15": metrics.caught_at(curve, LOWEST),
        f"{NAME}.accuracy_unflagged": metrics.share([not p.wrong for p in points if not p.needs_review]),
        f"{NAME}.area": metrics.area_under(curve),
    }


def report(points: Sequence[ScoredPoint]) -> SuiteResult:
    """The curve, where it stands at some shares, and what the flags themselves catch."""
    found = figures(points)
    curve = metrics.coverage_curve([point.doubt for point in points], [point.wrong for point in points])
    shares = Table(
        "Errors caught when the most doubtful points are reviewed",
        ("points reviewed", "errors caught"),
        [[f"{share:.0%}", metrics.caught_at(curve, share)] for share in SHARES],
        "First the points that ask for a person, then the least confident. Errors: credits unlike the label.",
    )
    flags = Table(
        "Points flagged for a person",
        ("figure", "share"),
        [
            ["points flagged", found[f"{NAME}.flagged"]],
            ["errors among the flagged, of all errors", found[f"{NAME}.errors_in_flagged"]],
            ["credits right among the others", found[f"{NAME}.accuracy_unflagged"]],
        ],
    )
    title = "Coverage of errors"
    drawn = line_chart({"errors caught": curve}, title, "points reviewed", "errors caught")
    note = "The dashed line is review at random."
    return SuiteResult(figures=found, tables=[flags, shares], plots=[Plot(title, drawn, note)])
