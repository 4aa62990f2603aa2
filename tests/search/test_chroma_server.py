"""The same index on a Chroma server started for real."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import SetupError
from app.search.entries import BankEntries, Entries
from app.search.entry_vectors import SyncReport
from app.search.index import QuestionIndex
from app.search.service import search
from app.settings import Settings
from evals.servers.chroma import chroma_server
from tests.banks.bank_files import bank_data
from tests.search.conftest import CountingEmbedder

pytestmark = pytest.mark.chroma_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A Chroma server's address and process."""
    with chroma_server(tmp_path / "server") as started:
        yield started


def library(*texts: str) -> BankLibrary:
    return BankLibrary({"a": Bank.model_validate(bank_data("a", {"s": list(texts)}))})


def stored(index: QuestionIndex, library: BankLibrary) -> set[int]:
    """The keys of those questions of a library whose vectors are on the server."""
    entries = Entries([BankEntries.of(bank) for bank in library.banks.values()])
    return set(index.vectors("questions", entries.keys["questions"].tolist()))


def test_what_nobody_needs_is_removed_after_a_day_unless_it_is_needed_again(
    settings: Settings,
    embedder: CountingEmbedder,
    server: tuple[str, "subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_server = settings.model_copy(update={"chroma_url": server[0]})
    index = QuestionIndex(at_server, embedder)
    both, one = library("客户骂人怎么办", "和同事意见不合"), library("客户骂人怎么办")
    index.sync(both)
    assert index.sync(one).removed == 3
    assert index.sync(one) == SyncReport(kept=3)
    assert len(stored(index, both)) == 2
    embedder.passages.clear()
    assert index.sync(both) == SyncReport(kept=6)
    assert embedder.passages == []
    index.sync(one)
    monkeypatch.setattr("app.search.entry_vectors.GRACE_SECONDS", -1)
    other = QuestionIndex(at_server, embedder)
    other.sync(one)
    assert len(stored(index, both)) == 1
    # The first process thought them stored.
    assert index.sync(both).added == 3
    assert len(stored(index, both)) == 2
    index.close()
    other.close()


def test_two_installations_on_one_server_leave_each_others_entries_alone(
    settings: Settings,
    embedder: CountingEmbedder,
    server: tuple[str, "subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.search.entry_vectors.GRACE_SECONDS", -1)
    here, there = (
        QuestionIndex(
            settings.model_copy(
                update={
                    "chroma_url": server[0],
                    "chroma_collection": name,
                    "data_dir": settings.data_dir / name,
                }
            ),
            embedder,
        )
        for name in ("here", "there")
    )
    mine, theirs = library("客户骂人怎么办"), library("和同事意见不合")
    assert here.sync(mine).added == 3
    assert there.sync(theirs) == SyncReport(added=3)
    there.sync(BankLibrary({}))
    assert len(stored(here, mine)) == 1
    assert here.sync(mine) == SyncReport(kept=3)
    here.close()
    there.close()


async def test_a_server_serves_several_processes_and_keeps_the_index(
    settings: Settings,
    embedder: CountingEmbedder,
    server: tuple[str, "subprocess.Popen[bytes]"],
    caplog: pytest.LogCaptureFixture,
) -> None:
    url, process = server
    at_server = settings.model_copy(update={"chroma_url": url})
    first, second = (QuestionIndex(at_server, embedder) for _ in range(2))
    banks = library("客户骂人怎么办", "和同事意见不合", "客户突然不回消息")
    assert first.sync(banks) == SyncReport(added=9)
    assert second.sync(banks) == SyncReport(kept=9)
    for index in (first, second):
        assert (await search(index, "被客户辱骂", 1, bank="a"))[0].question_id == "a-s-1"
    assert second.sync(library("客户骂人怎么办")).removed == 6
    assert not (settings.data_dir / "chroma").exists()
    # The other process has not synced since and finds what it always did.
    assert len(stored(first, banks)) == 3
    assert (await search(first, "同事", 1))[0].question_id == "a-s-2"

    process.kill()
    process.wait()
    with pytest.raises(SetupError, match=url):
        first.sync(banks)
    assert (await search(first, "骂人", 1))[0].question_id == "a-s-1"
    assert "words alone" in caplog.text
    first.close()
    second.close()
