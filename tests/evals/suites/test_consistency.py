from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.scoring.judges.judge import Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.settings import Settings
from evals.suites import consistency
from tests.evals.suites.judging import bench_with


class CountingJudge:
    """Credits the points of every `wavering`th call in full, else by halves; the last point asked never."""

    def __init__(self, wavering: int = 0, by_place: bool = False) -> None:
        self.calls = 0
        self._wavering = wavering
        self._by_place = by_place

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "counting"}

    async def prepare(self, item: Item) -> None:
        """Nothing to prepare."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        self.calls += 1
        credit = 1.0 if self._wavering and self.calls % self._wavering == 0 else 0.5
        last = points[-1].id if self._by_place else max(point.id for point in points)
        return [Judgement(0.0 if point.id == last else credit, 0.9, (answer[0].text,)) for point in points]


class BrokenJudge(CountingJudge):
    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        return [Judgement(None, failure="llm-error: nothing") for _ in points]


async def test_a_steady_judge_never_differs(settings: Settings, tmp_path: Path) -> None:
    judge = CountingJudge()
    result = await consistency.run(bench_with(judge, settings, tmp_path))
    assert result.figures["consistency.differ"] == 0
    assert result.figures["consistency.permuted_differ"] == 0
    assert result.figures["consistency.alpha"] == 1
    assert result.figures["consistency.largest_swing"] == 0
    assert result.not_scored == 0
    assert result.plots[0].svg.count('class="bar"') == 2
    assert judge.calls == 5 * 12 + 2 * 24


async def test_a_wavering_judge_is_caught(settings: Settings, tmp_path: Path) -> None:
    result = await consistency.run(bench_with(CountingJudge(wavering=7), settings, tmp_path, limit=4))
    assert result.figures["consistency.differ"] > 0
    assert result.figures["consistency.alpha"] < 1
    assert result.figures["consistency.largest_swing"] > 0
    assert any(row["differing"] for row in result.rows)


async def test_a_judge_that_goes_by_place_is_caught_by_the_permutation_alone(
    settings: Settings, tmp_path: Path
) -> None:
    result = await consistency.run(bench_with(CountingJudge(by_place=True), settings, tmp_path, limit=6))
    assert result.figures["consistency.differ"] == 0
    assert result.figures["consistency.permuted_differ"] > 0


async def test_what_is_not_scored_is_counted_and_not_zero(settings: Settings, tmp_path: Path) -> None:
    result = await consistency.run(bench_with(BrokenJudge(), settings, tmp_path, limit=2))
    assert result.not_scored == 2 * 5 + 2 * 2
    assert result.figures["consistency.icc"] is None
    assert result.figures["consistency.alpha"] is None


async def test_replies_of_many_kinds_are_chosen_and_none_that_the_guard_decides(
    settings: Settings, tmp_path: Path
) -> None:
    result = await consistency.run(bench_with(CountingJudge(), settings, tmp_path))
    kinds = {row["kind"] for row in result.rows if row["experiment"] == "permuted"}
    assert len(kinds) >= 8
    assert kinds.isdisjoint({"gibberish", "copied"})


@pytest.mark.parametrize("count", [1, 2, 6])
def test_permuting_changes_the_order_and_nothing_else(count: int) -> None:
    item = Item("?", tuple(RubricPoint(f"p{k}", "x", float(k)) for k in range(1, count + 1)), 8.0, "zh-CN")
    permuted = consistency.permuted_item(item, "seed")
    assert set(permuted.points) == set(item.points)
    assert (permuted.points == item.points) is (count == 1)
