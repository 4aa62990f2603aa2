"""The bench every suite stands on: the production scorer, its model, and a folder that remembers."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from app.banks.library import BankLibrary
from app.errors import LLMUnavailableError
from app.llm.base import LLM, ChatModel, Usage
from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.judges.judgement_cache import CachingJudge, JudgementStore
from app.scoring.judges.strategies import build_judge
from app.scoring.scorer import Scorer, build_scorer
from app.search.embedding import Embedder, build_embedder
from app.settings import Settings
from evals import recording
from evals.recording import JUDGEMENTS, STALE, JsonLinesStore, RecordedJudge, StaleRecordingError
from evals.reporting.report import flat

_LOOKS_EVERY = 0.5  # seconds
CALLS_AT_ONCE = 4  # to an endpoint; the embedded model has the cores to itself

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Bench:
    """What a suite may use. `limit` is the most samples a suite should look at, or None.

    `scorer` remembers its judgements in `folder`, so that a run that was killed goes on where it was;
    `fresh_scorer()` judges everything anew.
    """

    settings: Settings
    prompts: PromptLibrary
    llm: LLM
    embedder: Embedder | None
    folder: Path
    store: JudgementStore
    limit: int | None = None
    usage: list[Usage] = field(default_factory=list)
    make_scorer: Callable[[JudgementStore | None], Scorer] | None = None

    @cached_property
    def scorer(self) -> Scorer:
        return self._scorer(self.store)

    @cached_property
    def banks(self) -> BankLibrary:
        """The question banks of the settings."""
        return BankLibrary.from_folder(self.settings.banks_dir)

    def fresh_scorer(self) -> Scorer:
        """The production scorer without any memory."""
        return self._scorer(None)

    def identity(self, language: str) -> Mapping[str, str]:
        """What verdicts in `language` depend on: strategy, model, prompt hash and so on."""
        return build_judge(self.settings, self.llm, self.prompts, self.embedder).identity(language)

    def limited(self, samples: Sequence[T]) -> list[T]:
        """All samples, or `limit` of them spread evenly over the sequence."""
        if self.limit is None or self.limit >= len(samples):
            return list(samples)
        return [samples[at * len(samples) // self.limit] for at in range(self.limit)]

    def progress(self, iterable: Iterable[T], total: int | None = None, label: str = "") -> Iterable[T]:
        """The iterable with a progress bar on standard error."""
        bar: Iterable[T] = tqdm(iterable, total=total, desc=label, file=sys.stderr)
        return bar

    async def each(self, samples: Sequence[T], work: Callable[[T], Awaitable[R]], label: str) -> list[R]:
        """`work` done on every sample, results in order, with a progress bar.

        One at a time on the embedded model, a few at once on an endpoint.
        """
        calls = asyncio.Semaphore(1 if self.settings.uses_embedded_model else CALLS_AT_ONCE)
        bar = tqdm(total=len(samples), desc=label, file=sys.stderr)

        async def one(sample: T) -> R:
            async with calls:
                result = await work(sample)
                bar.update()
                return result

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(sample)) for sample in samples]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            bar.close()
        return [task.result() for task in tasks]

    def _scorer(self, store: JudgementStore | None) -> Scorer:
        if self.make_scorer is not None:
            return self.make_scorer(store)
        return build_scorer(self.settings, self.llm, self.prompts, self.embedder, store=store)


@asynccontextmanager
async def open_bench(settings: Settings, folder: Path, limit: int | None = None) -> AsyncIterator[Bench]:
    """A bench on the model that the settings name, started and closed around its use."""
    usage: list[Usage] = []
    llm = build_llm(settings, usage.append)
    await llm.start()
    try:
        await _until_ready(llm)
        yield Bench(
            settings=settings,
            prompts=PromptLibrary(settings.prompts_dir),
            llm=llm,
            embedder=build_embedder(settings),
            folder=folder,
            store=JsonLinesStore(folder / JUDGEMENTS),
            limit=limit,
            usage=usage,
        )
    finally:
        await llm.close()


async def _until_ready(llm: ChatModel) -> None:
    """Waits while weights are fetched and loaded. Raises `LLMUnavailableError` when that fails."""
    with tqdm(desc=llm.model, unit="B", unit_scale=True, file=sys.stderr, leave=False) as bar:
        while (status := llm.status()).state != "ready":
            if status.state == "failed":
                raise LLMUnavailableError(status.detail)
            bar.total, bar.n = status.total_bytes or None, status.done_bytes
            bar.set_postfix_str(status.state)
            await asyncio.sleep(_LOOKS_EVERY)


@asynccontextmanager
async def open_replay(settings: Settings, recorded: Path, folder: Path) -> AsyncIterator[Bench]:
    """A bench that judges from `recorded` only; `folder` is for what suites write.

    Raises `StaleRecordingError` where the live judge is not the one that was recorded, and whenever something
    has to be judged that was not.
    """
    llm = build_llm(settings, lambda usage: None)
    try:
        prompts, embedder = PromptLibrary(settings.prompts_dir), build_embedder(settings)
        judge = RecordedJudge(build_judge(settings, llm, prompts, embedder))

        def scorer(store: JudgementStore | None) -> Scorer:
            return Scorer(CachingJudge(judge, store) if store else judge)

        bench = Bench(
            settings=settings,
            prompts=prompts,
            llm=llm,
            embedder=embedder,
            folder=folder,
            store=JsonLinesStore(folder / JUDGEMENTS, known=recording.load(recorded)),
            make_scorer=scorer,
        )
        _check_identity(bench, recorded)
        yield bench
    finally:
        await llm.close()


def _check_identity(bench: Bench, recorded: Path) -> None:
    then = recording.provenance(recorded).get("judge", {})
    differing = [
        f"{language} {part} was {before}, is {dict(bench.identity(language)).get(part)}"
        for language, identity in then.items()
        for part, before in flat(identity).items()
        if str(dict(bench.identity(language)).get(part)) != before
    ]
    if differing:
        raise StaleRecordingError(f"{STALE} ({'; '.join(differing)})")
