"""The same small model asked for verdicts instead of read, with its worked examples and without them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.card import QuestionScore
from app.scoring.judges.judgement_cache import CachingJudge
from app.scoring.judges.points import EvidenceFirstJudge
from app.scoring.scorer import Scorer
from app.scoring.screening import guard
from app.scoring.screening.wording import wording_in
from evals.ablation.scoring import COLUMNS, FIGURES
from evals.bench import Bench
from evals.labelled import Reply
from evals.results import Cell, Table
from evals.scored import Scoring, measured, paired, spread

MOST_REPLIES = 6  # asking the embedded model about one costs a minute, reading it three seconds
SHIPPED = "read"
ASKED = {
    SHIPPED: "read by the verdict head, as shipped",
    "asked": "asked, one structured call a point, with worked examples",
    "asked_without_examples": "asked, without worked examples",
}


class WithoutExamples(PromptLibrary):
    """The prompts without their worked examples; with hashes of their own, since they are other prompts."""

    def get(self, name: str, language: str) -> Prompt:
        prompt = super().get(name, language)
        kept = {name: text for name, text in prompt.sections.items() if not name.startswith("example")}
        if len(kept) == len(prompt.sections):
            return prompt
        return replace(prompt, sections=kept, hash=f"{prompt.hash}-without-examples")


def sample(bench: Bench, replies: Sequence[Reply]) -> list[Reply]:
    """Some replies of every kind that reach the judge."""
    wording = wording_in(bench.prompts.folder)
    judged = [one for one in replies if guard.screen(one.item(bench.banks), one.parts, wording).judged]
    return spread(judged, min(bench.limit or MOST_REPLIES, MOST_REPLIES))


async def score_each(bench: Bench, replies: Sequence[Reply]) -> dict[str, Scoring]:
    """The replies scored in each of the `ASKED` ways, by the whole production scorer; all are remembered."""
    folder = bench.prompts.folder
    scorers = {
        SHIPPED: bench.scorer,
        "asked": _asking(bench, bench.prompts),
        "asked_without_examples": _asking(bench, WithoutExamples(folder)),
    }
    scored = {}
    for name, scorer in scorers.items():

        async def score(reply: Reply, scorer: Scorer = scorer) -> QuestionScore:
            return await scorer.score(reply.item(bench.banks), reply.parts)

        scored[name] = paired(replies, await bench.each(replies, score, f"ablation: {name}"))
    return scored


def _asking(bench: Bench, prompts: PromptLibrary) -> Scorer:
    judge = EvidenceFirstJudge(bench.llm, prompts)
    return Scorer(CachingJudge(judge, bench.store), words_in=bench.prompts.folder)


def table(scored: Mapping[str, Scoring]) -> Table:
    """A line for each way."""
    rows: list[list[Cell]] = []
    for name, what in ASKED.items():
        of = scored[name]
        failed = len(of.not_scored)
        rows.append([what, len(of.scored), failed, *measured(of.scored, FIGURES).values()])
    note = (
        "The same few held-out replies of different kinds: enough to see a wide gap, not a narrow one. Every "
        "call is made once; a service that asks repeats borderline points."
    )
    columns = ("verdicts", "replies", "not scored", *COLUMNS)
    return Table("Asked instead of read", columns, rows, note)
