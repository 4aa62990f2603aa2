"""Lexical ranking: BM25 over the terms of questions and of their points, kept by tantivy in a folder."""

import logging
import math
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from app.errors import SetupError, StorageError
from app.search.entries import Entries, Keys, without
from app.search.terms import terms

if TYPE_CHECKING:
    import tantivy

logger = logging.getLogger(__name__)

# A word of the question says more about it than one of its points: it counts as often. One field for both is
# faster than one each.
QUESTION_COUNTS = 2

# Of a long query the rarest terms that occur at all are looked up; the rest would take time and tell little.
MOST_TERMS = 96

_KEY, _TERMS, _FACET = "key", "terms", "facet"
_WRITER_BYTES = 48_000_000
_REMOVED_AT_ONCE = 10_000
_LOCK_SECONDS = 600
_FULL = ("no space left", "disk is full", "storagefull")


class LexicalSnapshot:
    """The documents of one commit; later commits do not show in it."""

    def __init__(self, schema: "tantivy.Schema", searcher: "tantivy.Searcher") -> None:
        self._schema = schema
        self._searcher = searcher

    def best(
        self, query: str, k: int, filters: Mapping[str, str], exclude: Collection[int] = ()
    ) -> dict[int, float]:
        """Keys and scores (BM25, Robertson and Zaragoza 2009) of the k best documents, best first.

        Documents that share no term are left out; `exclude` holds keys. Raises `StorageError`.
        """
        from tantivy import Occur, Query

        words = {word: self._frequency(word) for word in set(terms(query))}
        rarest = sorted((word for word in words if words[word]), key=lambda word: (words[word], word))
        asked = [(Occur.Should, self._term(_TERMS, word, "freq")) for word in rarest[:MOST_TERMS]]
        if not asked:
            return {}
        clauses = [(Occur.Must, Query.boolean_query(asked))]
        for field, value in filters.items():
            fits = self._term(_FACET, f"{field}={value}", "basic")
            clauses.append((Occur.Must, Query.const_score_query(fits, 0.0)))
        if exclude:
            clauses.append((Occur.MustNot, Query.term_set_query(self._schema, _KEY, list(exclude))))
        return self._found(Query.boolean_query(clauses) if len(clauses) > 1 else clauses[0][1], k)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word: a natural logarithm, larger for rarer words."""
        return math.log1p(self._searcher.num_docs / (self._frequency(word) + 1))

    def keys(self) -> Keys:
        """The keys of all documents in rising order."""
        from tantivy import Query

        return np.sort(np.fromiter(self._found(Query.all_query(), self._searcher.num_docs), np.uint64))

    def _frequency(self, word: str) -> int:
        return int(self._searcher.doc_freq(_TERMS, word))

    def _found(self, query: "tantivy.Query", k: int) -> dict[int, float]:
        if k < 1:
            return {}
        try:
            hits = self._searcher.search(query, k, count=False).hits
            keys = self._searcher.fast_field_values(_KEY, [address for _, address in hits])
        except (ValueError, OSError) as error:
            raise StorageError(f"The word index can't be read: {error}") from error
        return {int(key or 0): score for key, (score, _) in zip(keys, hits, strict=True)}

    def _term(self, field: str, value: str, option: str) -> "tantivy.Query":
        from tantivy import Query

        return Query.term_query(self._schema, field, value, index_option=option)


class LexicalIndex:
    """Keeps the documents in a folder. All of it can be made from the banks: a damaged one is made anew.

    Several processes may share the folder: each searches the snapshot of its own last sync.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notices: list[str] = []
        self._lock = FileLock(str(folder.with_suffix(".lock")), timeout=_LOCK_SECONDS, thread_local=False)

    def sync(
        self, entries: Entries, meet: Callable[[Sequence[int]], None] = lambda positions: None
    ) -> LexicalSnapshot:
        """Adds and removes documents in one commit and returns what is there then.

        `meet` is told the positions of the questions that were added. Raises `StorageError` (disk full),
        `SetupError` (folder not writable).
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._lock:
                try:
                    return self._sync(entries, meet)
                except ValueError as error:
                    _check_room(error)
                    notice = f"The word index could not be read ({error}): a new one is built."
                    logger.warning(notice)
                    self.notices.append(notice)
                    shutil.rmtree(self.folder)
                    self.folder.mkdir()
                    return self._sync(entries, meet)
        except ValueError as error:
            _check_room(error)
            raise StorageError(f"The word index could not be written: {error}") from error
        except (OSError, Timeout) as error:
            _check_room(error)
            raise SetupError(
                f"The word index can't be written: {self.folder}: {error}",
                hint="Set INTERVIEWER_DATA_DIR to a folder this user can write.",
            ) from error

    def _sync(self, entries: Entries, meet: Callable[[Sequence[int]], None]) -> LexicalSnapshot:
        import tantivy

        schema = _schema()
        index = tantivy.Index(schema, path=str(self.folder))
        stored = LexicalSnapshot(schema, index.searcher()).keys()
        gone = without(stored, entries.documents.unique())
        added = without(entries.documents.unique(), stored)
        new = sorted(int(each[0]) for each in entries.documents.find(added.tolist()))
        if len(gone) or new:
            meet(new)
            writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
            try:
                for start in range(0, len(gone), _REMOVED_AT_ONCE):
                    batch = gone[start : start + _REMOVED_AT_ONCE].tolist()
                    writer.delete_documents_by_query(tantivy.Query.term_set_query(schema, _KEY, batch))
                for position in new:
                    writer.add_document(_document(entries, position))
                writer.commit()
            finally:
                with suppress(ValueError):
                    writer.wait_merging_threads()
            index.reload()
        return LexicalSnapshot(schema, index.searcher())


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_KEY, indexed=True, fast=True)
    builder.add_text_field(_TERMS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(_FACET, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(entries: Entries, position: int) -> Any:
    import tantivy

    found = entries.question_at(position)
    document = tantivy.Document()
    document.add_unsigned(_KEY, int(entries.document_keys[position]))
    said = [*terms(found.question.text)] * QUESTION_COUNTS
    said += (term for point in found.question.points for term in terms(point.text))
    document.add_text(_TERMS, " ".join(said))
    for field, value in found.facets:
        document.add_text(_FACET, f"{field}={value}")
    return document


def _check_room(error: Exception) -> None:
    if any(words in str(error).lower() for words in _FULL):
        raise StorageError("The question index could not be written: the disk is full") from error
