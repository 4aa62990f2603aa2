import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from app.scoring.cli import SOME_NOT_SCORED, score
from app.settings import get_settings
from tests.fakes.endpoint import FakeEndpoint, status

Run = Callable[..., Result]


def line(id: str, answer: str) -> str:
    points = [{"id": "a", "text": "先向客户道歉"}, {"id": "b", "text": "请客户提供照片"}]
    return json.dumps(
        {"id": id, "question": "你会怎么处理？", "points": points, "answer": answer}, ensure_ascii=False
    )


@pytest.fixture
def run(fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """The command against the fake endpoint, which finds "先道歉" proves every point."""
    fake_endpoint.reply = lambda request: '{"quotes": ["先道歉"], "verdict": "hit"}'
    monkeypatch.setenv("INTERVIEWER_LLM_BASE_URL", fake_endpoint.base_url)
    monkeypatch.setenv("INTERVIEWER_LLM_MODEL", "fake")
    monkeypatch.setenv("INTERVIEWER_LLM_RETRIES", "0")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    command = typer.Typer()
    command.command()(score)

    def invoke(*arguments: str, input: str = "") -> Result:
        return CliRunner().invoke(command, list(arguments), input=input)

    yield invoke
    get_settings.cache_clear()


def results(result: Result) -> list[dict[str, Any]]:
    return [json.loads(shown) for shown in result.stdout.splitlines()]


def test_answers_are_scored_from_standard_input(run: Run) -> None:
    result = run("-", input=line("full", "我会先道歉。") + "\n" + line("none", "随便。") + "\n")
    assert result.exit_code == 0
    full, none = results(result)
    assert (full["id"], full["score"]) == ("full", 8)
    assert full["points"][0]["quotes"] == [{"start": 2, "end": 5, "text": "先道歉"}]
    assert (none["id"], none["score"]) == ("none", 0)
    assert none["points"][0]["needs_review"] is True


def test_an_empty_answer_is_zero_without_any_call(run: Run, fake_endpoint: FakeEndpoint) -> None:
    result = run("-", input=line("e", ""))
    assert (result.exit_code, results(result)[0]["score"]) == (0, 0)
    assert fake_endpoint.connections == 0


def test_with_the_endpoint_down_lines_are_not_scored_and_the_status_says_so(
    run: Run, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.extend([status(503)] * 2)
    result = run("-", input="\n".join([line("1", "我会先道歉。"), line("2", ""), line("3", "我会先道歉。")]))
    assert result.exit_code == SOME_NOT_SCORED
    first, second, third = results(result)
    assert (first["status"], first["score"]) == ("not_scored", None)
    assert first["reason"].startswith("llm-unavailable: ")
    assert (second["score"], third["score"]) == (0, 8)


def test_a_bad_line_is_reported_in_its_place(run: Run) -> None:
    result = run("-", input="\n".join([line("1", ""), "nonsense", line("3", "")]))
    assert result.exit_code == SOME_NOT_SCORED
    assert [r["status"] for r in results(result)] == ["scored", "not_scored", "scored"]


def test_results_can_go_to_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(line("1", "我会先道歉。"), encoding="utf-8")
    result = run("in.jsonl", "--output", "out.jsonl", "--repeats", "2")
    assert (result.exit_code, result.stdout) == (0, "")
    scored = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert scored["repeats"] == [{"a": 1.0, "b": 1.0}] * 2


def test_a_missing_file_is_a_usage_error(run: Run) -> None:
    result = run("missing.jsonl")
    assert result.exit_code == 2
    assert "missing.jsonl" in result.stderr
