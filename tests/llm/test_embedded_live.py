"""The real weights in a real child process: few and small, for they cost seconds each."""

import os
import signal
from collections.abc import AsyncIterator
from typing import Literal

import numpy as np
import pytest
from pydantic import BaseModel

from app.llm.base import Usage
from app.llm.embedded import EmbeddedLLM
from app.llm.factory import build_llm
from app.llm.prompts import RenderedPrompt
from app.settings import Settings

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]


@pytest.fixture
async def llm(require_weights: Settings, usages: list[Usage]) -> AsyncIterator[EmbeddedLLM]:
    llm = build_llm(require_weights.model_copy(update={"llm_timeout": 300.0}), usages.append)
    assert isinstance(llm, EmbeddedLLM)
    await llm.start()
    yield llm
    await llm.close()


class Answer(BaseModel):
    mentioned: Literal["yes", "no"]


async def test_it_talks_judges_shows_its_states_and_survives_a_kill(
    llm: EmbeddedLLM, usages: list[Usage]
) -> None:
    hello = RenderedPrompt("zh/hello", "", ({"role": "user", "content": "用两个字打招呼。"},))
    pieces = [piece async for piece in llm.stream(hello, max_tokens=8)]
    assert "好" in "".join(pieces)
    assert usages[-1].first_token_seconds is not None
    assert usages[-1].prompt_tokens > 10

    likely = await llm.complete(hello, max_tokens=1, top_probabilities=5)
    assert len(likely.first_token_probabilities) == 5
    assert 0 < sum(likely.first_token_probabilities.values()) <= 1.0001
    assert usages[-1].cached_tokens > 0

    judged = await llm.complete(hello, schema=Answer, max_tokens=30)
    assert isinstance(judged.parsed, Answer)

    token_ids = await llm.tokenize("<|im_start|>客服", True)
    assert len(token_ids) < len(await llm.tokenize("<|im_start|>客服", False))
    states = await llm.states(token_ids, [0, len(token_ids) - 1])
    assert states.shape == (2, 1536)
    alone = await llm.states(token_ids[:1], [0])
    # A state depends on nothing after it.
    assert np.allclose(states[0], alone[0], rtol=0.02, atol=0.05)

    assert llm.pid is not None
    os.kill(llm.pid, signal.SIGKILL)
    assert (await llm.complete(hello, max_tokens=3)).text
