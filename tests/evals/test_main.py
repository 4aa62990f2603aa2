import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from evals import recording
from evals.__main__ import FAILED, NOT_SCORED, PASSED, main
from evals.recording import recording_of
from evals.results import SuiteResult
from evals.runs import Run
from evals.servers.endpoint import FakeEndpoint, prose


@pytest.fixture
def endpoint_settings(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, fake_endpoint: FakeEndpoint
) -> Iterator[FakeEndpoint]:
    """The command runs against a fake endpoint; without `--limit`, there are no thresholds but one."""
    chosen = settings.model_copy(
        update={"llm_base_url": fake_endpoint.base_url, "llm_model": "fake", "llm_retries": 0}
    )
    monkeypatch.setattr("evals.__main__.get_settings", lambda: chosen)
    return fake_endpoint


def _figures(folder: Path, run: str) -> dict[str, Any]:
    return dict(json.loads((folder / run / "figures.json").read_text(encoding="utf-8")))


def test_a_suite_alone_is_measured_on_any_endpoint_and_goes_on_where_it_was(
    endpoint_settings: FakeEndpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["agreement", "--limit", "3", "--run", "a", "--reports", str(tmp_path)]
    assert main(arguments) == PASSED
    asked = len(endpoint_settings.requests)
    assert asked > 0
    assert "agreement.macro_f1" in capsys.readouterr().out
    assert main(arguments) == PASSED
    assert len(endpoint_settings.requests) == asked
    figures = _figures(tmp_path, "a")
    assert figures["figures"]["agreement.replies"] == 3
    assert figures["provenance"]["cost"]["agreement"]["calls"] == 0, "the second time nothing was judged"


def test_what_could_not_be_scored_is_said_by_the_exit_status(
    endpoint_settings: FakeEndpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint_settings.faults.extend([prose()] * 100)
    assert main(["agreement", "--limit", "2", "--run", "a", "--reports", str(tmp_path)]) == NOT_SCORED
    assert "NOT SCORED: " in capsys.readouterr().out
    endpoint_settings.faults.clear()
    assert main(["agreement", "--limit", "2", "--run", "a", "--reports", str(tmp_path)]) == PASSED


def test_a_missed_threshold_is_exit_status_one(
    endpoint_settings: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Inflated:
        NAME = "attacks"

        async def run(self, bench: object) -> SuiteResult:
            return SuiteResult(figures={"attacks.inflated": 1}, not_scored=1)

    monkeypatch.setattr("evals.__main__.suite", lambda name: Inflated())
    assert main(["attacks", "--reports", str(tmp_path)]) == FAILED


def test_finished_suites_stay_in_the_report_when_a_later_one_breaks(
    endpoint_settings: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scripted:
        def __init__(self, name: str) -> None:
            self.NAME = name

        async def run(self, bench: object) -> SuiteResult:
            if self.NAME == "review":
                raise KeyboardInterrupt
            return SuiteResult(figures={"agreement.points": 7})

    monkeypatch.setattr("evals.__main__.suite", Scripted)
    assert main(["--run", "a", "--reports", str(tmp_path)]) == FAILED
    assert _figures(tmp_path, "a")["figures"] == {"agreement.points": 7}


def test_an_unknown_suite_and_an_empty_limit_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["agreemnt"], ["agreement", "--limit", "0"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert "there are agreement, review" in capsys.readouterr().err


def test_record_keeps_the_judgements_of_a_run(
    endpoint_settings: FakeEndpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["agreement", "--limit", "3", "--run", "a", "--reports", str(tmp_path)])
    output = tmp_path / "kept.jsonl.gz"
    assert main(["record", "--reports", str(tmp_path), "--output", str(output)]) == PASSED
    judged = [
        line for line in recording.read_lines(tmp_path / "a" / "judgements.jsonl") if line["judgements"]
    ]
    assert len(recording.load(output)) == len(judged) > 0
    assert recording.provenance(output)["model"] == Run(tmp_path / "a").made_with["model"]
    assert main(["record", "--run", "none", "--reports", str(tmp_path)]) == FAILED
    assert "holds no judgements" in capsys.readouterr().err


def test_a_recording_is_named_after_its_model() -> None:
    assert recording_of("qwen2.5-q4_k_m.gguf@sha256:cc324af0", Path("x")) == Path("x/qwen2.5-q4_k_m.jsonl.gz")
    assert recording_of("org/model:1", Path("x")) == Path("x/org-model-1.jsonl.gz")
