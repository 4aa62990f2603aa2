import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.scripted import ScriptedLLM


@pytest.fixture(autouse=True)
def _no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if (
            name.startswith("INTERVIEWER_")
            and not name.startswith("INTERVIEWER_MODEL_")
            or name == "OPENAI_API_KEY"
        ):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh installation in a folder of the test's own."""
    return Settings(_env_file=None, data_dir=tmp_path / "data", port=0)  # type: ignore[call-arg]


@pytest.fixture
def scripted_llm() -> Iterator[ScriptedLLM]:
    yield ScriptedLLM()


@pytest.fixture
def fake_endpoint() -> Iterator[FakeEndpoint]:
    """An OpenAI-compatible server on loopback, with scripted faults."""
    with FakeEndpoint() as endpoint:
        yield endpoint
