"""The judge that the settings name, asked with its prompt's worked examples in a given order."""

from collections.abc import Mapping, Sequence

from app.scoring.judges.asking import RepeatableJudge
from app.scoring.judges.checklist import ChecklistJudge
from app.scoring.judges.judge import Judgement
from app.scoring.judges.judgement_cache import CachingJudge
from app.scoring.judges.points import EvidenceFirstJudge
from app.scoring.judges.words import WordJudge
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.scorer import Scorer
from evals.bench import Bench

# By the name a strategy gives itself. A judge that shows no examples, such as a verdict head, is not here.
REPEATABLE: Mapping[str, type[EvidenceFirstJudge] | type[WordJudge] | type[ChecklistJudge]] = {
    "evidence-first": EvidenceFirstJudge,
    "one-word": WordJudge,
    "checklist": ChecklistJudge,
}


class OrderedExamplesJudge:
    """A `Judge` that always asks with the examples in the order of `repeat`; 0 is the prompt's own."""

    def __init__(self, judge: RepeatableJudge, repeat: int) -> None:
        self._judge = judge
        self._repeat = repeat

    def identity(self, language: str) -> Mapping[str, str]:
        return {**self._judge.identity(language), "examples": str(self._repeat)}

    async def prepare(self, item: Item) -> None:
        await self._judge.prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        return await self._judge.judge(item, answer, points, self._repeat)


def examples_scorer(bench: Bench, language: str, repeat: int) -> Scorer | None:
    """A scorer on the bench's model with its examples in the order of `repeat`; it remembers.

    None where the bench's judge shows no worked examples, or is not the one that the settings name.
    """
    if bench.make_scorer is not None:
        return None
    strategy = REPEATABLE.get(bench.identity(language).get("strategy", ""))
    if strategy is None:
        return None
    judge = OrderedExamplesJudge(strategy(bench.llm, bench.prompts), repeat)
    return Scorer(CachingJudge(judge, bench.store))
