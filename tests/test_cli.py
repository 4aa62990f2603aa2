import multiprocessing
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app, main
from app.errors import SetupError
from app.serve import run


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for command in ("serve", "doctor", "score", "bank", "model"):
        assert command in shown.output


def test_help_loads_nothing_heavy() -> None:
    heavy = ["fastapi", "chromadb", "langchain", "openai", "sqlalchemy", "dbos", "numpy"]
    code = (
        "import sys; from app.cli import app; from typer.testing import CliRunner;"
        "CliRunner().invoke(app, ['--help']);"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERVIEWER_PORT", "eighty"),
        ("INTERVIEWER_LLM_BASE_URL", "http://127.0.0.1:1/v1"),
        ("INTERVIEWER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"),
        ("INTERVIEWER_CHROMA_URL", "http://127.0.0.1:1"),
        ("INTERVIEWER_DATA_DIR", "/dev/null/data"),
        ("INTERVIEWER_MODEL_PATH", "/no/such.gguf"),
        ("INTERVIEWER_PROMPTS_DIR", "/no/prompts"),
    ],
)
def test_a_service_that_cannot_start_names_the_setting_to_change(
    tmp_path: Path, name: str, value: str
) -> None:
    settings = {"INTERVIEWER_DATA_DIR": str(tmp_path)}
    if name not in {"INTERVIEWER_LLM_BASE_URL", "INTERVIEWER_MODEL_PATH"}:
        settings |= {"INTERVIEWER_LLM_BASE_URL": "http://127.0.0.1:1/v1", "INTERVIEWER_LLM_MODEL": "x"}
    port = [] if name == "INTERVIEWER_PORT" else ["--port", "0"]
    log = tmp_path / "stderr"
    # Forked from a process that has imported the service, which takes seconds, and done nothing else.
    children = multiprocessing.get_context("forkserver")
    children.set_forkserver_preload(["app.main"])
    child = children.Process(target=_command_line, args=(["serve", *port], settings | {name: value}, log))
    child.start()
    child.join()
    told = log.read_text()
    assert child.exitcode == 2
    assert name in told
    assert "Traceback" not in told


def _command_line(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    os.environ.update(environment)
    with log.open("wb") as sink:
        os.dup2(sink.fileno(), 2)
    sys.argv[1:] = arguments
    main()


def test_a_port_in_use_says_how_to_choose_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SetupError, match="in use") as caught:
        run("127.0.0.1", taken.getsockname()[1])
    assert "INTERVIEWER_PORT" in caught.value.hint
