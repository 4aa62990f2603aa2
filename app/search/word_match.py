"""Kindred words: how much of what one text says another has words for, the same or close in meaning."""

import logging
import os
import tempfile
import threading
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import UseEmbedder
from app.search.lexical_index import LexicalSnapshot
from app.search.terms import spoken_words

logger = logging.getLogger(__name__)

# Words less close than this have nothing to do with each other.
KINDRED = 0.4
MAX_QUERY_WORDS = 80

# 256 numbers of two bytes a word: 26 MB. The rarest words of a larger vocabulary wait for the search that
# needs them.
MAX_KNOWN_WORDS = 50_000
MAX_WORD_CHARS = 30
_BATCH = 1024

Floats = NDArray[np.float64]


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
        fresh = list(dict.fromkeys(words))[: MAX_KNOWN_WORDS - len(self._rows)]
        if not fresh:
            return
        known = len(self._rows)
        if known + len(fresh) > len(self._vectors):
            room = min(MAX_KNOWN_WORDS, max(known + len(fresh), 2 * len(self._vectors)))
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


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, each once; remembered, because the same questions are met again and again."""
    return tuple(spoken_words(text))


class WordMatch:
    """A text's words, weighed by how rare they are among the questions."""

    def __init__(self, vectors: WordVectors, lexical: LexicalSnapshot, text: str) -> None:
        self._vectors = vectors
        self._words = words_of(text)[:MAX_QUERY_WORDS]
        weights = np.array([lexical.rarity(word) for word in self._words])
        self._weights = weights / max(float(weights.sum()), 1e-9)

    def shares(self, texts: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
        """For each list of texts the share of the words, 0..1, that its first text and all its texts have
        kindred words for."""
        if not self._words or not texts:
            return np.zeros(len(texts)), np.zeros(len(texts))
        rows: dict[str, int] = {}
        first: list[list[int]] = []
        every: list[list[int]] = []
        for each in texts:
            numbers = [[rows.setdefault(word, len(rows)) for word in words_of(text)] for text in each]
            first.append(numbers[0])
            every.append([number for part in numbers for number in part])
        if not rows:
            return np.zeros(len(texts)), np.zeros(len(texts))
        kinship = self._vectors.vectors(self._words) @ self._vectors.known(list(rows)).T
        kinship[kinship < KINDRED] = 0.0
        for number, word in enumerate(self._words):
            if word in rows:
                kinship[number, rows[word]] = 1.0
        return self._covered(kinship, first), self._covered(kinship, every)

    def _covered(self, kinship: NDArray[np.float32], columns: Sequence[Sequence[int]]) -> Floats:
        best = np.stack([kinship[:, each].max(axis=1, initial=0.0) for each in columns], axis=1)
        return np.asarray(np.minimum(self._weights @ best, 1.0), dtype=np.float64)


def shares_met(vectors: WordVectors, lexical: LexicalSnapshot, texts: Sequence[str], by: str) -> Floats:
    """For each text the share of its words, 0..1, that the text `by` has kindred words for."""
    said = words_of(by)
    asked = list(dict.fromkeys(word for text in texts for word in words_of(text)))
    if not said or not asked:
        return np.zeros(len(texts))
    kinship = vectors.vectors(asked) @ vectors.vectors(said).T
    best = dict(zip(asked, kinship.max(axis=1).tolist(), strict=True))
    rarity = {word: lexical.rarity(word) for word in asked}
    shares = []
    for text in texts:
        total = sum(rarity[word] for word in words_of(text))
        met = sum(rarity[word] * best[word] for word in words_of(text) if best[word] >= KINDRED)
        shares.append(min(met / total, 1.0) if total else 0.0)
    return np.asarray(shares, dtype=np.float64)
