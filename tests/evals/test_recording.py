import gzip
from pathlib import Path

import pytest

from app.scoring.judges.judge import Judgement
from app.scoring.judges.judgement_cache import CachingJudge
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from evals import recording
from evals.recording import JsonLinesStore, RecordedJudge, StaleRecordingError
from tests.evals.conftest import CreditingJudge

HIT = [Judgement(1.0, 0.8, ("抱歉",), needs_review=True)]
MISS = [Judgement(0.0, None)]
ITEM = Item("怎么处理？", (RubricPoint("p1", "致歉"),), 8, "zh-CN")
SAID = [AnswerPart(2, "先说抱歉")]


async def test_a_store_finds_again_what_was_kept_and_who_kept_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "judgements.jsonl"
    store = JsonLinesStore(path)
    store.suite = "agreement"
    await store.put("a", HIT)
    await store.put("a", MISS)
    assert await store.get("a") == HIT
    assert await JsonLinesStore(path).get("a") == HIT
    assert await JsonLinesStore(path).get("b") is None
    assert [line["suite"] for line in recording.read_lines(path)] == ["agreement"]


async def test_a_line_cut_short_by_a_killed_process_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    await JsonLinesStore(path).put("a", HIT)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    await JsonLinesStore(path).put("b", MISS)
    again = JsonLinesStore(path)
    assert await again.get("a") == HIT
    assert await again.get("b") == MISS


async def test_what_failed_is_not_kept(tmp_path: Path) -> None:
    store = JsonLinesStore(tmp_path / "judgements.jsonl")
    judge = CreditingJudge(credit=None)
    remembering = CachingJudge(judge, store)
    for _ in range(2):
        assert (await remembering.judge(ITEM, SAID, ITEM.points))[0].failure == "llm-error: scripted"
    assert judge.calls == 2


async def test_a_recording_is_the_same_bytes_for_the_same_judgements(tmp_path: Path) -> None:
    lines = [
        {"key": "b", "suite": "attacks", "judgements": []},
        {"key": "a", "suite": "agreement", "judgements": [{"credit": 0.5, "quotes": ["好"]}]},
    ]
    first, second = tmp_path / "1.jsonl.gz", tmp_path / "2.jsonl.gz"
    assert recording.write(first, lines, {"model": "m"}) == 2
    recording.write(second, [*reversed(lines), lines[0]], {"model": "m"})
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).splitlines()[0] == b'{"provenance": {"model": "m"}}'
    assert recording.provenance(first) == {"model": "m"}
    assert recording.load(first)["a"] == [Judgement(0.5, quotes=("好",))]


async def test_a_recorded_judge_judges_what_is_recorded_and_says_that_the_rest_is_stale(
    tmp_path: Path,
) -> None:
    live = CreditingJudge()
    store = JsonLinesStore(tmp_path / "judgements.jsonl")
    judged = await CachingJudge(live, store).judge(ITEM, SAID, ITEM.points)
    replaying = CachingJudge(RecordedJudge(live), store)
    assert await replaying.judge(ITEM, SAID, ITEM.points) == judged
    with pytest.raises(StaleRecordingError, match="the recording is stale: run `make evals`"):
        await replaying.judge(ITEM, [AnswerPart(2, "另一个回答")], ITEM.points)
    assert live.calls == 1


async def test_a_recording_of_another_judge_is_stale(tmp_path: Path) -> None:
    store = JsonLinesStore(tmp_path / "judgements.jsonl")
    await CachingJudge(CreditingJudge(credit=1.0), store).judge(ITEM, SAID, ITEM.points)
    with pytest.raises(StaleRecordingError):
        await CachingJudge(RecordedJudge(CreditingJudge(credit=0.5)), store).judge(ITEM, SAID, ITEM.points)
