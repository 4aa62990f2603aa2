"""How often the production scorer agrees with labels on questions that no training or tuning has seen."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from app.scoring.judges.strategies import HEADS_DIR
from evals import coverage, metrics
from evals.bench import Bench
from evals.labelled import MARKS, Reply
from evals.reporting.plots import bar_chart, line_chart
from evals.results import Cell, Figure, Plot, Row, SuiteResult, Table
from evals.scored import (
    MEASURES,
    ScoredPoint,
    ScoredReply,
    Scoring,
    grouped,
    measured,
    points_of,
    score_held_out,
)

NAME = "agreement"
CREDITS = (0.0, 0.5, 1.0)
BANDS = ((0.0, 2.0), (2.0, 4.0), (4.0, 6.0), (6.0, MARKS))
LABELS_NOTE = (
    "The labels were made by a language model from written rules (see the data card); no figure here is "
    "agreement with people. Intervals hold 95 % of bootstrap resamples drawn question by question."
)


async def run(bench: Bench) -> SuiteResult:
    """Score the held-out replies and compare them with their labels."""
    scoring = await score_held_out(bench, NAME)
    result = report(scoring)
    result.tables += transfer(str(bench.identity("zh").get("model", "")))
    return result


def report(scoring: Scoring) -> SuiteResult:
    """Figures, tables, plots and rows of labelled replies that were scored."""
    scored = scoring.scored
    return SuiteResult(
        figures=figures(scoring),
        tables=[
            _overall(scored),
            *(_by(title, scored, key) for title, key in GROUPS.items()),
            _confusion(points_of(scored)),
            _labellers(scored),
            coverage.table(scored),
        ],
        plots=[_bars(scored), _calibration(scored)],
        rows=[_row(reply) for reply in scored] + [_unscored_row(*one) for one in scoring.not_scored],
        not_scored=len(scoring.not_scored),
    )


GROUPS: dict[str, Callable[[ScoredReply], str]] = {
    "By data set": lambda one: one.reply.dataset,
    "By language": lambda one: one.reply.language,
    "By score band (true total)": lambda one: band(one.true_total),
    "By kind of reply": lambda one: one.reply.kind,
    "By question": lambda one: one.reply.question,
}


def figures(scoring: Scoring) -> dict[str, Figure]:
    """The flat figures, without intervals: quick enough for a test."""
    found: dict[str, Figure] = {f"{NAME}.{name}": value for name, value in measured(scoring.scored).items()}
    return found | {
        f"{NAME}.replies": len(scoring.scored) + len(scoring.not_scored),
        f"{NAME}.not_scored": len(scoring.not_scored),
        f"{NAME}.points": len(points_of(scoring.scored)),
        f"{NAME}.credits_without_quote": sum(_unquoted(one) for one in scoring.scored),
        **{f"{NAME}.{name}": share for name, share in coverage.figures(scoring.scored).items()},
    }


def transfer(model: str) -> list[Table]:
    """What the head's training measured on each occupation left out of it, where its file says so."""
    for path in sorted(HEADS_DIR.glob("*.json")):
        provenance: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")).get("provenance", {})
        left_out = provenance.get("leave_one_occupation_out")
        if provenance.get("model") != model or not isinstance(left_out, dict):
            continue
        by_occupation = {name: row for name, row in left_out.items() if isinstance(row, dict)}
        columns = list(dict.fromkeys(name for row in by_occupation.values() for name in row))
        rows: list[list[Cell]] = [
            [name, *(row.get(column) for column in columns)] for name, row in by_occupation.items()
        ]
        note = "Each row: a head trained on all other occupations, measured on this one."
        return [Table("Transfer to an occupation left out of training", ("occupation", *columns), rows, note)]
    return []


def band(total: float) -> str:
    """The band a total falls in, the upper end belonging to the next but for the last."""
    for low, high in BANDS:
        if total < high or high == MARKS:
            return f"{low:g} to {high:g}"
    raise ValueError(f"no band for {total}")


def _overall(scored: Sequence[ScoredReply]) -> Table:
    by_question = list(grouped(scored, lambda one: one.reply.question).values())
    rows: list[list[Cell]] = []
    for what, measure in MEASURES.values():
        low, high = metrics.cluster_bootstrap(by_question, measure) or (None, None)
        rows.append([what, measure(scored), low, high])
    return Table("Agreement with labels", ("figure", "value", "from", "to"), rows, LABELS_NOTE)


def _by(title: str, scored: Sequence[ScoredReply], key: Callable[[ScoredReply], str]) -> Table:
    shown = ("macro_f1", "kappa", "accuracy", "mae_of_8", "bias_of_8")
    rows: list[list[Cell]] = [
        [name, len(group), len(points_of(group)), *measured(group, shown).values()]
        for name, group in sorted(grouped(scored, key).items())
    ]
    columns = ("", "replies", "points", "macro-F1", "κ", "exactly right", "error of 8", "bias of 8")
    return Table(title, columns, rows)


def _confusion(points: Sequence[ScoredPoint]) -> Table:
    rows: list[list[Cell]] = [
        [
            f"label {truth:g}",
            *(sum(p.truth == truth and p.given == given for p in points) for given in CREDITS),
        ]
        for truth in CREDITS
    ]
    return Table("Confusion", ("points", *(f"verdict {given:g}" for given in CREDITS)), rows)


def _labellers(scored: Sequence[ScoredReply]) -> Table:
    twice = [one for one in scored if one.reply.second is not None]
    rows: list[list[Cell]] = []
    for name, group in [*grouped(twice, lambda one: one.reply.dataset).items(), ("all", twice)]:
        pairs = [
            (first, second)
            for one in group
            for first, second in zip(one.reply.credits, one.reply.second or (), strict=True)
        ]
        firsts, seconds = [first >= 0.5 for first, _ in pairs], [second >= 0.5 for _, second in pairs]
        same = metrics.share([first == second for first, second in pairs])
        halves = [[int(2 * first) for first, _ in pairs], [int(2 * second) for _, second in pairs]]
        rows.append(
            [
                name,
                len(pairs),
                metrics.macro_f1(firsts, seconds),
                metrics.cohen_kappa(firsts, seconds),
                same,
                metrics.krippendorff_alpha(halves),
            ]
        )
    columns = ("", "points", "macro-F1", "κ", "exactly the same", "Krippendorff's α")
    note = "Two passes of a language model that knew the rules: a ceiling for consistency, not for truth."
    return Table("Agreement between the labellers", columns, rows, note)


def _bars(scored: Sequence[ScoredReply]) -> Plot:
    title = "Agreement by question"
    by_question = grouped(scored, lambda one: one.reply.question)
    bars = [(question, MEASURES["macro_f1"][1](group), None) for question, group in by_question.items()]
    drawn = bar_chart(sorted(bars, key=lambda bar: bar[1] or 0.0), title)
    return Plot(title, drawn, "Macro-F1 of “point at least partly covered”, out of 1; the least first.")


def _calibration(scored: Sequence[ScoredReply]) -> Plot:
    title = "Calibration"
    bins = metrics.calibration_bins(*_confidence(points_of(scored)))
    line = {"bins of equal size": [(sure, right) for sure, right, _ in bins]}
    drawn = line_chart(line, title, "confidence", "share right", dots=True)
    return Plot(
        title, drawn, "On the dashed line confidence is what it says: of points with 0.8, 80 % are right."
    )


def _confidence(points: Sequence[ScoredPoint]) -> tuple[list[float], list[bool]]:
    sure = [(p.confidence, not p.wrong) for p in points if p.confidence is not None]
    return [confidence for confidence, _ in sure], [right for _, right in sure]


def _unquoted(one: ScoredReply) -> int:
    """Credits whose quotes are none, or not exactly what stands in the reply."""
    said = {part.seq: part.text for part in one.reply.parts}
    return sum(
        not point.quotes or any(said.get(q.seq, "")[q.start : q.end] != q.text for q in point.quotes)
        for point in one.card.points
        if point.credit
    )


def _row(one: ScoredReply) -> Row:
    points = [
        {
            "id": point.id,
            "text": point.text,
            "label": point.truth,
            "credit": point.given,
            "confidence": point.confidence,
            "needs_review": point.needs_review,
            "quotes": " | ".join(quote.text for quote in scored.quotes),
        }
        for point, scored in zip(one.points, one.card.points, strict=True)
    ]
    return _about(one.reply) | {
        "output": " ".join(f"{point.id}={point.given:g}" for point in one.points),
        "target": " ".join(f"{point.id}={point.truth:g}" for point in one.points),
        "score": one.total,
        "true_score": one.true_total,
        "reason": one.card.reason,
        "points": points,
    }


def _unscored_row(reply: Reply, reason: str) -> Row:
    return _about(reply) | {"score": None, "reason": reason, "points": []}


def _about(reply: Reply) -> Row:
    return {
        "id": reply.id,
        "dataset": reply.dataset,
        "kind": reply.kind,
        "language": reply.language,
        "question": reply.question,
        "input": f"{reply.question}\n\n{reply.answer}",
    }
