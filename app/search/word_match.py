"""Kindred words: how much of what one text says another has words for, the same or close in meaning."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.search.lexical_index import LexicalSnapshot
from app.search.terms import spoken_words
from app.search.word_vectors import WordVectors

# Words less close than this have nothing to do with each other.
KINDRED = 0.4
MAX_WORDS = 80

Floats = NDArray[np.float64]


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, each once; remembered, because the same questions are met again and again."""
    return tuple(spoken_words(text))


class WordMatch:
    """A text's words, weighed by how rare they are among the questions."""

    def __init__(self, vectors: WordVectors, lexical: LexicalSnapshot, text: str) -> None:
        self._vectors = vectors
        self._words = words_of(text)[:MAX_WORDS]
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
