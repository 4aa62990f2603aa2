"""What each part of the scorer is worth on the embedded model: off in turn, everything else as shipped.

Runs only when it is named, and last: reading the same replies in three ways takes half an hour on two cores,
and the bench's model is ended before one is started that shows its last block.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import cast

from app.errors import SetupError
from app.llm.base import ChatModel
from app.llm.embedded import EmbeddedLLM
from app.scoring.judges.judge import Judge
from app.scoring.judges.judgement_cache import CachingJudge
from app.scoring.judges.strategies import build_judge
from evals.ablation import asking, reading, scoring
from evals.ablation import under_attack as attacked
from evals.bench import Bench
from evals.labelled import GOLDEN, SHIPPED, Reply, held_out_replies, read_replies
from evals.results import Figure, SuiteResult
from evals.scored import MOST_REPLIES, spread
from evals.training.reading import Reading, ShowsStates
from evals.training.states_file import StatesFile

NAME = "ablation"
STATES = "ablation_states.npz"  # beside the runs, so that the next run reads nothing again
LAST_BLOCK = 1.0


async def run(bench: Bench) -> SuiteResult:
    """All tables. Raises `SetupError` where the judge is not a verdict head on the embedded model."""
    llm = bench.llm
    if not bench.settings.uses_embedded_model or not isinstance(llm, ShowsStates):
        raise SetupError(
            "the ablation takes apart how the embedded model is read, and endpoints show nothing to read",
            hint="Unset INTERVIEWER_LLM_BASE_URL, INTERVIEWER_LLM_API_KEY and OPENAI_API_KEY.",
        )
    held_out = held_out_replies()
    judge = _verdict_head(bench, {reply.language for reply in held_out})
    around = await _around_the_judge(bench, judge, held_out)
    asked = await _asked(bench, held_out)
    read = await _read(bench, llm)
    return _joined(read, around, asked)


def _verdict_head(bench: Bench, languages: set[str]) -> Judge:
    """The bench's judge, remembering."""
    judge = build_judge(bench.settings, bench.llm, bench.prompts, bench.embedder)
    for language in sorted(languages):
        if judge.identity(language).get("strategy") != "verdict-head":
            raise SetupError(
                f"there is no trained verdict head for {bench.llm.model} and its prompt in {language!r}",
                hint="Train one with `make train-judge`, and leave INTERVIEWER_JUDGE at auto.",
            )
    return CachingJudge(judge, bench.store)


async def _around_the_judge(bench: Bench, judge: Judge, held_out: list[Reply]) -> SuiteResult:
    replies = spread(held_out, min(bench.limit or MOST_REPLIES, MOST_REPLIES))
    scored = await scoring.score_each(bench, judge, replies)
    outcomes = await attacked.attack_each(bench, judge)
    return SuiteResult(
        figures=_flat(scoring.figures(scored)) | _flat(attacked.figures(outcomes)),
        tables=[scoring.table(scored), attacked.table(outcomes)],
        rows=[*scoring.rows(scored, "scorer", scoring.SHIPPED), *attacked.rows(outcomes)],
        not_scored=len(scored[scoring.SHIPPED].not_scored),
    )


async def _asked(bench: Bench, held_out: list[Reply]) -> SuiteResult:
    scored = await asking.score_each(bench, asking.sample(bench, held_out))
    return SuiteResult(
        figures=_flat(scoring.figures(scored)),
        tables=[asking.table(scored)],
        rows=scoring.rows(scored, "asking", asking.SHIPPED),
        not_scored=len(scored[asking.SHIPPED].not_scored),
    )


async def _read(bench: Bench, llm: ShowsStates) -> SuiteResult:
    labelled = [reply for path in (GOLDEN, SHIPPED) for reply in read_replies(path)]
    replies = reading.chosen_replies(labelled, min(bench.limit or reading.QUESTIONS, reading.QUESTIONS))
    kept = StatesFile(bench.folder.parent / STATES)
    shipped = Reading(llm, bench.prompts, kept)
    for alone in (False, True):
        label = f"{NAME}: {'one point a pass' if alone else 'all points a pass'}"
        await shipped.read(reading.passes_of(replies, alone=alone), partial(bench.progress, label=label))
    last_block = await _read_last_block(bench, replies, kept)
    embed = bench.embedder.embed_passages if bench.embedder else None
    found = await asyncio.to_thread(reading.variants, replies, shipped, last_block, embed)
    values = reading.measured(found, replies)
    return SuiteResult(
        figures=_flat(values),
        tables=[reading.table(found, values, replies)],
        rows=reading.rows(found, replies),
    )


async def _read_last_block(bench: Bench, replies: list[Reply], kept: StatesFile) -> Reading:
    """The same passes after the last block; to read what is not kept, the bench's model makes way."""
    deep = deep_model(bench)
    try:
        last_block = Reading(deep, bench.prompts, kept)
        passes = list(reading.passes_of(replies))
        if last_block.unread(passes):
            await cast(ChatModel, bench.llm).close()
            await deep.start()
            label = f"{NAME}: after the last block"
            await last_block.read(passes, partial(bench.progress, label=label))
        return last_block
    finally:
        await deep.close()


def deep_model(bench: Bench) -> EmbeddedLLM:
    """The embedded model, not yet started, that shows its states after its last block."""
    return EmbeddedLLM(bench.settings, bench.prompts, bench.usage.append, depth=LAST_BLOCK)


def _flat(values: Mapping[str, Mapping[str, Figure]]) -> dict[str, Figure]:
    """Variant → figure → value, under names such as `ablation.shipped.macro_f1`."""
    return {f"{NAME}.{name}.{figure}": value for name, of in values.items() for figure, value in of.items()}


def _joined(*results: SuiteResult) -> SuiteResult:
    joined = SuiteResult()
    for result in results:
        joined.figures |= result.figures
        joined.tables += result.tables
        joined.rows += result.rows
        joined.not_scored += result.not_scored
    return joined
