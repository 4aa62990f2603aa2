from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.banks.library import BankLibrary
from app.errors import SetupError
from app.scoring.judges.judge import Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.settings import PROJECT_DIR, Settings
from evals.suites import invariance
from tests.evals.suites.judging import bench_with, statements_judge

BANKS = BankLibrary.from_folder(PROJECT_DIR / "knowledge")


@dataclass
class LengthJudge:
    """Credits as many points as the reply has hundreds of characters, from the first on."""

    characters: int = 60

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "length"}

    async def prepare(self, item: Item) -> None:
        """Nothing to prepare."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        won = sum(len(part.text) for part in answer) // self.characters
        return [Judgement(1.0 if at < won else 0.0, 0.9, (answer[0].text,)) for at, _ in enumerate(points)]


class BrokenJudge(LengthJudge):
    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        return [Judgement(None, failure="llm-error: nothing") for _ in points]


async def test_a_judge_of_content_keeps_its_verdicts_and_moves_one_at_a_time(
    settings: Settings, tmp_path: Path
) -> None:
    judge = statements_judge(BANKS)
    result = await invariance.run(bench_with(judge, settings, tmp_path))
    assert len(judge.asked) <= invariance.MOST
    for change in ("paraphrase", "point_order", "filler", "padding", "script", "width"):
        assert result.figures[f"invariance.{change}"] == 1, change
    exact = ("deleted_falls", "deleted_only", "added_rises", "added_only", "said_credited", "quoted_right")
    for figure in exact:
        assert result.figures[f"invariance.{figure}"] == 1, figure
    assert result.figures["invariance.unsaid_credited"] == 0
    assert result.figures["invariance.padding_gain"] == 0
    assert result.not_scored == 0


async def test_all_changes_are_measured(settings: Settings, tmp_path: Path) -> None:
    result = await invariance.run(bench_with(statements_judge(BANKS), settings, tmp_path))
    assert all(figure is not None for figure in result.figures.values())
    assert result.plots[0].svg.count('class="bar"') == len(invariance.KEPT_CHANGES)
    assert {row["change"] for row in result.rows} >= {"base", "deleted", "added", *invariance.KEPT_CHANGES}


async def test_a_judge_of_length_is_caught(settings: Settings, tmp_path: Path) -> None:
    result = await invariance.run(bench_with(LengthJudge(), settings, tmp_path))
    assert result.figures["invariance.padding_gain"] > 0
    assert result.figures["invariance.padding"] < 1
    assert result.figures["invariance.deleted_only"] < 1
    assert result.figures["invariance.added_only"] < 1
    assert result.figures["invariance.quoted_right"] == 0


async def test_what_is_not_scored_is_not_compared(settings: Settings, tmp_path: Path) -> None:
    result = await invariance.run(bench_with(BrokenJudge(), settings, tmp_path, limit=3))
    assert result.not_scored > 0
    assert result.figures["invariance.kept"] is None
    assert all(row["change"] == "base" for row in result.rows)


async def test_a_limit_takes_whole_replies_with_all_their_changes(settings: Settings, tmp_path: Path) -> None:
    judge = statements_judge(BANKS)
    result = await invariance.run(bench_with(judge, settings, tmp_path, limit=1))
    assert 10 < len(judge.asked) < 25
    assert len({row["base"] for row in result.rows}) == 1


async def test_a_statements_file_with_a_missing_point_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "statements.yaml"
    text = invariance.STATEMENTS.read_text(encoding="utf-8")
    path.write_text(text.replace("    p4:\n", "    p44:\n"), encoding="utf-8")
    monkeypatch.setattr(invariance, "STATEMENTS", path)
    with pytest.raises(SetupError, match=r"statements\.yaml: .*: point p4: missing"):
        await invariance.run(bench_with(statements_judge(BANKS), settings, tmp_path))
