from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.banks.library import BankLibrary
from app.scoring.judges.judge import Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.settings import PROJECT_DIR, Settings
from evals.suites import follow_ups
from tests.evals.suites.judging import bench_with, statements_judge
from tests.fakes.scripted import ScriptedLLM

BANKS = BankLibrary.from_folder(PROJECT_DIR / "knowledge")


class StubbornJudge:
    """Never credits anything, so that a system aims at whatever comes first."""

    credit: float | None = 0.0

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "stubborn"}

    async def prepare(self, item: Item) -> None:
        """Nothing to prepare."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        failure = None if self.credit is not None else "llm-error: nothing"
        return [Judgement(self.credit, failure=failure) for _ in points]


class BrokenJudge(StubbornJudge):
    credit = None


async def test_a_judge_that_sees_what_is_missing_wins_it_all_back(settings: Settings, tmp_path: Path) -> None:
    result = await follow_ups.run(bench_with(statements_judge(BANKS), settings, tmp_path, limit=2))
    assert result.figures["follow_ups.recovery"] == 1
    assert result.figures["follow_ups.aim"] == 1
    assert result.figures["follow_ups.wasted"] == 0
    assert result.figures["follow_ups.recorded_aim"] == 1
    assert result.figures["follow_ups.one_question"] == 1
    assert result.figures["follow_ups.leaks"] == 0
    assert result.not_scored == 0
    assert len(result.rows) == 4
    for row in result.rows:
        assert row["output"] == row["target"] or sorted(row["output"]) == row["target"]
        assert row["input"].count("interviewer: ") == row["input"].count("candidate: ") == 3


async def test_a_judge_that_sees_nothing_wastes_follow_ups_and_wins_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    result = await follow_ups.run(bench_with(StubbornJudge(), settings, tmp_path))
    assert result.figures["follow_ups.recovery"] == 0
    assert result.figures["follow_ups.wasted"] > 0
    assert result.figures["follow_ups.aim"] < 1
    assert result.figures["follow_ups.asked"] == 2 * len(result.rows)


async def test_acknowledgements_are_counted(settings: Settings, tmp_path: Path) -> None:
    result = await follow_ups.run(bench_with(statements_judge(BANKS), settings, tmp_path, limit=1))
    words = result.tables[1].rows
    assert sum(int(times or 0) for _, times in words) == result.figures["follow_ups.asked"]


async def test_interviews_go_on_where_the_llm_has_no_words(settings: Settings, tmp_path: Path) -> None:
    bench = bench_with(statements_judge(BANKS), settings, tmp_path, limit=1)
    bench.llm = ScriptedLLM()
    result = await follow_ups.run(bench)
    assert result.figures["follow_ups.recovery"] == 1


async def test_what_is_not_scored_is_counted_and_not_zero(settings: Settings, tmp_path: Path) -> None:
    result = await follow_ups.run(bench_with(BrokenJudge(), settings, tmp_path, limit=1))
    assert result.not_scored == 2
    assert result.figures["follow_ups.recovery"] is None
    assert all(row["score"] is None for row in result.rows)


async def test_an_interview_that_fails_is_a_row_and_the_others_go_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = follow_ups.hold_interview
    calls = []

    async def failing_once(*given: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise follow_ups.InterviewFailedError("the disk is full")
        return await held(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(follow_ups, "hold_interview", failing_once)
    result = await follow_ups.run(bench_with(statements_judge(BANKS), settings, tmp_path, limit=2))
    assert result.not_scored == 1
    assert [row["failure"] for row in result.rows if "failure" in row] == ["the disk is full"]
    assert result.figures["follow_ups.recovery"] == 1


async def test_nothing_of_an_interview_is_left_in_the_data_folder(
    fresh_settings: Settings, tmp_path: Path
) -> None:
    await follow_ups.run(bench_with(statements_judge(BANKS), fresh_settings, tmp_path / "run", limit=1))
    assert not fresh_settings.data_dir.exists()
