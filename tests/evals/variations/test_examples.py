from pathlib import Path

import pytest

from app.llm.prompts import PromptLibrary
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.settings import Settings
from evals.bench import Bench
from evals.recording import JsonLinesStore
from evals.variations.examples import REPEATABLE, examples_scorer
from tests.evals.suites.judging import EvenEmbedder, bench_with
from tests.evals.suites.test_consistency import CountingJudge
from tests.fakes.scripted import ScriptedLLM

MISS = '{"quotes": [], "verdict": "miss"}'
ITEM = Item("怎么办？", (RubricPoint("p1", "先道歉"),), 8.0, "zh-CN")


def bench(settings: Settings, folder: Path, llm: ScriptedLLM) -> Bench:
    prompts = PromptLibrary(settings.prompts_dir)
    return Bench(settings, prompts, llm, EvenEmbedder(), folder, JsonLinesStore(folder / "judgements.jsonl"))


@pytest.mark.parametrize("name", REPEATABLE)
def test_every_strategy_is_known_by_the_name_it_gives_itself(name: str, settings: Settings) -> None:
    judge = REPEATABLE[name](ScriptedLLM(), PromptLibrary(settings.prompts_dir))
    assert judge.identity("zh-CN")["strategy"] == name


async def test_another_order_shows_the_same_examples_otherwise(settings: Settings, tmp_path: Path) -> None:
    llm = ScriptedLLM(default=MISS)
    settings = settings.model_copy(update={"judge": "points"})
    for order in (0, 1):
        scorer = examples_scorer(bench(settings, tmp_path, llm), "zh-CN", order)
        assert scorer is not None
        card = await scorer.score(ITEM, [AnswerPart(1, "我先跟客户说声对不起。")])
        assert card.score == 0
    first, second = ("".join(message["content"] for message in prompt.messages) for prompt in llm.history)
    assert first != second
    assert sorted(first) == sorted(second)


def test_a_bench_with_a_scorer_of_its_own_has_none(settings: Settings, tmp_path: Path) -> None:
    assert examples_scorer(bench_with(CountingJudge(), settings, tmp_path), "zh-CN", 1) is None
