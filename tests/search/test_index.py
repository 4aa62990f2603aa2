import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import ConflictError, LLMUnavailableError, SetupError
from app.search.entries import BankEntries, Entries
from app.search.entry_vectors import SyncReport
from app.search.index import QuestionIndex
from app.search.service import search
from app.settings import Settings
from tests.banks.bank_files import bank_data
from tests.search.conftest import CountingEmbedder

Open = Callable[..., QuestionIndex]

TEXTS = {"s": ["客户骂人怎么办", "客户突然不回消息"], "t": ["和同事意见不合"]}


def stored(index: QuestionIndex, library: BankLibrary) -> set[str]:
    """The ids of those questions of a library whose vectors are in the index."""
    entries = Entries([BankEntries.of(bank) for bank in library.banks.values()])
    keys = entries.keys["questions"].tolist()
    found = index.vectors("questions", keys)
    return {entries.question_at(position).question.id for position, key in enumerate(keys) if key in found}


def library(sections: dict[str, list[str]] | None = None) -> BankLibrary:
    bank = Bank.model_validate(bank_data("a", TEXTS if sections is None else sections))
    return BankLibrary({"a": bank})


def test_a_first_sync_embeds_every_question_and_point_once(
    open_index: Open, embedder: CountingEmbedder
) -> None:
    seen: list[tuple[int, int]] = []
    report = open_index().sync(library(), lambda written, total: seen.append((written, total)))
    assert report == SyncReport(added=9)
    assert len(embedder.passages) == 9
    assert seen[-1] == (9, 9)


def test_a_sync_without_changes_embeds_nothing(open_index: Open, embedder: CountingEmbedder) -> None:
    index = open_index()
    index.sync(library())
    embedder.passages.clear()
    assert index.sync(library()) == SyncReport(kept=9)
    assert embedder.passages == []


def test_only_what_changed_is_written_again(open_index: Open, embedder: CountingEmbedder) -> None:
    index = open_index()
    index.sync(library())
    embedder.passages.clear()
    changed = library({"s": ["客户骂人怎么办", "客户一直不付款", "客户要求退货"]})
    report = index.sync(changed)
    assert report == SyncReport(added=3, replaced=3, removed=3, kept=3)
    assert len(embedder.passages) == 6
    assert stored(index, library()) == {"a-s-1"}
    assert stored(index, changed) == {"a-s-1", "a-s-2", "a-s-3"}


async def test_filters_see_a_moved_question_where_it_is_now_and_nothing_is_embedded_again(
    open_index: Open, embedder: CountingEmbedder
) -> None:
    index = open_index()
    bank = bank_data("a", TEXTS)
    index.sync(BankLibrary({"a": Bank.model_validate(bank)}))
    embedder.passages.clear()
    bank["sections"][1]["id"] = "u"
    assert index.sync(BankLibrary({"a": Bank.model_validate(bank)})) == SyncReport(kept=9)
    assert embedder.passages == []
    assert [hit.question_id for hit in await search(index, "同事", section="u")] == ["a-t-1"]
    assert await search(index, "同事", section="t") == []


async def test_the_same_question_in_two_banks_is_embedded_once_and_found_in_both(
    open_index: Open, embedder: CountingEmbedder
) -> None:
    index = open_index()
    twin = bank_data("b", {})
    twin["sections"] = bank_data("a", {"s": TEXTS["s"]})["sections"]
    for question in twin["sections"][0]["questions"]:
        question["id"] = question["id"].replace("a-", "b-")
    banks = {"a": library().banks["a"], "b": Bank.model_validate(twin)}
    assert index.sync(BankLibrary(banks)).added == 15
    assert len(embedder.passages) == 9
    found = {hit.question_id for hit in await search(index, TEXTS["s"][0], 2)}
    assert found == {"a-s-1", "b-s-1"}
    index.sync(library())
    assert stored(index, library()) == {"a-s-1", "a-s-2", "a-t-1"}


async def test_a_restart_keeps_what_was_indexed(open_index: Open, embedder: CountingEmbedder) -> None:
    first = open_index()
    first.sync(library())
    first.close()
    embedder.passages.clear()
    again = open_index()
    assert again.sync(library()) == SyncReport(kept=9)
    assert embedder.passages == []
    assert (await search(again, "被客户辱骂", 1))[0].question_id == "a-s-1"


def test_another_embedding_rebuilds_and_the_old_vectors_are_dropped(
    open_index: Open, embedder: CountingEmbedder
) -> None:
    first = open_index()
    first.sync(library())
    first.close()
    other = CountingEmbedder(embedder.inner, name="another/1")
    second = open_index(other)
    assert second.sync(library()).added == 9
    assert len(other.passages) == 9
    second.close()
    assert open_index(embedder).sync(library()).added == 9


def test_a_sync_cut_short_is_finished_by_the_next(
    open_index: Open, embedder: CountingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.search.entry_batches.BATCH", 3)
    monkeypatch.setattr("app.search.entry_vectors.WRITTEN_AT_ONCE", 3)

    class Failing(CountingEmbedder):
        def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
            if len(self.passages) >= 6:
                raise LLMUnavailableError("gone")
            return super().embed_passages(texts)

    index = open_index(Failing(embedder.inner))
    with pytest.raises(LLMUnavailableError):
        index.sync(library())
    index.close()
    assert open_index().sync(library()) == SyncReport(added=3, kept=6)


async def test_words_are_found_while_the_vectors_are_missing(
    open_index: Open, embedder: CountingEmbedder
) -> None:
    class Gone(CountingEmbedder):
        def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
            raise LLMUnavailableError("gone")

        embed_queries = embed_passages

    index = open_index(Gone(embedder.inner))
    with pytest.raises(LLMUnavailableError):
        index.sync(library())
    assert (await search(index, "骂人"))[0].question_id == "a-s-1"


def test_an_index_that_was_never_synced_says_so(open_index: Open) -> None:
    with pytest.raises(ConflictError, match="not built yet"):
        open_index().corpus()


def test_an_empty_library_empties_the_index(open_index: Open) -> None:
    index = open_index()
    index.sync(library())
    assert index.sync(BankLibrary({})) == SyncReport(removed=9)


def test_a_damaged_index_is_set_aside_and_rebuilt_and_the_report_says_so(
    open_index: Open, settings: Settings
) -> None:
    first = open_index()
    first.sync(library())
    first.close()
    (settings.data_dir / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    report = open_index().sync(library())
    assert report.added == 9
    (notice,) = report.notices
    (aside,) = settings.data_dir.glob("chroma-unreadable-*")
    assert str(aside) in notice


def test_damaged_tables_are_found_at_the_first_sync(open_index: Open, settings: Settings) -> None:
    first = open_index()
    first.sync(library())
    first.close()
    with sqlite3.connect(settings.data_dir / "chroma" / "chroma.sqlite3") as database:
        database.execute("DROP TABLE embedding_metadata")
    database.close()
    report = open_index().sync(library())
    assert report.added == 9
    assert len(report.notices) == 1


def test_a_data_folder_that_cannot_be_written_is_named(
    open_index: Open, settings: Settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    index = open_index(settings=settings.model_copy(update={"data_dir": blocked}))
    with pytest.raises(SetupError, match="can't be written") as caught:
        index.sync(library())
    assert "INTERVIEWER_DATA_DIR" in caught.value.hint


def test_an_embedder_that_cannot_start_leaves_the_index_alone(
    open_index: Open, settings: Settings, embedder: CountingEmbedder
) -> None:
    class Broken(CountingEmbedder):
        def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
            raise SetupError("the package is damaged")

    with pytest.raises(SetupError, match="the package is damaged"):
        open_index(Broken(embedder.inner)).sync(library())
    assert not list(settings.data_dir.glob("chroma-unreadable-*"))


class ManyTexts:
    """Cheap vectors, so that a thousand of them are made at once."""

    name = "many/1"
    dimension = 64

    def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
        seeds = [int.from_bytes(text.encode()[-6:], "big") for text in texts]
        return np.stack([np.random.default_rng(seed).normal(size=64) for seed in seeds]).astype(np.float32)

    embed_queries = embed_passages


def many() -> BankLibrary:
    """Enough questions for Chroma to write its vectors to files."""
    return library({"s": [f"question {number}" for number in range(1100)]})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which Chroma has written vector files."""
    folder = tmp_path_factory.mktemp("written")
    index = QuestionIndex(Settings(_env_file=None, data_dir=folder), ManyTexts())
    index.sync(many())
    index.close()
    return folder


@pytest.mark.parametrize(
    "file", ["data_level0.bin", "length.bin", "header.bin", "index_metadata.pickle", "chroma.sqlite3"]
)
async def test_a_file_cut_short_by_a_power_failure_leads_to_a_rebuild(
    open_index: Open, settings: Settings, written: Path, file: str
) -> None:
    shutil.copytree(written, settings.data_dir)
    found = list(settings.data_dir.rglob(file))
    assert found
    for cut in found:
        cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 3])
    again = open_index(ManyTexts())
    report = again.sync(many())
    assert report.added == 3300
    assert len(report.notices) == 1
    assert len(await search(again, "question", 20)) == 20


def test_whole_vector_files_are_kept(open_index: Open, settings: Settings, written: Path) -> None:
    shutil.copytree(written, settings.data_dir)
    assert open_index(ManyTexts()).sync(many()) == SyncReport(kept=3300)
