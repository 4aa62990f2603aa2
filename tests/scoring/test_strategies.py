import base64
import json
from pathlib import Path

import numpy as np
import pytest

from app.errors import SetupError
from app.llm.prompts import PromptLibrary
from app.scoring.strategies import HEADS_DIR, ChosenJudge, trained_heads
from tests.fakes.scripted import ScriptedLLM


class ModelWithStates(ScriptedLLM):
    sha256 = "abc"

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
        "embedding": "tiny",
        "closeness_weights": [0.0, 0.0],
        "closeness_mean": 0.0,
    }
    (folder / "head.json").write_text(json.dumps(head | changes), encoding="utf-8")


def test_a_model_with_states_and_a_head_is_read_by_it(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ModelWithStates(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert (identity["strategy"], identity["head"]) == ("verdict-head", "t1")


def test_a_model_without_states_is_asked(tmp_path: Path, prompts: PromptLibrary) -> None:
    write_head(tmp_path, prompt_hash={"zh": prompts.get("judge_states", "zh").hash})
    identity = ChosenJudge(ScriptedLLM(), prompts, heads_dir=tmp_path).identity("zh-CN")
    assert identity["strategy"] == "evidence-first"


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


def test_a_broken_head_file_says_which_and_what_to_do(tmp_path: Path) -> None:
    write_head(tmp_path, prompt_hash={"zh": "0"}, cuts=[2, 3])
    with pytest.raises(SetupError, match=r"head\.json: cuts") as caught:
        trained_heads(tmp_path)
    assert "train-judge" in caught.value.hint


def test_every_shipped_head_fits_the_shipped_prompts(prompts: PromptLibrary) -> None:
    for head in trained_heads(HEADS_DIR).values():
        for language, digest in head.prompt_hash.items():
            assert digest == prompts.get("judge_states", language).hash
