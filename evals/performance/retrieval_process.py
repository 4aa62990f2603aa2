"""One process that indexes and searches generated banks, so that its time and memory are its own.

Prints one JSON object: what `retrieval.py` puts into its table.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np

from app.banks.library import BankLibrary
from app.search.index import QuestionIndex
from app.search.service import search, search_points
from app.settings import Settings
from evals.performance.generated_banks import Sentences, StandInEmbedder, generated_library

QUERIES = 200
NEAREST = 10

Search = Callable[[int], Awaitable[Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=int)
    parser.add_argument("--url")
    parser.add_argument("--restart", action="store_true", help="only open what an earlier process left")
    given = parser.parse_args()
    settings = Settings(_env_file=None, data_dir=given.folder, chroma_url=given.url)
    library = generated_library(given.questions)
    base = peak_bytes(os.getpid())
    index = QuestionIndex(settings, StandInEmbedder())
    started = time.perf_counter()
    report = index.sync(library)
    figures: dict[str, Any] = {"library_bytes": base, "sync_seconds": time.perf_counter() - started}
    figures["entries"] = report.added + report.kept
    figures["added"] = report.added
    if not given.restart:
        asyncio.run(_measure(index, figures))
        figures["change_seconds"] = _change(index, library)
        _nearest(index, given.folder / "nearest.npz", figures)
    figures["peak_bytes"] = peak_bytes(os.getpid())
    index.close()
    json.dump(figures, sys.stdout)


def peak_bytes(process: int) -> int:
    """The most memory a process was resident with."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def queries() -> list[str]:
    """Queries on the topics of the generated questions, none of them a question's own text."""
    sentences = Sentences(seed=2)
    return [sentences.text() for _ in range(QUERIES)]


async def _measure(index: QuestionIndex, figures: dict[str, Any]) -> None:
    texts = queries()
    banks = len(index.corpus().entries.banks)
    long = ["".join(texts[(number + offset) % QUERIES] for offset in range(20)) for number in range(QUERIES)]
    searches: dict[str, Search] = {
        "no filter": lambda n: search(index, texts[n]),
        "one bank, its first searches": lambda n: search(index, texts[n], bank=f"bank-{n % banks}"),
        "one bank, later searches": lambda n: search(index, texts[n], bank=f"bank-{n % banks}"),
        "kind and difficulty": lambda n: search(index, texts[n], kind="situational", difficulty="hard"),
        "language": lambda n: search(index, texts[n], language="en"),
        "competency, 50 excluded": lambda n: search(
            index, texts[n], competency="calm", exclude=[f"bank-0-{place}" for place in range(50)]
        ),
        "diverse": lambda n: search(index, texts[n], diverse=0.3),
        "a long query": lambda n: search(index, long[n]),
        "points of one question": lambda n: search_points(index, texts[n], 3, question_id=f"bank-0-{n}"),
    }
    await search(index, texts[0])
    figures["searches"] = {}
    for name, each in searches.items():
        seconds = []
        for number in range(min(QUERIES, banks) if "first" in name else QUERIES):
            started = time.perf_counter()
            found = await each(number)
            seconds.append(time.perf_counter() - started)
            if len(found) < 3:
                raise RuntimeError(f"{name}: only {len(found)} found")
        figures["searches"][name] = [float(np.percentile(seconds, share)) for share in (50, 95)]


def _change(index: QuestionIndex, library: BankLibrary) -> float:
    """Seconds of the sync after one question's text has changed."""
    banks = dict(library.banks)
    bank = banks["bank-0"]
    first = bank.sections[0]
    changed = first.questions[0].model_copy(update={"text": f"{first.questions[0].text} 新"})
    section = first.model_copy(update={"questions": [changed, *first.questions[1:]]})
    banks["bank-0"] = bank.model_copy(update={"sections": [section, *bank.sections[1:]]})
    started = time.perf_counter()
    report = index.sync(BankLibrary(banks))
    seconds = time.perf_counter() - started
    if (report.replaced, report.added, report.removed) != (1, 0, 0):
        raise RuntimeError(f"one question was changed, but {report}")
    index.sync(library)
    return seconds


def _nearest(index: QuestionIndex, file: Path, figures: dict[str, Any]) -> None:
    """Chroma alone: its time, and what it found, to be compared with all vectors."""
    vectors = StandInEmbedder().embed_queries(queries())
    seconds, found = [], []
    for vector in vectors:
        started = time.perf_counter()
        (near,) = index.nearest("questions", vector[None], NEAREST)
        seconds.append(time.perf_counter() - started)
        found.append(list(near))
    np.savez(file, found=np.array(found, dtype=np.uint64))
    figures["chroma"] = [float(np.percentile(seconds, share)) for share in (50, 95)]


if __name__ == "__main__":
    main()
