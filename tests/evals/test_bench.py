"""Recorded judgements replayed through the live code: no model is needed, and a changed judge is noticed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.llm.source import DEFAULT_WEIGHTS
from app.scoring.judges.strategies import build_judge
from app.scoring.rubric import AnswerPart
from app.scoring.scorer import build_scorer
from app.search.embedding import build_embedder
from app.settings import PROJECT_DIR, Settings
from evals import recording
from evals.bench import JUDGEMENTS, Bench, open_replay
from evals.labelled import Reply, held_out_replies
from evals.recording import STALE, SUITES, StaleRecordingError, recording_of
from evals.reporting.thresholds import check, thresholds_for
from evals.results import Figure
from evals.scored import points_of, score_held_out, spread
from evals.suites import agreement, review, suite
from tests.evals.conftest import CreditingJudge, MakeBench

RECORDING = recording_of(DEFAULT_WEIGHTS.file_name)
LIVE_REPLIES = 5


@pytest.fixture
def recorded() -> Path:
    """The recording that ships with the code."""
    assert RECORDING.exists(), f"no {RECORDING}: run `make evals` and `make evals-record`"
    return RECORDING


async def test_recorded_judgements_meet_the_thresholds_through_the_live_code(
    recorded: Path, settings: Settings, tmp_path: Path
) -> None:
    async with open_replay(settings, recorded, tmp_path) as bench:
        figures = await _figures(bench)
    verdicts = check(thresholds_for(settings), figures, SUITES)
    assert verdicts
    assert [verdict for verdict in verdicts if not verdict.passed] == []


async def _figures(bench: Bench) -> dict[str, Figure]:
    scoring = await score_held_out(bench, "replay")
    figures = agreement.figures(scoring) | review.figures(points_of(scoring.scored))
    for name in ("invariance", "attacks"):
        figures |= (await suite(name).run(bench)).figures
    return figures


@pytest.mark.model
async def test_the_live_model_gives_the_recorded_credits(
    recorded: Path, require_weights: Settings, tmp_path: Path
) -> None:
    llm = build_llm(require_weights, lambda usage: None)
    prompts, embedder = PromptLibrary(require_weights.prompts_dir), build_embedder(require_weights)
    live = build_scorer(require_weights, llm, prompts, embedder)
    await llm.start()
    try:
        async with open_replay(require_weights, recorded, tmp_path) as bench:
            replies = await _judged_without_doubt(bench)
            assert len(replies) == LIVE_REPLIES
            for reply in replies:
                then = await bench.scorer.score(reply.item(bench.banks), reply.parts)
                now = await live.score(reply.item(bench.banks), reply.parts)
                assert [p.credit for p in now.points] == [p.credit for p in then.points], reply.id
    finally:
        await llm.close()


async def _judged_without_doubt(bench: Bench) -> list[Reply]:
    # Another processor rounds otherwise, which may tip a verdict that was close to its cut.
    scoring = await score_held_out(bench, "replay")
    certain = [
        one.reply
        for one in scoring.scored
        if any(point.given for point in one.points) and not any(point.needs_review for point in one.points)
    ]
    return spread(certain, LIVE_REPLIES)


class LiveIdentity(CreditingJudge):
    """Credits every point, under the identity of the judge that the settings name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        llm = build_llm(settings, lambda usage: None)
        prompts = PromptLibrary(settings.prompts_dir)
        self._judge = build_judge(settings, llm, prompts, build_embedder(settings))

    def identity(self, language: str) -> Mapping[str, str]:
        return self._judge.identity(language)


@pytest.fixture
async def small_recording(settings: Settings, make_bench: MakeBench, tmp_path: Path) -> Path:
    """A recording of a few held-out replies."""
    live = LiveIdentity(settings)
    bench = make_bench(live)
    for reply in _few():
        await bench.scorer.score(reply.item(bench.banks), reply.parts)
    path = tmp_path / "small.jsonl.gz"
    judge = {code: dict(live.identity(code)) for code in ("zh", "en")}
    recording.write(path, recording.read_lines(tmp_path / JUDGEMENTS), {"judge": judge})
    return path


def _few() -> list[Reply]:
    return spread(held_out_replies(), 8)


async def test_what_was_recorded_is_scored_without_a_model(
    small_recording: Path, settings: Settings, tmp_path: Path
) -> None:
    async with open_replay(settings, small_recording, tmp_path / "run") as bench:
        cards = [await bench.scorer.score(reply.item(bench.banks), reply.parts) for reply in _few()]
    assert {card.status for card in cards} == {"scored"}
    assert 8.0 in {card.score for card in cards}


async def test_a_reply_that_was_not_recorded_makes_the_recording_stale(
    small_recording: Path, settings: Settings, tmp_path: Path
) -> None:
    reply = next(reply for reply in _few() if reply.kind == "partial")
    async with open_replay(settings, small_recording, tmp_path / "run") as bench:
        with pytest.raises(StaleRecordingError, match=STALE):
            await bench.scorer.score(
                reply.item(bench.banks), [AnswerPart(2, f"{reply.answer}……另外再补一句。")]
            )


async def test_a_changed_prompt_makes_the_recording_stale_and_is_named(
    small_recording: Path, settings: Settings, tmp_path: Path
) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(PROJECT_DIR / "prompts", prompts)
    changed = prompts / "zh" / "judge_states.md"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n请宽松评分。\n", encoding="utf-8")
    with pytest.raises(StaleRecordingError, match=f"{STALE}.* zh .* was "):
        async with open_replay(
            settings.model_copy(update={"prompts_dir": prompts}), small_recording, tmp_path / "run"
        ):
            pass


async def test_another_judge_makes_the_recording_stale(
    small_recording: Path, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(StaleRecordingError, match="strategy was verdict-head, is "):
        async with open_replay(
            settings.model_copy(update={"judge": "points"}), small_recording, tmp_path / "run"
        ):
            pass
