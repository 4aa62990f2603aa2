from collections.abc import AsyncIterator, Callable

import pytest

from app.llm import retry
from app.llm.base import Usage
from app.llm.endpoint import EndpointLLM
from app.llm.factory import build_llm
from app.llm.prompts import RenderedPrompt
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint

Connect = Callable[..., EndpointLLM]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.01)


@pytest.fixture
def prompt() -> RenderedPrompt:
    messages = ({"role": "system", "content": "简短回答。"}, {"role": "user", "content": "你好"})
    return RenderedPrompt("zh/greet", "abc123", messages)


@pytest.fixture
def usages() -> list[Usage]:
    return []


@pytest.fixture
async def connect(
    fake_endpoint: FakeEndpoint, settings: Settings, usages: list[Usage]
) -> AsyncIterator[Connect]:
    """Makes an `EndpointLLM` for the fake endpoint from settings given by name."""
    opened: list[EndpointLLM] = []

    def make(**given: object) -> EndpointLLM:
        asked = {"llm_base_url": fake_endpoint.base_url, "llm_model": "fake", "llm_timeout": 60.0} | given
        llm = build_llm(settings.model_copy(update=asked), usages.append)
        assert isinstance(llm, EndpointLLM)
        opened.append(llm)
        return llm

    yield make
    for llm in opened:
        await llm.close()
