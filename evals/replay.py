"""A bench without a model: recorded judgements go through the live guard, evidence check and tally."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.judges.judgement_cache import JudgementStore, RememberingJudge
from app.scoring.judges.strategies import build_judge
from app.scoring.scorer import Scorer
from app.search.embedding import build_embedder
from app.settings import Settings
from evals import recording
from evals.bench import JUDGEMENTS, Bench
from evals.recording import STALE, JsonLinesStore, RecordedJudge, StaleRecordingError
from evals.reporting.report import flat


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
            return Scorer(RememberingJudge(judge, store) if store else judge)

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
