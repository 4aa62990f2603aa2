"""The index of questions and rubric points: vectors in Chroma, a lexical index, entries in memory."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.errors import ConflictError, SetupError, StorageError
from app.search.embedding import Embedder, Vectors
from app.search.entries import BankEntries, Entries, EntryKind
from app.search.entry_vectors import EntryVectors, Progress, SyncReport
from app.search.lexical_index import LexicalIndex, LexicalSnapshot
from app.search.terms import spoken_words
from app.search.vector_store import IndexUnusableError, VectorStore
from app.search.word_match import WordVectors
from app.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Corpus:
    """What one sync left to be searched: it never changes, the next sync brings another."""

    entries: Entries
    lexical: LexicalSnapshot


class QuestionIndex:
    """Keeps Chroma and the lexical index in step with the banks.

    Methods block: call them in a thread from async code. Searches run beside a sync and see the old entries
    until it is done, then the new ones. A sync that was cut short, even killed, is finished by the next.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.embedder = embedder
        self.words = WordVectors(settings.data_dir)
        self._store = VectorStore(settings)
        self._vectors = EntryVectors(self._store, embedder)
        self._lexical = LexicalIndex(settings.data_dir / "lexical")
        self._banks: dict[str, BankEntries] = {}
        self._corpus: Corpus | None = None
        self._syncing = threading.Lock()

    def sync(self, library: BankLibrary, progress: Progress | None = None) -> SyncReport:
        """Writes what is new or changed, swaps it in, deletes what is gone.

        An index in the data folder that can't be read is built anew; the report's notices say so. Raises
        `SetupError` (folder taken, server away), `StorageError` (disk full), `LLMError` (embedding endpoint);
        the old entries are then searched on.
        """
        with self._syncing:
            self._store.notices.clear()
            self._lexical.notices.clear()
            banks = [self._entries_of(library, bank_id) for bank_id in library.banks]
            entries = Entries(banks)
            if self._store.is_embedded:
                # Whoever holds the folder holds the lexical index in it too.
                self._store.client()
            corpus = Corpus(entries, self._lexical.sync(entries, lambda new: self._meet(entries, new)))
            if self._corpus is None:
                # Words alone find questions while the first vectors are made.
                self._corpus = corpus
            report = self._add_missing(entries, progress)
            self._corpus = corpus
            self._banks = {bank.bank.id: bank for bank in banks}
            self._remove_unused(entries)
            self.words.save()
            return replace(report, notices=(*self._store.notices, *self._lexical.notices))

    def corpus(self) -> Corpus:
        """The entries of the last sync. Raises `ConflictError` before the first one."""
        if self._corpus is None:
            raise ConflictError(
                "The question index is not built yet", hint="Try again in a few seconds."
            ) from None
        return self._corpus

    def nearest(self, kind: EntryKind, vectors: Vectors, k: int) -> list[dict[int, float]]:
        """For each vector the k nearest contents by key with their cosine, nearest first.

        Contents that are no longer, or not yet, in the corpus may be among them. Raises `SetupError`,
        `StorageError`.
        """
        return self._vectors.nearest(kind, vectors, k)

    def vectors(self, kind: EntryKind, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The unit vectors of contents by key, as far as they are in the index. Raises as `nearest` does."""
        return self._vectors.vectors(kind, keys)

    def close(self) -> None:
        """Frees the index folder for another process."""
        self._store.close()
        self._vectors.forget()

    def _entries_of(self, library: BankLibrary, bank_id: str) -> BankEntries:
        bank = library.banks[bank_id]
        known = self._banks.get(bank_id)
        return known if known is not None and known.bank is bank else BankEntries.of(bank)

    def _meet(self, entries: Entries, positions: Sequence[int]) -> None:
        """Learns the words of new questions, so that searches need not."""
        questions = (entries.question_at(position).question for position in positions)
        self.words.meet(
            word
            for question in questions
            for text in (question.text, *(point.text for point in question.points))
            for word in spoken_words(text)
        )

    def _add_missing(self, entries: Entries, progress: Progress | None) -> SyncReport:
        try:
            return self._vectors.add_missing(entries, progress)
        except IndexUnusableError as error:
            self._vectors.forget()
            if not (self._store.is_embedded and self._store.is_open):
                raise
            self._store.set_aside(error.__cause__ or error)
            return self._vectors.add_missing(entries, progress)

    def _remove_unused(self, entries: Entries) -> None:
        try:
            self._vectors.remove_unused(entries)
        except (SetupError, StorageError) as error:
            self._vectors.forget()
            logger.warning("what is no longer needed is left for the next sync: %s", error.detail)
