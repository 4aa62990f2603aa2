"""Judgements kept as JSON Lines: what makes a run resumable, and what CI replays without the model.

A line is `{"key", "suite", "judgements": [{"credit", "confidence", "quotes", "needs_review"}, …]}`; a line
without a key carries provenance and is skipped.
"""

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.errors import SetupError
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from evals.runs import REPORTS, latest_run, run_named

JUDGEMENTS = "judgements.jsonl"
RECORDINGS = Path(__file__).parent / "recordings"
SUITES = ("agreement", "review", "naive", "invariance", "attacks")  # those whose judgements are replayed
STALE = "the recording is stale: run `make evals` and `python -m evals record`"


class StaleRecordingError(Exception):
    """The recording holds no judgement for what the live code asked."""


class JsonLinesStore:
    """A `JudgementStore` in one file, appended to as judgements come; several reads, one writer.

    A file cut short by a killed process loses its last line only. `suite` is written beside what is kept.
    """

    def __init__(self, path: Path, known: Mapping[str, list[Judgement]] | None = None) -> None:
        self._path = path
        self._known = dict(known or {})
        self._known.update(_judgements(path) if path.exists() else {})
        self.suite = ""

    async def get(self, key: str) -> list[Judgement] | None:
        return self._known.get(key)

    async def put(self, key: str, judgements: Sequence[Judgement]) -> None:
        if key in self._known:
            return
        self._known[key] = list(judgements)
        kept = [_stored(judgement) for judgement in judgements]
        append_line(self._path, {"key": key, "suite": self.suite, "judgements": kept})


class RecordedJudge:
    """Stands in for a judge whose judgements were recorded: has its identity, and judges nothing itself.

    Wrapped in a `CachingJudge` over the recording, it is asked only for what is not recorded.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def identity(self, language: str) -> Mapping[str, str]:
        return self._judge.identity(language)

    async def prepare(self, item: Item) -> None:
        """Nothing: there is no model."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        """Always raises `StaleRecordingError`."""
        raise StaleRecordingError(f"{STALE} (no judgement of a reply to {item.question!r})")


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Add a line that a killed process leaves whole or not at all, after whatever one left half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = b"" if _ends_whole(path) else b"\n"
    with path.open("ab") as out:
        out.write(before + json.dumps(line, ensure_ascii=False).encode() + b"\n")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, gzipped if its name ends so; lines that are cut short are left out."""
    raw = path.read_bytes()
    content = gzip.decompress(raw) if path.suffix == ".gz" else raw
    for line in content.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def load(path: Path) -> dict[str, list[Judgement]]:
    """All judgements of a recording by key."""
    return _judgements(path)


def provenance(path: Path) -> dict[str, Any]:
    """What a recording says of how it was made; empty if nothing."""
    return next((dict(line["provenance"]) for line in read_lines(path) if "provenance" in line), {})


def write(path: Path, lines: Iterable[Mapping[str, Any]], made: Mapping[str, Any]) -> int:
    """Write a recording and count its judgements; the same judgements give the same bytes."""
    kept = {str(line["key"]): line for line in lines if "key" in line}
    ordered = [{"provenance": dict(made)}, *(kept[key] for key in sorted(kept))]
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in ordered)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return len(kept)


def record(arguments: Sequence[str]) -> int:
    """`python -m evals record`: copy a run's judgements, sorted; the same ones give the same file."""
    parser = argparse.ArgumentParser(
        prog="python -m evals record", description="Keep a run's judgements as the recording that CI replays."
    )
    parser.add_argument("--run", metavar="NAME", help="the run to copy; left out: the latest")
    parser.add_argument("--output", type=Path, help="default: evals/recordings/<model>.jsonl.gz")
    parser.add_argument("--reports", type=Path, default=REPORTS, help="the folder of runs")
    given = parser.parse_args(arguments)
    run = run_named(given.run, given.reports) if given.run else latest_run(given.reports)
    source = run.folder / JUDGEMENTS
    if not source.exists():
        raise SetupError(f"run {run.name} holds no judgements", hint="Make them with: make evals")
    output = given.output or recording_of(str(run.made_with["model"]))
    lines = [line for line in read_lines(source) if line.get("suite") in SUITES]
    made = {name: run.made_with.get(name) for name in ("model", "judge", "datasets")}
    print(f"{write(output, lines, made)} judgements: {output}")
    return 0


def recording_of(model: str, folder: Path = RECORDINGS) -> Path:
    """Where the recording of a model lies; `model` as in a judge's identity, `name.gguf@sha256:…`."""
    plain = model.partition("@")[0].removesuffix(".gguf")
    return folder / f"{''.join(c if c.isalnum() or c in '.-_' else '-' for c in plain)}.jsonl.gz"


def _judgements(path: Path) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for line in read_lines(path):
        if "key" in line:
            found.setdefault(line["key"], [_judgement(one) for one in line["judgements"]])
    return found


def _stored(judgement: Judgement) -> dict[str, Any]:
    return {name: value for name, value in asdict(judgement).items() if name != "failure"}


def _judgement(stored: Mapping[str, Any]) -> Judgement:
    return Judgement(**{**stored, "quotes": tuple(stored.get("quotes", ()))})


def _ends_whole(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
