import asyncio
import json
from pathlib import Path
from typing import Any

from click.testing import Result
from sqlalchemy import select

from app.db.opening import open_database
from app.db.tables import JudgementRow, LLMCall
from app.scoring.cli import SOME_NOT_SCORED
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint, status
from tests.scoring.conftest import Run


def line(id: str, answer: str) -> str:
    points = [{"id": "a", "text": "先向客户道歉"}, {"id": "b", "text": "请客户提供照片"}]
    return json.dumps(
        {"id": id, "question": "你会怎么处理？", "points": points, "answer": answer}, ensure_ascii=False
    )


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


def test_the_last_line_on_standard_error_says_what_it_cost(run: Run) -> None:
    result = run("-", input="\n".join([line("1", "我会先道歉。"), "nonsense"]))
    last = result.stderr.splitlines()[-1]
    assert last.startswith("1 scored, 1 not scored; 2 LLM calls, ")
    assert "(50% cached)" in last


def stored(folder: Path) -> tuple[int, set[str]]:
    """How many judgements the installation in `folder` keeps, and what its calls were about."""

    async def read() -> tuple[int, set[str]]:
        async with open_database(settings) as database, database.reading() as session:
            kept = len(list(await session.scalars(select(JudgementRow))))
            return kept, set(await session.scalars(select(LLMCall.about)))

    settings = Settings(_env_file=None, data_dir=folder / "data")  # type: ignore[call-arg]
    return asyncio.run(read())


def test_where_a_database_is_there_nothing_is_paid_for_twice(
    run: Run, fake_endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    stored(tmp_path)
    first, second = (run("-", input=line("1", "我会先道歉。")) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    assert len(fake_endpoint.requests) == 2
    assert second.stderr.splitlines()[-1] == "1 scored, 0 not scored; 0 LLM calls"
    assert stored(tmp_path) == (1, {"score/1"})


def test_repeats_are_judged_anew_whatever_is_kept(
    run: Run, fake_endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    stored(tmp_path)
    for _ in range(2):
        assert run("-", "--repeats", "3", input=line("1", "我会先道歉。")).exit_code == 0
    assert len(fake_endpoint.requests) == 2 * 3 * 2
    assert stored(tmp_path)[0] == 0


def test_no_database_is_made_for_scoring(run: Run, tmp_path: Path) -> None:
    assert run("-", input=line("1", "我会先道歉。")).exit_code == 0
    assert not (tmp_path / "data").exists()
