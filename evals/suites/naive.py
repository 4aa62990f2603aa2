"""The usual way, for comparison: the same model is asked for one total from 0 to 8, in one call."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from app.errors import LLMError
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import neutralised
from evals import metrics
from evals.bench import Bench
from evals.labelled import MARKS, Reply, held_out_replies
from evals.recording import append_line, read_lines
from evals.results import Cell, Row, SuiteResult, Table
from evals.scored import Scoring, paired, spread

NAME = "naive"
PROMPT = "naive_score"
PROMPTS = PromptLibrary(Path(__file__).parents[1] / "prompts")
MOST_REPLIES = 60  # each costs the embedded model a prompt of its own, and the contrast is large


class NaiveScore(BaseModel):
    """What the model answers: marks out of 8."""

    score: int = Field(ge=0, le=8)


async def run(bench: Bench) -> SuiteResult:
    """Ask for totals; answers are kept in the run's folder, an answer that can't be read is not scored."""
    replies = spread(held_out_replies(), min(bench.limit or MOST_REPLIES, MOST_REPLIES))
    path = bench.folder / "naive.jsonl"
    known = {line["id"]: int(line["score"]) for line in read_lines(path)} if path.exists() else {}

    async def ask(reply: Reply) -> int | None:
        if reply.id not in known:
            try:
                known[reply.id] = await _score(bench, reply)
            except LLMError:
                return None
            append_line(path, {"id": reply.id, "score": known[reply.id]})
        return known[reply.id]

    given = await bench.each(replies, ask, NAME)
    # The scorer's own totals of the same replies: both columns must be about the same sample.
    cards = await bench.each(
        replies, lambda reply: bench.scorer.score(reply.item(bench.banks), reply.parts), f"{NAME}: scorer"
    )
    return report(replies, given, paired(replies, cards))


def report(replies: Sequence[Reply], given: Sequence[int | None], scoring: Scoring) -> SuiteResult:
    """The naive totals beside the labels and beside the scorer's totals of the same replies."""
    scores = {reply.id: score for reply, score in zip(replies, given, strict=True) if score is not None}
    both = [one for one in scoring.scored if one.reply.id in scores]
    true = [one.true_total for one in both]
    naive = _totals(true, [float(scores[one.reply.id]) for one in both])
    ours = _totals(true, [one.total for one in both])
    names = {
        "mae_of_8": "mean absolute error, of 8",
        "bias_of_8": "given less true total, of 8",
        "qwk": "quadratic weighted κ, whole marks",
        "icc_a1": "ICC(A,1)",
    }
    rows: list[list[Cell]] = [[what, naive[name], ours[name]] for name, what in names.items()]
    columns = ("totals", "one naive call", "this scorer")
    note = f"{len(both)} replies of all kinds, the same for both columns and with the same model."
    return SuiteResult(
        figures={f"{NAME}.{name}": value for name, value in naive.items()}
        | {f"{NAME}.replies": len(replies)},
        tables=[Table("One naive call against verdicts point by point", columns, rows, note)],
        rows=[_row(reply, score) for reply, score in zip(replies, given, strict=True)],
        not_scored=sum(score is None for score in given),
    )


async def _score(bench: Bench, reply: Reply) -> int:
    item = reply.item(bench.banks)
    prompt = PROMPTS.get(PROMPT, item.language).render(
        question=neutralised(item.question),
        points=[neutralised(point.text) for point in item.points],
        reply=neutralised(reply.answer),
    )
    answer = await bench.llm.complete(prompt, schema=NaiveScore, max_tokens=30)
    if not isinstance(answer.parsed, NaiveScore):
        raise LLMError(f"the answer holds no total: {answer.text[:80]!r}")
    return answer.parsed.score


def _totals(true: Sequence[float], given: Sequence[float]) -> dict[str, float | None]:
    whole = [round(value) for value in true], [round(value) for value in given]
    return {
        "mae_of_8": metrics.mae(true, given),
        "bias_of_8": metrics.bias(true, given),
        "qwk": metrics.cohen_kappa(*whole, quadratic=True, labels=range(int(MARKS) + 1)),
        "icc_a1": metrics.icc_a1(list(zip(true, given, strict=True))),
    }


def _row(reply: Reply, score: int | None) -> Row:
    about: dict[str, Any] = {"id": reply.id, "kind": reply.kind, "language": reply.language}
    return about | {"input": f"{reply.question}\n\n{reply.answer}", "output": str(score), "score": score}
