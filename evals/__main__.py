"""Measures the production scorer: `python -m evals [SUITE …]`; also `record` and `compare`.

Exit status 0: every threshold met; 1: one is not, or a suite broke; 3: something could not be scored.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from app.errors import AppError
from app.settings import Settings, get_settings
from evals import compare
from evals.bench import open_bench
from evals.recording import JsonLinesStore, record
from evals.reporting.report import NAME as PAGE
from evals.reporting.report import shown
from evals.reporting.thresholds import Verdict, check, thresholds_for
from evals.runs import REPORTS, Run, figures_of, run_named
from evals.suites import EVERY, NAMED_ONLY, NAMES, suite

PASSED, FAILED, NOT_SCORED = 0, 1, 3
COMMANDS = {"record": record, "compare": compare.main}


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; the exit status."""
    try:
        if arguments and arguments[0] in COMMANDS:
            return COMMANDS[arguments[0]](arguments[1:])
        return _measure(_parser().parse_args(arguments))
    except AppError as error:
        print(f"{error.detail}\n{error.hint}".strip(), file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument(
        "suites",
        nargs="*",
        metavar="SUITE",
        help=f"of {', '.join(EVERY)}; none: all but {', '.join(NAMED_ONLY)}",
    )
    parser.add_argument("--limit", type=int, help="so many samples a suite; thresholds are then not held")
    parser.add_argument("--run", metavar="NAME", help="begin a run of this name, or go on with it")
    parser.add_argument("--reports", type=Path, default=REPORTS, help="the folder of runs")
    return parser


def _measure(given: argparse.Namespace) -> int:
    unknown = [name for name in given.suites if name not in EVERY]
    if unknown:
        _parser().error(f"no suite {', '.join(unknown)}; there are {', '.join(EVERY)}")
    if given.limit is not None and given.limit < 1:
        _parser().error("--limit must be 1 or more")
    settings, run = get_settings(), run_named(given.run, given.reports)
    try:
        asyncio.run(_run(settings, run, given.suites, given.limit))
    except KeyboardInterrupt:
        print(f"\nstopped; go on with: python -m evals --run {run.name}", file=sys.stderr)
        return FAILED
    finally:
        verdicts = _write(settings, run)
    return _status(run, verdicts, limited=given.limit is not None)


async def _run(settings: Settings, run: Run, named: Sequence[str], limit: int | None) -> None:
    """The suites named, again; or, when none is, those that the run has not finished."""
    async with open_bench(settings, run.folder, limit) as bench:
        run.begin({code: bench.identity(code) for code in ("zh", "en")}, bench.llm.model, limit)
        done = set() if named else set(run.finished(NAMES))
        for name in EVERY if named else NAMES:
            if name in done or (named and name not in named):
                continue
            if isinstance(bench.store, JsonLinesStore):
                bench.store.suite = name
            started, calls = time.monotonic(), len(bench.usage)
            result = await suite(name).run(bench)
            run.keep(name, result, time.monotonic() - started, bench.usage[calls:])


def _write(settings: Settings, run: Run) -> list[Verdict]:
    if not run.made_with:
        return []
    results = run.finished(EVERY)
    verdicts = check(thresholds_for(settings), figures_of(results), results)
    run.write(EVERY, verdicts)
    return verdicts


def _status(run: Run, verdicts: Sequence[Verdict], *, limited: bool) -> int:
    results = run.finished(EVERY)
    for name, value in figures_of(results).items():
        print(f"{name:<44} {shown(value):>10}")
    for verdict in verdicts:
        mark = "pass" if verdict.passed else "FAIL"
        print(f"{mark}  {verdict.name:<38} {shown(verdict.figure):>10}  {verdict.bound}")
    not_scored = {name: result.not_scored for name, result in results.items() if result.not_scored}
    for name, count in not_scored.items():
        print(f"NOT SCORED: {count} samples of {name}")
    print(f"report: {_short(run.folder / PAGE)}")
    if limited:
        print("a limited run: thresholds are shown, not held")
    elif not all(verdict.passed for verdict in verdicts):
        return FAILED
    return NOT_SCORED if not_scored else PASSED


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
