"""`python -m evals record`: a run's judgements as the recording that CI replays."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.errors import SetupError
from evals import recording
from evals.bench import JUDGEMENTS
from evals.runs import REPORTS, latest_run, run_named

RECORDINGS = Path(__file__).parent / "recordings"
SUITES = ("agreement", "review", "naive", "invariance", "attacks")  # those whose judgements are replayed


def main(arguments: Sequence[str]) -> int:
    """Copy the judgements, sorted; the same judgements give the same file."""
    parser = argparse.ArgumentParser(prog="python -m evals record", description=__doc__)
    parser.add_argument("--run", metavar="NAME", help="the run to copy; left out: the latest")
    parser.add_argument("--output", type=Path, help="default: evals/recordings/<model>.jsonl.gz")
    parser.add_argument("--reports", type=Path, default=REPORTS, help="the folder of runs")
    given = parser.parse_args(arguments)
    run = run_named(given.run, given.reports) if given.run else latest_run(given.reports)
    source = run.folder / JUDGEMENTS
    if not source.exists():
        raise SetupError(f"run {run.name} holds no judgements", hint="Make them with: make evals")
    output = given.output or recording_of(str(run.made_with["model"]))
    lines = [line for line in recording.read_lines(source) if line.get("suite") in SUITES]
    made = {name: run.made_with.get(name) for name in ("model", "judge", "datasets")}
    print(f"{recording.write(output, lines, made)} judgements: {output}")
    return 0


def recording_of(model: str, folder: Path = RECORDINGS) -> Path:
    """Where the recording of a model lies; `model` as in a judge's identity, `name.gguf@sha256:…`."""
    plain = model.partition("@")[0].removesuffix(".gguf")
    return folder / f"{''.join(c if c.isalnum() or c in '.-_' else '-' for c in plain)}.jsonl.gz"
