import csv
import json
from io import StringIO

import pytest

from evals.reporting import exports
from evals.results import SuiteResult

POINTS = [{"id": "p1", "credit": 1.0}, {"id": "p2", "credit": 0.5}]
RESULTS = {
    "agreement": SuiteResult(
        figures={"agreement.kappa": 0.5, "agreement.qwk": None},
        rows=[
            {
                "id": "a",
                "input": "问\n\n答",
                "output": "p1=1",
                "target": "p1=1",
                "score": 6.0,
                "points": POINTS,
            },
            {"id": "b", "input": "问", "score": None, "reason": "llm-error: no", "points": []},
        ],
    ),
    "attacks": SuiteResult(rows=[{"id": "a", "output": {"p1": 0.5, "p2": 1.0}, "score": 0.0}]),
}


def _table() -> list[dict[str, str]]:
    text = exports.samples_csv(RESULTS)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_spreadsheet_has_a_line_a_point() -> None:
    lines = _table()
    assert [(line["suite"], line["id"], line["point_id"]) for line in lines] == [
        ("agreement", "a", "p1"),
        ("agreement", "a", "p2"),
        ("agreement", "b", ""),
        ("attacks", "a", ""),
    ]
    assert lines[0]["input"] == "问\n\n答"
    assert lines[3]["output"] == '{"p1": 0.5, "p2": 1.0}'


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_what_a_spreadsheet_would_run_stays_text(formula: str) -> None:
    text = exports.samples_csv(
        {"attacks": SuiteResult(rows=[{"id": formula, "input": formula, "score": -1}])}
    )
    line = next(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert line["id"] == line["input"] == f"'{formula}"
    assert line["score"] == "-1"


def test_samples_are_lines_with_their_suite() -> None:
    lines = [json.loads(line) for line in exports.samples_jsonl(RESULTS).splitlines()]
    assert [(line["suite"], line["id"]) for line in lines] == [
        ("agreement", "a"),
        ("agreement", "b"),
        ("attacks", "a"),
    ]
    assert lines[0]["points"] == POINTS


def test_the_log_has_a_sample_a_row_and_no_score_where_there_is_none() -> None:
    made = "2026-11-22T00:00:00+00:00"
    log = json.loads(json.dumps(exports.inspect_log("run", RESULTS, {"model": "m"}, made)))
    assert (log["version"], log["status"], log["eval"]["model"]) == (2, "success", "interviewer/m")
    assert [sample["id"] for sample in log["samples"]] == ["agreement/a", "agreement/b", "attacks/a"]
    assert log["samples"][0]["scores"]["agreement"]["value"] == 6.0
    assert log["samples"][0]["output"]["choices"][0]["message"]["content"] == "p1=1"
    assert log["samples"][1]["scores"] == {}
    assert log["samples"][2]["output"]["choices"][0]["message"]["content"] == "p1=0.5 p2=1"
    agreement = log["results"]["scores"][0]
    assert (agreement["scored_samples"], agreement["unscored_samples"]) == (1, 1)
    assert agreement["metrics"] == {"kappa": {"name": "kappa", "value": 0.5, "params": {}}}
    assert log["eval"]["dataset"]["sample_ids"] == [sample["id"] for sample in log["samples"]]
