import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.cli import app
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


def test_a_port_in_use_says_how_to_choose_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SetupError, match="in use") as caught:
        run("127.0.0.1", taken.getsockname()[1])
    assert "INTERVIEWER_PORT" in caught.value.hint
