"""A sync that is killed, and searches that run beside one."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import LLMUnavailableError
from app.search.entry_vectors import SyncReport
from app.search.index import QuestionIndex
from app.search.service import search
from app.settings import Settings
from tests.banks.bank_files import bank_data

Open = Callable[..., QuestionIndex]

KILLED = """
import sys, time
from pathlib import Path
from app.search import entry_vectors
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.search.test_sync import HashEmbedder, numbered

entry_vectors.WRITTEN_AT_ONCE = 100

class Slow(HashEmbedder):
    def embed_passages(self, texts):
        time.sleep(0.02)
        return super().embed_passages(texts)

index = QuestionIndex(Settings(_env_file=None, data_dir=Path(sys.argv[1])), Slow())
left = int(sys.argv[2])

def progressed(written, total):
    global left
    print(written, flush=True)
    left -= 1
    if not left:
        time.sleep(600)

index.sync(numbered(2000), progressed)
"""


class HashEmbedder:
    """Cheap vectors, the same for the same text."""

    name = "hash/1"
    dimension = 32

    def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
        rows = [np.random.default_rng(list(text.encode())).normal(size=32) for text in texts]
        vectors = np.stack(rows)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    embed_queries = embed_passages


def numbered(count: int, word: str = "question") -> BankLibrary:
    texts = [f"{word} {number}" for number in range(count)]
    return BankLibrary({"a": Bank.model_validate(bank_data("a", {"s": texts}))})


def written_before_the_kill(data_dir: Path, after: int) -> int:
    """Kills a sync in another process after so many writes; how many vectors it had written."""
    # It is killed while it writes on, but never gets to the end.
    command = [sys.executable, "-c", KILLED, str(data_dir), str(after + 5)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            written = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        return written


@pytest.mark.parametrize("after", [1, 20])
async def test_a_sync_killed_at_any_moment_is_finished_by_the_next_one(
    settings: Settings, open_index: Open, after: int
) -> None:
    written = await asyncio.to_thread(written_before_the_kill, settings.data_dir, after)
    index = open_index(HashEmbedder())
    report = index.sync(numbered(2000))
    assert report.notices == ()
    assert report.kept >= written
    assert report.added == 6000 - report.kept
    assert report.added > 0
    hits = await search(index, "question 1234", 3)
    assert hits[0].text == "question 1234"
    assert index.sync(numbered(2000)) == SyncReport(kept=6000)


async def test_searches_beside_a_sync_see_the_old_questions_or_the_new_ones_never_both(
    open_index: Open,
) -> None:
    index = open_index(HashEmbedder())
    libraries = [numbered(300, "apple"), numbered(300, "plum")]
    index.sync(libraries[0])
    enough = threading.Event()
    syncs = 0

    def swap() -> None:
        nonlocal syncs
        while not enough.is_set():
            syncs += 1
            index.sync(libraries[syncs % 2])

    syncing = asyncio.create_task(asyncio.to_thread(swap))
    seen: set[str] = set()
    searches = 0
    while not syncing.done() and (len(seen) < 2 or searches < 10 or syncs < 4):
        hits = await search(index, "apple plum 7", 20)
        words = {hit.text.split()[0] for hit in hits}
        assert len(words) == 1
        assert len(hits) == 20
        seen |= words
        searches += 1
    enough.set()
    await syncing
    assert seen == {"apple", "plum"}


async def test_the_old_questions_are_searched_on_when_a_sync_fails(open_index: Open) -> None:
    class Failing(HashEmbedder):
        failing = False

        def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
            if self.failing:
                raise LLMUnavailableError("gone")
            return super().embed_passages(texts)

    embedder = Failing()
    index = open_index(embedder)
    index.sync(numbered(20, "apple"))
    embedder.failing = True
    with pytest.raises(LLMUnavailableError):
        index.sync(numbered(20, "plum"))
    assert {hit.text.split()[0] for hit in await search(index, "plum apple 3", 10)} == {"apple"}
    embedder.failing = False
    index.sync(numbered(20, "plum"))
    assert {hit.text.split()[0] for hit in await search(index, "plum apple 3", 10)} == {"plum"}


def test_progress_that_raises_stops_the_sync_and_what_was_written_stays(
    open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.search.entry_vectors.WRITTEN_AT_ONCE", 100)

    class StopError(Exception):
        pass

    def stop(written: int, total: int) -> None:
        raise StopError

    index = open_index(HashEmbedder())
    with pytest.raises(StopError):
        index.sync(numbered(500), stop)
    report = index.sync(numbered(500))
    assert 0 < report.kept < 1500
    assert report.added + report.kept == 1500


def test_one_changed_question_among_thousands_is_embedded_alone(open_index: Open) -> None:
    embedded: list[str] = []

    class Counting(HashEmbedder):
        def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
            embedded.extend(texts)
            return super().embed_passages(texts)

    index = open_index(Counting())
    library = numbered(3000)
    index.sync(library)
    bank = library.banks["a"]
    section = bank.sections[0]
    changed = section.questions[7].model_copy(update={"text": "another one"})
    section = section.model_copy(
        update={"questions": [*section.questions[:7], changed, *section.questions[8:]]}
    )
    newer = BankLibrary({"a": bank.model_copy(update={"sections": [section]})})
    embedded.clear()
    assert index.sync(newer) == SyncReport(replaced=1, kept=8999)
    assert len(embedded) == 3  # the question, and it once more with each of its points
