from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from app.llm.prompts import PromptLibrary
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.judges.judgement_cache import CachingJudge, JudgementStore
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.scorer import Scorer
from app.settings import Settings
from evals.bench import JUDGEMENTS, Bench
from evals.recording import JsonLinesStore
from tests.fakes.scripted import ScriptedLLM

MakeBench = Callable[..., Bench]


class CreditingJudge:
    """Gives every point one credit, with the reply's first words as evidence, and counts its calls."""

    def __init__(self, credit: float | None = 1.0, confidence: float | None = 0.9) -> None:
        self.credit = credit
        self.confidence = confidence
        self.calls = 0

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "crediting", "credit": str(self.credit)}

    async def prepare(self, item: Item) -> None: ...

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        self.calls += 1
        failure = "llm-error: scripted" if self.credit is None else None
        judgement = Judgement(self.credit, self.confidence, (answer[0].text[:12],), failure=failure)
        return [judgement] * len(points)


@pytest.fixture
def make_bench(settings: Settings, tmp_path: Path) -> MakeBench:
    """Makes a bench over a fake judge, remembering in a folder of the test's own."""

    def make(judge: Judge, llm: ScriptedLLM | None = None, limit: int | None = None) -> Bench:
        def scorer(store: JudgementStore | None) -> Scorer:
            return Scorer(CachingJudge(judge, store) if store else judge)

        return Bench(
            settings=settings,
            prompts=PromptLibrary(settings.prompts_dir),
            llm=llm or ScriptedLLM(),
            embedder=None,
            folder=tmp_path,
            store=JsonLinesStore(tmp_path / JUDGEMENTS),
            limit=limit,
            make_scorer=scorer,
        )

    return make
