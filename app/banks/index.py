"""The index of questions and rubric points: dense vectors in Chroma, words in memory."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.banks.embedding import Embedder
from app.banks.indexed_text import EntryKind, IndexedText, indexed_texts
from app.banks.lexical import LexicalIndex
from app.banks.loader import BankLibrary
from app.banks.vector_store import IndexUnusableError, VectorStore
from app.errors import ConflictError
from app.settings import Settings

BATCH = 32
_HASH = "hash"

Progress = Callable[[int, int], None]
"""Called with the number of texts written so far and the number to write."""


@dataclass(frozen=True)
class SyncReport:
    """How many entries (questions and rubric points) a sync wrote, deleted and left alone."""

    added: int = 0
    removed: int = 0
    kept: int = 0
    replaced: int = 0
    notices: tuple[str, ...] = ()

    def __add__(self, other: "SyncReport") -> "SyncReport":
        return SyncReport(
            self.added + other.added,
            self.removed + other.removed,
            self.kept + other.kept,
            self.replaced + other.replaced,
            (*self.notices, *other.notices),
        )


@dataclass(frozen=True)
class Corpus:
    """The entries of one kind with their lexical ranking and their positions by id."""

    entries: Sequence[IndexedText]
    lexical: LexicalIndex
    positions: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        positions = {entry.id: position for position, entry in enumerate(self.entries)}
        object.__setattr__(self, "positions", positions)


class QuestionIndex:
    """Keeps Chroma in step with the banks. Methods block: call them in a thread from async code.

    Entries are compared by content hash, so a sync that was cut short is finished by the next one. The
    collections are named after the embedder: another embedding fills new ones.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.embedder = embedder
        self._store = VectorStore(settings)
        self._corpora: dict[EntryKind, Corpus] = {}
        self._syncing = threading.Lock()

    def sync(self, library: BankLibrary, progress: Progress | None = None) -> SyncReport:
        """Writes what is new or changed, deletes what is gone.

        An embedded index that can't be read is set aside and built anew; the report's notices say so. Raises
        `SetupError` (folder taken, server away), `StorageError` (disk full), `LLMError` (embedding endpoint).
        """
        with self._syncing:
            entries = indexed_texts(library.banks.values())
            corpora = {
                kind: Corpus(listed, LexicalIndex([entry.text for entry in listed]))
                for kind, listed in entries.items()
            }
            if not self._corpora:
                self._corpora = corpora
            self._store.notices.clear()
            try:
                report = self._write(entries, progress)
            except IndexUnusableError as error:
                if not (self._store.is_embedded and self._store.is_open):
                    raise
                self._store.set_aside(error.__cause__ or error)
                report = self._write(entries, progress)
            self._corpora = corpora
            return report + SyncReport(notices=tuple(self._store.notices))

    def corpus(self, kind: EntryKind) -> Corpus:
        """The entries of the last sync. Raises `ConflictError` before the first one."""
        try:
            return self._corpora[kind]
        except KeyError:
            raise ConflictError(
                "The question index is not built yet", hint="Try again in a few seconds."
            ) from None

    def nearest(
        self, kind: EntryKind, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> dict[str, float]:
        """Ids of the k entries nearest to the vector with their cosine, nearest first."""
        with self._store.errors():
            found = self._collection(kind).query(
                query_embeddings=[vector.tolist()], n_results=k, where=where, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return {
            entry_id: 1.0 - distance for entry_id, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def vectors(self, question_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The unit vectors of the questions that are in the index."""
        with self._store.errors():
            found = self._collection("questions").get(ids=list(question_ids), include=["embeddings"])
        rows = np.asarray(found["embeddings"], dtype=np.float32)
        return dict(zip(found["ids"], rows, strict=True))

    def close(self) -> None:
        """Frees the index folder for another process."""
        self._store.close()

    def _collection_name(self, kind: EntryKind) -> str:
        embedding = hashlib.sha256(self.embedder.name.encode()).hexdigest()[:12]
        return f"{kind}-{embedding}"

    def _collection(self, kind: EntryKind) -> Any:
        return self._store.collection(self._collection_name(kind))

    def _write(self, entries: dict[EntryKind, list[IndexedText]], progress: Progress | None) -> SyncReport:
        plans = {kind: self._plan(kind, listed) for kind, listed in entries.items()}
        total = sum(len(plan.to_write) for plan in plans.values())
        written = 0
        for kind, plan in plans.items():
            collection = self._collection(kind)
            with self._store.errors():
                for start in range(0, len(plan.to_delete), BATCH):
                    collection.delete(ids=plan.to_delete[start : start + BATCH])
            for start in range(0, len(plan.to_write), BATCH):
                batch = plan.to_write[start : start + BATCH]
                self._upsert(collection, batch)
                written += len(batch)
                if progress is not None:
                    progress(written, total)
        self._drop_other_embeddings()
        return sum((plan.report for plan in plans.values()), SyncReport())

    def _plan(self, kind: EntryKind, entries: list[IndexedText]) -> "_Plan":
        with self._store.errors():
            collection = self._collection(kind)
            _search_once(collection)
            stored = collection.get(include=["metadatas"])
        hashes = {
            entry_id: metadata.get(_HASH)
            for entry_id, metadata in zip(stored["ids"], stored["metadatas"], strict=True)
        }
        wanted = {entry.id for entry in entries}
        to_write = [entry for entry in entries if hashes.get(entry.id) != entry.hash]
        return _Plan(
            to_write=to_write,
            to_delete=[entry_id for entry_id in hashes if entry_id not in wanted],
            new=sum(entry.id not in hashes for entry in to_write),
            kept=len(entries) - len(to_write),
        )

    def _upsert(self, collection: Any, batch: list[IndexedText]) -> None:
        vectors = self.embedder.embed_passages([entry.text for entry in batch])
        with self._store.errors():
            collection.upsert(
                ids=[entry.id for entry in batch],
                embeddings=vectors,
                documents=[entry.text for entry in batch],
                metadatas=[{**entry.metadata, _HASH: entry.hash} for entry in batch],
            )

    def _drop_other_embeddings(self) -> None:
        """Frees the space of an embedding no longer used; on a server others may still use theirs."""
        if self._store.is_embedded:
            mine = {self._collection_name("questions"), self._collection_name("points")}
            with self._store.errors():
                for collection in self._store.client().list_collections():
                    if collection.name not in mine:
                        self._store.client().delete_collection(collection.name)


def _search_once(collection: Any) -> None:
    """Damaged vectors show only when they are searched."""
    first = collection.get(limit=1, include=["embeddings"])["embeddings"]
    if len(first):
        collection.query(query_embeddings=[list(first[0])], n_results=1, include=[])


@dataclass(frozen=True)
class _Plan:
    to_write: list[IndexedText]
    to_delete: list[str]
    new: int
    kept: int

    @property
    def report(self) -> SyncReport:
        return SyncReport(
            added=self.new,
            removed=len(self.to_delete),
            kept=self.kept,
            replaced=len(self.to_write) - self.new,
        )
