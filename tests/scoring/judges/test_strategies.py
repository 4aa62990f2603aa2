import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.errors import SetupError
from app.llm.model_server import DEPTH
from app.llm.prompts import PromptLibrary
from app.llm.source import DEFAULT_WEIGHTS
from app.scoring.judges.strategies import HEADS_DIR, ChosenJudge, Strategy, build_judge, trained_heads
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.settings import PROJECT_DIR, Settings
from tests.fakes.scripted import ScriptedLLM


class ModelWithStates(ScriptedLLM):
    sha256 = "abc"
    depth = 0.6

    async def states(self, token_ids: list[int], positions: list[int]) -> None:
        raise AssertionError("only its presence counts here")


def write_head(folder: Path, **changes: object) -> None:
    head = {
        "version": "t1",
        "model_sha256": "abc",
        "prompt_hash": {},
        "hidden": 1,
        "weights": base64.b64encode(np.ones(2, dtype="<f4").tobytes()).decode(),
        "bias": [0.0, 0.0],
        "cuts": [0.5, 0.5],
        "review_below": 0.6,
        "depth": 0.6,
    }
    (folder / "head.json").write_text(json.dumps(head | changes), encoding="utf-8")


def test_a_model_with_states_and_a_head_is_read_by_it(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] == "verdict-head"
    assert identity["head"].startswith("t1-")


def test_a_model_without_states_is_asked(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ScriptedLLM(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] == "checklist"


def test_weights_no_head_was_trained_on_are_asked(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, model_sha256="other", prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] == "evidence-first"


def test_a_head_trained_on_another_prompt_is_not_used(
    tmp_path: Path, prompts: PromptLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    write_head(tmp_path, prompt_hash={"zh": "0000000000000000"})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] == "evidence-first"
    assert "another judge_states prompt" in caplog.text


def test_a_head_trained_on_other_blocks_is_not_used(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, depth=1.0, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] != "verdict-head"


def test_a_broken_head_file_says_which_and_what_to_do(tmp_path: Path) -> None:
    write_head(tmp_path, prompt_hash={"zh": "0"}, cuts=[2, 3])
    with pytest.raises(SetupError, match=r"head\.json: cuts") as caught:
        trained_heads(tmp_path)
    assert "train-judge" in caught.value.hint


def test_every_shipped_head_fits_the_shipped_prompts(prompts: PromptLibrary) -> None:
    heads = trained_heads(HEADS_DIR)
    assert DEFAULT_WEIGHTS.sha256 in heads
    for head in heads.values():
        assert head.depth == DEPTH
        assert head.prompt_hash == {code: prompts.get("judge_states", code).hash for code in ("en", "zh")}


@pytest.mark.parametrize(
    ("named", "strategy", "prompt_names"),
    [
        ("points", "evidence-first", ["judge"]),
        ("words", "one-word", ["judge_quotes", "judge_word"]),
        ("checklist", "checklist", ["judge_checklist"]),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_named_strategy_is_used_whatever_the_model_shows_and_names_its_prompts(
    named: Strategy,
    strategy: str,
    prompt_names: list[str],
    language: str,
    tmp_path: Path,
    prompts: PromptLibrary,
) -> None:
    write_head(tmp_path, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path, strategy=named).identity(language)
    assert identity["strategy"] == strategy
    hashes = [prompts.get(name, language).hash for name in [*prompt_names, "json_only"]]
    assert identity["prompt"] == "+".join(hashes)


def test_a_changed_prompt_changes_the_identity(tmp_path: Path, prompts: PromptLibrary) -> None:
    shutil.copytree(PROJECT_DIR / "prompts", tmp_path / "prompts")
    changed = tmp_path / "prompts" / "zh" / "judge_checklist.md"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    llm = ScriptedLLM()
    others = ChosenJudge(llm, PromptLibrary(tmp_path / "prompts"))
    assert others.identity("zh") != ChosenJudge(llm, prompts).identity("zh")
    assert others.identity("en") == ChosenJudge(llm, prompts).identity("en")


async def test_the_settings_name_strategy_and_repeats(settings: Settings, prompts: PromptLibrary) -> None:
    item = Item("问题", (RubricPoint("p1", "道歉"),), 8, "zh-CN")
    half = '{"points": [{"number": 1, "quotes": ["先道歉"], "verdict": "partial"}]}'
    llm = ScriptedLLM(default=half)
    named = settings.model_copy(update={"judge": "checklist", "judge_repeats": 3})
    judge = build_judge(named, llm, prompts)
    [judgement] = await judge.judge(item, [AnswerPart(1, "我会先道歉")], item.points)
    assert (judgement.credit, len(llm.history)) == (0.5, 4)
    assert judge.identity("zh")["repeats"] == "3"


async def test_the_model_is_made_ready_before_it_judges(prompts: PromptLibrary) -> None:
    made_ready: list[int] = []
    llm = ScriptedLLM(default='{"quotes": [], "verdict": "miss"}')

    async def make_ready() -> None:
        made_ready.append(len(llm.history))

    item = Item("问题", (RubricPoint("p1", "道歉"),), 8, "zh-CN")
    await ChosenJudge(llm, prompts, before_judging=make_ready).judge(item, [AnswerPart(1, "好")], item.points)
    assert made_ready == [0]
