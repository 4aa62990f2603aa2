"""`make performance`: speed and memory beside their targets, each a figure of this run on this machine."""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.settings import get_settings
from evals.performance import latency, retrieval
from evals.performance.row import Row
from evals.performance.scoring import seconds_per_reply
from evals.performance.service import ServiceProcess
from evals.servers.endpoint import FakeEndpoint


def main() -> int:
    """Print the table; returns 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-model", action="store_true", help="leave the embedded model out")
    parser.add_argument("--without-scale", action="store_true", help="leave 100,000 questions out")
    given = parser.parse_args()
    missed = 0
    for row in _rows(with_model=not given.without_model, with_scale=not given.without_scale):
        print(row, flush=True)
        missed += row.missed
    return 1 if missed else 0


def _rows(with_model: bool, with_scale: bool) -> Iterator[Row]:
    yield Row("interviewer --help, median of 5", _help_seconds(), "s", 0.7)
    with tempfile.TemporaryDirectory() as folder, FakeEndpoint() as endpoint:
        environment = {
            "INTERVIEWER_LLM_BASE_URL": endpoint.base_url,
            "INTERVIEWER_LLM_API_KEY": "performance",
            "INTERVIEWER_LLM_MODEL": "fake",
            "INTERVIEWER_JUDGE_REPEATS": "0",  # its verdicts have no evidence, so each would be asked thrice
        }
        with ServiceProcess(Path(folder), environment) as first:
            yield Row("service resident, first start", first.resident_bytes() / 1e6, "MB", 350)
        with ServiceProcess(Path(folder), environment) as service:
            yield Row("restart to ready, without the model", service.seconds_to_ready, "s", 5.0)
            measured = asyncio.run(latency.measure(service, endpoint))
            yield Row(
                "reply accepted → first character, our own share",
                measured.own_share * 1000,
                "ms",
                50,
                f"median of {measured.turns}: service {measured.service * 1000:.0f} ms, "
                f"the same calls straight {measured.straight * 1000:.0f} ms",
            )
            yield Row("service resident, after those interviews", service.resident_bytes() / 1e6, "MB", 350)
    if with_model:
        unprepared, prepared = seconds_per_reply(get_settings())
        for what, seconds in (("", unprepared), (", prepared for", prepared)):
            yield Row(
                f"scoring six points, embedded model{what}",
                statistics.median(seconds),
                "s",
                10,
                f"median of {len(seconds)}",
            )
    if with_scale:
        yield from retrieval.rows(retrieval.QUESTIONS)


def _help_seconds() -> float:
    def once() -> float:
        started = time.perf_counter()
        command = [sys.executable, "-c", "from app.cli import main; main()", "--help"]
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(5))


if __name__ == "__main__":
    sys.exit(main())
