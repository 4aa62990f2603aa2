"""How close two words are in meaning: the vectors of single words, kept in memory and in a file."""

import logging
import os
import tempfile
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import UseEmbedder

logger = logging.getLogger(__name__)

# 256 numbers of two bytes a word: 26 MB. The rarest words of a larger vocabulary wait for the search that
# needs them.
MAX_WORDS = 50_000
MAX_WORD_CHARS = 30
_BATCH = 1024


class WordVectors:
    """Unit vectors of words by the carried encoder, whatever the questions themselves are embedded by.

    Many threads may ask at once. What can't be read or written of the file costs time, nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._encoder = UseEmbedder()
        self._file = folder / "words.npz"
        self._rows: dict[str, int] = {}
        # Rows beyond the words known so far are room to grow into.
        self._vectors: NDArray[np.float16] = np.empty((0, self._encoder.dimension), dtype=np.float16)
        self._lock = threading.Lock()
        self._changed = False
        self._loaded = False

    def meet(self, words: Iterable[str]) -> None:
        """Learns words beforehand, as far as there is room."""
        with self._lock:
            self._load()
            new = dict.fromkeys(word for word in words if word not in self._rows)
            self._learn([word for word in new if len(word) <= MAX_WORD_CHARS])

    def vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a word: shape (n, 256)."""
        return self._vectors_of(words, learn=True)

    def known(self, words: Sequence[str]) -> NDArray[np.float32]:
        """As `vectors`, but zeros for words not met before, which would take a millisecond each."""
        return self._vectors_of(words, learn=False)

    def _vectors_of(self, words: Sequence[str], *, learn: bool) -> NDArray[np.float32]:
        with self._lock:
            self._load()
            if learn:
                self._learn([word for word in words if word not in self._rows])
            rows = [self._rows.get(word, -1) for word in words]
            if len(self._vectors):
                found = self._vectors[rows].astype(np.float32)
            else:
                found = np.empty((len(words), self._encoder.dimension), dtype=np.float32)
        missing = [number for number, row in enumerate(rows) if row < 0]
        if missing and not learn:
            found[missing] = 0.0
        elif missing:
            found[missing] = self._encoder.embed_passages([words[number] for number in missing])
        return found

    def save(self) -> None:
        """Writes the file if words were learnt since."""
        with self._lock:
            if not self._changed:
                return
            words, vectors = list(self._rows), self._vectors[: len(self._rows)]
            self._changed = False
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, suffix=".npz", delete=False) as file:
                np.savez(file, encoder=self._encoder.name, words="\n".join(words), vectors=vectors)
            os.replace(file.name, self._file)
        except OSError as error:
            logger.warning("the words' vectors are not kept: %s", error)

    def _learn(self, words: Collection[str]) -> None:
        fresh = list(dict.fromkeys(words))[: MAX_WORDS - len(self._rows)]
        if not fresh:
            return
        known = len(self._rows)
        if known + len(fresh) > len(self._vectors):
            room = min(MAX_WORDS, max(known + len(fresh), 2 * len(self._vectors)))
            grown = np.empty((room, self._encoder.dimension), dtype=np.float16)
            grown[:known] = self._vectors[:known]
            self._vectors = grown
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            vectors = self._encoder.embed_passages(batch)
            self._vectors[known + start : known + start + len(batch)] = vectors
        self._rows |= {word: row for row, word in enumerate(fresh, known)}
        self._changed = True

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        try:
            with self._file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                words = str(stored["words"]).split("\n")
                vectors = stored["vectors"]
                if str(stored["encoder"]) == self._encoder.name and len(words) == len(vectors):
                    self._rows = {word: row for row, word in enumerate(words)}
                    self._vectors = vectors
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            logger.warning("the words' vectors can't be read and are made anew: %s", error)
