import json
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import FAILED, PASSED, main
from evals.compare import Change, drift


def _run(folder: Path, prompt: str, kappa: float, credits: dict[str, float | None]) -> None:
    folder.mkdir()
    made: dict[str, Any] = {"model": "m", "judge": {"zh": {"prompt": prompt}}}
    figures = {"provenance": made, "thresholds": [], "figures": {"agreement.kappa": kappa}}
    (folder / "figures.json").write_text(json.dumps(figures))
    rows = [
        {"suite": "agreement", "id": "1", "points": [{"id": id, "credit": c} for id, c in credits.items()]},
        {"suite": "invariance", "id": "1", "output": credits},
        {"suite": "attacks", "id": "1", "output": "refused"},
    ]
    (folder / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_two_runs_are_shown_side_by_side_with_what_drifted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path / "a", "old", 0.5, {"p1": 1.0, "p2": 0.0, "p3": None, "p4": 1.0})
    _run(tmp_path / "b", "new", 0.75, {"p1": 1.0, "p2": 0.5, "p3": 1.0})
    assert main(["compare", "a", "b", "--reports", str(tmp_path)]) == PASSED
    shown = capsys.readouterr().out
    assert "judge · zh · prompt: old → new" in shown
    assert "model" not in shown
    assert "0.250" in shown
    assert "drift: 2 of 4 points have another credit, 50.0%" in shown
    assert "agreement/1 p2: 0 → 0.5" in shown
    assert "invariance/1 p2: 0 → 0.5" in shown


def test_runs_of_the_same_judge_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(tmp_path / "a", "old", 0.5, {"p1": 1.0})
    assert main(["compare", "a", "a", "--reports", str(tmp_path)]) == PASSED
    shown = capsys.readouterr().out
    assert "the same model, prompts, head and data" in shown
    assert "drift: 0 of 2 points" in shown


def test_a_run_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "a", "b", "--reports", str(tmp_path)]) == FAILED
    assert "there is no finished run a" in capsys.readouterr().err


def test_drift_counts_only_points_judged_in_both() -> None:
    found = drift({("s", "p"): 1.0, ("s", "q"): 0.0}, {("s", "p"): 0.5, ("s", "r"): 1.0})
    assert (found.points, found.changes, found.share) == (1, (Change("s", "p", 1.0, 0.5),), 1.0)
    assert drift({}, {}).share is None
