"""The parts of the scorer around its judge, off in turn: the guard before it, the evidence check after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.scoring.card import PointScore, QuestionScore
from app.scoring.evidence import quotes
from app.scoring.evidence.negation import negation_in
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.screening import guard
from app.scoring.screening.wording import wording_in
from app.scoring.tally import total
from evals.bench import Bench
from evals.labelled import MARKS, Reply
from evals.results import Cell, Figure, Row, Table
from evals.scored import Scoring, measured, paired

FIGURES = ("macro_f1", "kappa", "macro_f1_three_credits", "mae_of_8", "bias_of_8")
COLUMNS = ("macro-F1", "κ", "macro-F1 of three credits", f"error of {MARKS:g}", f"bias of {MARKS:g}")


@dataclass(frozen=True)
class Parts:
    """Which parts of the scorer are on: the guard, and the check that every credit has its quote."""

    name: str
    off: str
    guarded: bool = True
    checked: bool = True


SHIPPED = "scorer"
PARTS = (
    Parts(SHIPPED, "nothing: as shipped"),
    Parts("unchecked", "the evidence check", checked=False),
    Parts("unguarded", "the guard: replies judged as typed", guarded=False),
    Parts("bare", "both", guarded=False, checked=False),
)


class PartialScorer:
    """Scores as the production scorer does, by the same judge, guard and evidence check, less what is off."""

    def __init__(self, judge: Judge, words_in: Path, parts: Parts) -> None:
        """`words_in` is the folder of prompts, as the production scorer has it."""
        self._judge = judge
        self._wording = wording_in(words_in)
        self._negation = negation_in(words_in)
        self._parts = parts

    async def score(self, item: Item, answer: Answer) -> QuestionScore:
        """The card without quotes and flags; its total is None where the judge failed."""
        judged, typed = tuple(answer), tuple(answer)
        if self._parts.guarded:
            screening = guard.screen(item, answer, self._wording)
            judged, typed = screening.judged, screening.typed
        judgements = [Judgement(0.0)] * len(item.points)
        if judged:
            judgements = await self._judge.judge(item, judged, item.points)
        credits = [
            self._credit(item, point, typed, judgement)
            for point, judgement in zip(item.points, judgements, strict=True)
        ]
        score = total(credits, [point.weight for point in item.points], item.max_score)
        return QuestionScore(
            status="not_scored" if score is None else "scored",
            score=score,
            max_score=item.max_score,
            points=[
                PointScore(id=point.id, text=point.text, weight=point.weight, credit=credit)
                for point, credit in zip(item.points, credits, strict=True)
            ],
            fingerprint="",
            reason=next((one.failure for one in judgements if one.failure), None),
        )

    def _credit(self, item: Item, point: RubricPoint, typed: Answer, judgement: Judgement) -> float | None:
        if not judgement.credit or not self._parts.checked:
            return judgement.credit
        found = quotes.locate(judgement.quotes, item.question, typed)
        return judgement.credit if quotes.bearing(found, point, item, typed, self._negation) else 0.0


async def score_each(bench: Bench, judge: Judge, replies: Sequence[Reply]) -> dict[str, Scoring]:
    """The replies scored by every one of `PARTS`; what `judge` remembers is not judged again."""
    scored = {}
    for parts in PARTS:
        scorer = PartialScorer(judge, bench.prompts.folder, parts)

        async def score(reply: Reply, scorer: PartialScorer = scorer) -> QuestionScore:
            return await scorer.score(reply.item(bench.banks), reply.parts)

        cards = await bench.each(replies, score, f"ablation: {parts.name}")
        scored[parts.name] = paired(replies, cards)
    return scored


def figures(scored: Mapping[str, Scoring]) -> dict[str, dict[str, Figure]]:
    """What `FIGURES` name, for each way of scoring."""
    return {name: dict(measured(of.scored, FIGURES)) for name, of in scored.items()}


def table(scored: Mapping[str, Scoring]) -> Table:
    """A line for each part that is off."""
    rows: list[list[Cell]] = []
    for parts in PARTS:
        of = scored[parts.name]
        rows.append([parts.off, len(of.scored), *measured(of.scored, FIGURES).values()])
    note = (
        "The held-out replies, judged by the same judge; labels by a language model. Few of them attack the "
        "grader or quote nothing: what guard and evidence check are for, the next table shows."
    )
    return Table("The scorer, a part off in turn", ("off", "replies", *COLUMNS), rows, note)


def rows(scored: Mapping[str, Scoring], experiment: str, shipped: str) -> list[Row]:
    """A row for each reply that was scored as shipped, with its total in each way, None where it has none."""
    totals = {name: {one.reply.id: one.total for one in of.scored} for name, of in scored.items()}
    return [
        {
            "id": f"{experiment}-{one.reply.id}",
            "kind": one.reply.kind,
            "language": one.reply.language,
            "input": f"{one.reply.question}\n\n{one.reply.answer}",
            "target": f"{one.true_total:g}",
            "output": {name: of.get(one.reply.id) for name, of in totals.items()},
            "score": one.total,
        }
        for one in scored[shipped].scored
    ]
