import pytest

from app.llm.progress import show_progress
from app.llm.status import LLMStatus
from tests.fakes.scripted import ScriptedLLM


class Loading(ScriptedLLM):
    """Shows the given states one after the other, then the last one for good."""

    def __init__(self, *shown: LLMStatus) -> None:
        super().__init__()
        self.shown = list(shown)

    def status(self) -> LLMStatus:
        return self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]

    async def start(self) -> None:
        return None

    async def close(self) -> None:
        return None


READY = LLMStatus("ready", "the model is ready", "tiny")


async def test_a_download_shows_its_bytes_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    half = LLMStatus("fetching", "downloading", "tiny", done_bytes=500, total_bytes=1000)
    await show_progress(Loading(half, LLMStatus("loading", "loading the model", "tiny"), READY))
    shown = capsys.readouterr()
    assert "500/1.00k" in shown.err
    assert shown.out.splitlines() == ["Model: loading the model", "Model: the model is ready"]


async def test_a_model_that_is_ready_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    await show_progress(Loading(READY))
    assert capsys.readouterr().out == ""


async def test_a_failure_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    await show_progress(Loading(LLMStatus("failed", "the file is damaged", "tiny")))
    assert "the file is damaged" in capsys.readouterr().out
