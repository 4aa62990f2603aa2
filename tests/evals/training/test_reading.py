from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.errors import LLMError
from app.llm.prompts import PromptLibrary
from app.scoring.judges.embedded import PROMPT
from app.scoring.judges.states import point_states
from app.settings import PROJECT_DIR
from evals.training.reading import LAST, MEAN, Pass, Reading
from evals.training.states_file import SAVE_EVERY, StatesFile
from tests.evals.training.reading_model import ReadableLLM

PROMPTS = PromptLibrary(PROJECT_DIR / "prompts")
ONE = Pass("怎么处理？", "zh", "先道歉再退款", ("退款", "道歉并安抚"))


def reading(llm: ReadableLLM, path: Path) -> Reading:
    return Reading(llm, PROMPTS, StatesFile(path))


async def test_means_less_those_without_a_reply_are_what_the_judge_reads(tmp_path: Path) -> None:
    read = reading(ReadableLLM(), tmp_path / "states.npz")
    await read.read([ONE, ONE.without_reply])
    judged = await point_states(
        ReadableLLM(), PROMPTS.get(PROMPT, "zh"), ONE.question, ONE.answer, ONE.points
    )
    difference = read.pooled(ONE)[:, MEAN] - read.pooled(ONE.without_reply)[:, MEAN]
    assert difference == pytest.approx(judged, abs=1e-6)
    assert np.ptp(difference[:, 0]) > 0


async def test_the_last_state_is_that_at_the_end_of_the_points_block(tmp_path: Path) -> None:
    llm = ReadableLLM()
    read = reading(llm, tmp_path / "states.npz")
    await read.read([ONE])
    # In the pass the points stand in an order of their own, in which these two change places.
    assert llm.passes[0].index("道歉并安抚") > llm.passes[0].index("要点1：退款")
    assert read.pooled(ONE)[1, LAST, 1] == pytest.approx((len(llm.passes[0]) - 1) / 1000)
    assert read.pooled(ONE)[0, LAST, 1] < read.pooled(ONE)[1, LAST, 1]


async def test_what_was_read_is_not_read_again_by_another_process(tmp_path: Path) -> None:
    first, again = ReadableLLM(), ReadableLLM()
    passes = [ONE, ONE.without_reply, *ONE.one_point_each, ONE]
    await reading(first, tmp_path / "states.npz").read(passes)
    assert len(first.passes) == 4
    read = reading(again, tmp_path / "states.npz")
    await read.read(passes)
    assert again.passes == []
    assert read.pooled(ONE).shape == (2, 2, 3)


async def test_another_text_depth_or_model_is_read_anew(tmp_path: Path) -> None:
    await reading(ReadableLLM(), tmp_path / "states.npz").read([ONE])
    other_weights = ReadableLLM()
    other_weights.sha256 = "f" * 16
    for llm in (ReadableLLM(depth=1.0), other_weights):
        assert reading(llm, tmp_path / "states.npz").unread([ONE]) == [ONE]
    changed = [
        replace(ONE, answer="先道歉"),
        replace(ONE, question="怎么处理？先", answer="道歉再退款"),
        replace(ONE, points=("退款道歉并安抚",)),
    ]
    assert reading(ReadableLLM(), tmp_path / "states.npz").unread(changed) == changed


async def test_a_failure_keeps_what_was_read_before_it(tmp_path: Path) -> None:
    failing = reading(ReadableLLM(fails_after=1), tmp_path / "states.npz")
    with pytest.raises(LLMError):
        await failing.read([ONE, ONE.without_reply])
    assert reading(ReadableLLM(), tmp_path / "states.npz").unread([ONE, ONE.without_reply]) == [
        ONE.without_reply
    ]


def test_states_are_saved_while_they_come(tmp_path: Path) -> None:
    path = tmp_path / "new" / "states.npz"
    kept = StatesFile(path)
    for at in range(SAVE_EVERY):
        kept.add(str(at), np.full((1, 2), at, dtype=np.float32))
    again = StatesFile(path)
    assert "3" in again
    assert again["3"].tolist() == [[3, 3]]
    assert str(SAVE_EVERY) not in again
