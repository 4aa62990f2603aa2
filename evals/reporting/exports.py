"""A run's samples for other programs: JSON Lines, a spreadsheet, and a log that Inspect's viewer opens."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from evals.results import Row, SuiteResult

# A cell that begins so would be run as a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def samples_jsonl(results: Mapping[str, SuiteResult]) -> str:
    """One sample a line, with its suite."""
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in _rows(results))


def samples_csv(results: Mapping[str, SuiteResult]) -> str:
    """One line a sample, or one a rubric point where a sample has `points`; begins with a byte order mark.

    Text that a spreadsheet would take for a formula is made text by an apostrophe.
    """
    lines = [line for row in _rows(results) for line in _lines(row)]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    out = StringIO()
    out.write("\ufeff")  # without it, spreadsheets take UTF-8 for something else
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([_cell(name) for name in columns])
    table.writerows([_cell(line.get(name)) for name in columns] for line in lines)
    return out.getvalue()


def inspect_log(
    run: str, results: Mapping[str, SuiteResult], provenance: Mapping[str, Any], made: str
) -> dict[str, Any]:
    """The run as an `EvalLog`, version 2, of Inspect (UK AI Security Institute), whose viewer opens it.

    Every row is a sample, every suite a scorer; a row without a score is a sample without scores. `made` is
    an ISO 8601 time with its zone.
    """
    model = f"interviewer/{provenance.get('model', 'unknown')}"
    samples = [_sample(suite, row, model) for suite, result in results.items() for row in result.rows]
    return {
        "version": 2,
        "status": "success",
        "eval": {
            "eval_id": _id(run),
            "run_id": _id(f"run {run}"),
            "created": made,
            "task": "interviewer-evals",
            "task_id": _id(f"task {run}"),
            "task_version": 0,
            "dataset": {
                "name": "evals/datasets",
                "samples": len(samples),
                "sample_ids": [sample["id"] for sample in samples],
                "shuffled": False,
            },
            "model": model,
            "config": {},
            "packages": {},
            "metadata": json.loads(json.dumps(dict(provenance), default=str)),
        },
        "plan": {"name": "plan", "steps": [], "config": {}},
        "results": {
            "total_samples": len(samples),
            "completed_samples": len(samples),
            "scores": [_scores(suite, result) for suite, result in results.items()],
        },
        "stats": {"started_at": made, "completed_at": made, "model_usage": {}},
        "samples": samples,
    }


def _rows(results: Mapping[str, SuiteResult]) -> Iterable[Row]:
    return ({"suite": suite, **row} for suite, result in results.items() for row in result.rows)


def _lines(row: Row) -> Sequence[Row]:
    points = row.get("points")
    if not isinstance(points, list) or not points or not all(isinstance(point, dict) for point in points):
        return [row]
    shared = {name: value for name, value in row.items() if name != "points"}
    return [shared | {f"point_{name}": value for name, value in point.items()} for point in points]


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sample(suite: str, row: Row, model: str) -> dict[str, Any]:
    output = _plain(row.get("output"))
    score = row.get("score")
    known = {"id", "input", "output", "target", "score"}
    value = {"value": score, "answer": output, "explanation": row.get("reason")}
    return {
        "id": f"{suite}/{row['id']}",
        "epoch": 1,
        "input": str(row.get("input", "")),
        "target": _plain(row.get("target")),
        "messages": [],
        "output": {
            "model": model,
            "choices": [
                {
                    "message": {"role": "assistant", "content": output, "source": "generate"},
                    "stop_reason": "stop",
                }
            ],
        },
        "scores": {} if score is None else {suite: value},
        "metadata": {name: value for name, value in row.items() if name not in known},
        "store": {},
        "events": [],
        "model_usage": {},
        "attachments": {},
    }


def _plain(value: Any) -> str:
    """What a viewer shows in one line; credits by point as `p1=1 p2=0.5`."""
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(one)}" for name, one in value.items())
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _scores(suite: str, result: SuiteResult) -> dict[str, Any]:
    figures = {
        name.removeprefix(f"{suite}."): value for name, value in result.figures.items() if value is not None
    }
    unscored = sum(row.get("score") is None for row in result.rows)
    return {
        "name": suite,
        "scorer": suite,
        "scored_samples": len(result.rows) - unscored,
        "unscored_samples": unscored,
        "params": {},
        "metrics": {name: {"name": name, "value": value, "params": {}} for name, value in figures.items()},
    }


def _id(text: str) -> str:
    """22 letters, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:22]
