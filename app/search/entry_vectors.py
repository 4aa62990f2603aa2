"""The vectors of the entries in Chroma: one for each content, written once and never changed."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import Embedder, Vectors
from app.search.entries import KINDS, Entries, EntryKind, Keys, key_name, without
from app.search.entry_batches import Row, Rows, batches, embedded
from app.search.vector_store import VectorStore

Progress = Callable[[int, int], None]
"""Called with the number of vectors written so far and the number to write. What it raises stops the sync."""

# On a server other processes may still search by what this one needs no more: they have a day to sync.
GRACE_SECONDS = 86_400

# What a killed sync loses: embedded, but not written.
WRITTEN_AT_ONCE = 1000
WRITTEN_AFTER_SECONDS = 5.0

_LISTED_AT_ONCE = 100_000
_ASKED_AT_ONCE = 1000
_ENTRY, _RETIRED = "entry", "retired"


@dataclass(frozen=True)
class SyncReport:
    """How many entries (questions and rubric points) a sync wrote, deleted and left alone."""

    added: int = 0
    removed: int = 0
    kept: int = 0
    replaced: int = 0
    notices: tuple[str, ...] = ()


class EntryVectors:
    """Adds what is missing before the new entries are searched, removes what nobody needs after.

    An entry is named by its content, so nothing is ever overwritten: a search by the old entries finds their
    vectors until they are removed. The collections are named after the installation and the embedder.
    """

    def __init__(self, store: VectorStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._stored: dict[EntryKind, Keys] = {}
        self._listed_at: dict[EntryKind, float] = {}

    def forget(self) -> None:
        """What is stored is listed again at the next use."""
        self._stored.clear()

    def add_missing(self, entries: Entries, progress: Progress | None) -> SyncReport:
        """Embeds and writes what is not stored yet, questions with their points in their order.

        The report tells what is left once `remove_unused` has run.
        """
        missing: dict[EntryKind, set[int]] = {}
        old: set[str] = set()
        for kind in KINDS:
            wanted = entries.tables[kind].unique()
            stored = self._keys(kind)
            if not self._store.is_embedded:
                stored = self._needed_again(kind, wanted)
            missing[kind] = set(without(wanted, stored).tolist())
            old |= self._entry_names(kind, without(stored, wanted))
        total = sum(map(len, missing.values()))
        new = entries.names(missing)
        written = 0
        for rows in _gathered(embedded(batch, self._embedder) for batch in batches(entries, missing)):
            self._write(rows)
            written += sum(map(len, rows.values()))
            if progress is not None:
                progress(written, total)
        return SyncReport(
            added=len(new - old),
            removed=len(old - new),
            replaced=len(old & new),
            kept=entries.count - len(new),
        )

    def remove_unused(self, entries: Entries) -> None:
        """Deletes vectors no entry needs; on a server once nobody has needed them for a day."""
        for kind in KINDS:
            unused = without(self._keys(kind), entries.tables[kind].unique())
            if self._store.is_embedded:
                self._delete(kind, unused)
            elif len(unused):
                self._retire(kind, unused)
        if self._store.is_embedded:
            self._drop_other_collections()

    def nearest(self, kind: EntryKind, vectors: Vectors, k: int) -> list[dict[int, float]]:
        """For each vector the k nearest of the stored contents by key with their cosine, nearest first."""
        with self._store.errors():
            found = self._collection(kind).query(
                query_embeddings=list(vectors), n_results=k, include=["distances"]
            )
        return [
            {int(name, 16): 1.0 - distance for name, distance in zip(names, distances, strict=True)}
            for names, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def vectors(self, kind: EntryKind, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The unit vectors of those contents that are stored."""
        found: dict[int, NDArray[np.float32]] = {}
        for names in _parts(dict.fromkeys(map(key_name, keys))):
            with self._store.errors():
                part = self._collection(kind).get(ids=names, include=["embeddings"])
            rows = np.asarray(part["embeddings"], dtype=np.float32)
            found |= {int(name, 16): row for name, row in zip(part["ids"], rows, strict=True)}
        return found

    def _collection_name(self, kind: EntryKind) -> str:
        embedding = hashlib.sha256(self._embedder.name.encode()).hexdigest()[:12]
        return f"{self._store.prefix}-{kind}-{embedding}"

    def _collection(self, kind: EntryKind) -> Any:
        return self._store.collection(self._collection_name(kind))

    def _keys(self, kind: EntryKind) -> Keys:
        if kind not in self._stored:
            with self._store.errors():
                collection = self._collection(kind)
                _search_once(collection)
                self._listed_at[kind] = time.monotonic()
                self._stored[kind] = _listed(collection)
        return self._stored[kind]

    def _entry_names(self, kind: EntryKind, keys: Keys) -> set[str]:
        """What the contents belonged to, those left out that are retired already."""
        names: set[str] = set()
        for part in _parts(map(key_name, keys.tolist())):
            with self._store.errors():
                found = self._collection(kind).get(ids=part, include=["metadatas"])
            names |= {str(each[_ENTRY]) for each in found["metadatas"] if not each.get(_RETIRED)}
        return names

    def _write(self, rows: Rows) -> None:
        # Points first: a question that is there has its points.
        for kind in reversed(KINDS):
            new: Sequence[Row] = rows[kind]
            if not new:
                continue
            with self._store.errors():
                self._collection(kind).upsert(
                    ids=[key_name(row.key) for row in new],
                    embeddings=np.stack([row.vector for row in new]),
                    metadatas=[{_ENTRY: row.entry} for row in new],
                )
            keys = np.fromiter((row.key for row in new), np.uint64)
            self._stored[kind] = np.sort(np.concatenate([self._keys(kind), keys]))

    def _delete(self, kind: EntryKind, keys: Keys, where: Mapping[str, Any] | None = None) -> None:
        for names in _parts(map(key_name, keys.tolist())):
            with self._store.errors():
                self._collection(kind).delete(ids=names, where=where)
        self._stored[kind] = without(self._keys(kind), keys)

    def _needed_again(self, kind: EntryKind, wanted: Keys) -> Keys:
        """What is stored, once wanted contents are no longer retired: nobody removes them from here on."""
        retired = self._retired(kind, {_RETIRED: {"$gt": 0}})
        revived = np.intersect1d(retired, wanted)
        for names in _parts(map(key_name, revived.tolist())):
            with self._store.errors():
                self._collection(kind).update(ids=names, metadatas=[{_RETIRED: 0}] * len(names))
        since = time.monotonic() - self._listed_at.get(kind, 0.0)
        if len(revived) or since > GRACE_SECONDS / 2:
            # Another process may have removed some, just before or since.
            self._stored.pop(kind, None)
        return self._keys(kind)

    def _retire(self, kind: EntryKind, unused: Keys) -> None:
        now = int(time.time())
        retired = self._retired(kind, {_RETIRED: {"$gt": 0}})
        for names in _parts(map(key_name, without(unused, retired).tolist())):
            with self._store.errors():
                self._collection(kind).update(ids=names, metadatas=[{_RETIRED: now}] * len(names))
        over = {"$and": [{_RETIRED: {"$gt": 0}}, {_RETIRED: {"$lte": now - GRACE_SECONDS}}]}
        self._delete(kind, np.intersect1d(self._retired(kind, over), unused), over)

    def _retired(self, kind: EntryKind, where: Mapping[str, Any]) -> Keys:
        with self._store.errors():
            found = self._collection(kind).get(where=where, include=[])
        return np.sort(np.fromiter((int(name, 16) for name in found["ids"]), np.uint64))

    def _drop_other_collections(self) -> None:
        """Frees the space of an embedding no longer used; on a server others may still use theirs."""
        mine = {self._collection_name(kind) for kind in KINDS}
        with self._store.errors():
            client = self._store.client()
            for collection in client.list_collections():
                if collection.name not in mine:
                    client.delete_collection(collection.name)


def _gathered(batches: Iterable[Rows]) -> Iterator[Rows]:
    """The same rows in larger parts, because every write costs 50 ms besides; but none waits for long."""
    rows: dict[EntryKind, list[Row]] = {kind: [] for kind in KINDS}
    started = time.monotonic()
    for batch in batches:
        for kind in KINDS:
            rows[kind] += batch[kind]
        if (
            sum(map(len, rows.values())) >= WRITTEN_AT_ONCE
            or time.monotonic() - started > WRITTEN_AFTER_SECONDS
        ):
            yield rows
            rows = {kind: [] for kind in KINDS}
            started = time.monotonic()
    if any(rows.values()):
        yield rows


def _search_once(collection: Any) -> None:
    """Damaged vectors and tables show only when they are searched."""
    first = collection.get(limit=1, include=["embeddings", "metadatas"])["embeddings"]
    if len(first):
        collection.query(query_embeddings=[list(first[0])], n_results=1, include=[])


def _listed(collection: Any) -> Keys:
    pages: list[Keys] = []
    while True:
        start = sum(len(page) for page in pages)
        names = collection.get(limit=_LISTED_AT_ONCE, offset=start, include=[])["ids"]
        if not names:
            return np.unique(np.concatenate(pages)) if pages else np.empty(0, dtype=np.uint64)
        pages.append(np.fromiter((int(name, 16) for name in names), np.uint64))


def _parts(names: Any) -> list[list[str]]:
    listed = list(names)
    return [listed[start : start + _ASKED_AT_ONCE] for start in range(0, len(listed), _ASKED_AT_ONCE)]
