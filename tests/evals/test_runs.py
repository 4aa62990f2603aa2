import json
from pathlib import Path

import pytest

from app.errors import SetupError
from app.llm.base import Usage
from evals.reporting.thresholds import Verdict
from evals.results import Plot, SuiteResult, Table
from evals.runs import FIGURES, Run, latest_run, run_named

RESULT = SuiteResult(
    figures={"agreement.kappa": 0.5},
    tables=[Table("t", ("a", "b"), [["x", 1.0]])],
    plots=[Plot("p", "<svg/>")],
    rows=[{"id": "1", "score": None}],
    not_scored=1,
)
JUDGE = {"zh": {"model": "m"}}


def _begun(folder: Path, limit: int | None = None) -> Run:
    run = Run(folder)
    run.begin(JUDGE, "m", limit)
    return run


def test_a_finished_suite_is_found_again_by_whoever_goes_on(tmp_path: Path) -> None:
    usage = [Usage("judge", "m", "h", prompt_tokens=10, cached_tokens=4)] * 2
    _begun(tmp_path / "a").keep("agreement", RESULT, 1.25, usage)
    again = _begun(tmp_path / "a")
    assert again.finished(["review", "agreement"]) == {"agreement": RESULT}
    cost = again.provenance(["agreement"])["cost"]["agreement"]
    assert (cost["calls"], cost["prompt_tokens"], cost["cached_tokens"]) == (2, 20, 8)


@pytest.mark.parametrize(("judge", "limit"), [({"zh": {"model": "other"}}, None), (JUDGE, 5)])
def test_a_run_does_not_go_on_with_another_judge_or_sample(
    tmp_path: Path, judge: dict[str, dict[str, str]], limit: int | None
) -> None:
    _begun(tmp_path / "a")
    with pytest.raises(SetupError, match="begun with another"):
        Run(tmp_path / "a").begin(judge, "m", limit)


def test_a_run_writes_everything_a_reader_may_open(tmp_path: Path) -> None:
    run = _begun(tmp_path / "a")
    run.keep("agreement", RESULT, 0, [])
    run.write(["agreement"], [Verdict("agreement.kappa", 0.5, "≥ 0.6", False)])
    written = {path.name for path in run.folder.iterdir() if path.is_file()}
    assert written == {
        FIGURES,
        "run.json",
        "samples.jsonl",
        "samples.csv",
        "inspect.json",
        "report.html",
    }
    figures = json.loads((run.folder / FIGURES).read_text(encoding="utf-8"))
    assert figures["figures"] == {"agreement.kappa": 0.5}
    assert figures["thresholds"][0]["passed"] is False
    assert figures["provenance"]["judge"] == JUDGE
    assert all(len(digest) == 64 for digest in figures["provenance"]["datasets"].values())


def test_the_latest_run_is_the_one_begun_last(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no run"):
        latest_run(tmp_path)
    for name, started in (("b", "2026-01-02"), ("a", "2026-01-03")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(json.dumps({"started": started}))
    assert latest_run(tmp_path).name == "a"
    assert run_named("a", tmp_path).folder == tmp_path / "a"
