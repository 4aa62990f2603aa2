"""Near-duplicates: whether one question nearly repeats another, and hits that leave them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import UseEmbedder, Vectors
from app.search.terms import terms

# Of 2,000 questions of a hundred occupations nine in ten pairs above this cosine were near-duplicates;
# different questions of one bank stayed below it.
SAME_COSINE = 0.8
SAME_WORDS = 0.5

# In one language near-duplicates share this many of their words; different questions of one bank share fewer.
RELATED_WORDS = 0.22

LOOKED_AT = 100


@dataclass(frozen=True)
class ComparedText:
    """What of a question's text tells whether another one is its near-duplicate."""

    text: str
    terms: frozenset[str]

    @cached_property
    def vector(self) -> NDArray[np.float32]:
        """Blocks for about a millisecond. Raises `SetupError`."""
        return np.asarray(UseEmbedder().embed_passages([self.text])[0])

    def similarity(self, other: "ComparedText") -> float:
        """0..1: by meaning or by words, whichever is more; near-duplicates have at least 0.5."""
        cosine = float(self.vector @ other.vector)
        return max(_halved_at(SAME_COSINE, cosine), _halved_at(SAME_WORDS, self._shared(other)))

    def is_near_duplicate(self, other: "ComparedText") -> bool:
        """In any language."""
        return self.similarity(other) >= 0.5

    def is_near_duplicate_in_words(self, other: "ComparedText") -> bool:
        """In one language: seldom needs the encoder, which would have to be loaded."""
        return self._shared(other) >= RELATED_WORDS and self.is_near_duplicate(other)

    def _shared(self, other: "ComparedText") -> float:
        return len(self.terms & other.terms) / max(len(self.terms | other.terms), 1)


def _halved_at(middle: float, value: float) -> float:
    """Straight from 0 to 0.5 at the middle and on to 1 at 1."""
    if value < middle:
        return max(value, 0.0) / middle / 2
    return min(0.5 + (value - middle) / (1 - middle) / 2, 1.0)


@lru_cache(maxsize=4096)
def wording(text: str) -> ComparedText:
    """Of a text, remembered for the texts asked about last."""
    return ComparedText(text, frozenset(terms(text)))


def diversified(
    texts: Sequence[str], scores: Sequence[float], vectors: Vectors, k: int, diverse: float
) -> list[int]:
    """The rows of up to k texts in the order they are picked, each the one worth most beside those before it.

    `scores` fall and are in 0..1, `vectors` have length 1 or, unknown, 0. Maximal marginal relevance
    (Carbonell and Goldstein 1998): a share `diverse`, 0..1, counts against similarity, the rest for the
    score. Only the best 100, or 2 k, are looked at.
    """
    looked_at = min(len(texts), max(LOOKED_AT, 2 * k))
    relevance = np.asarray(scores[:looked_at], dtype=np.float64)
    similarity = np.zeros(looked_at)
    left = np.ones(looked_at, dtype=np.bool_)
    picked: list[int] = []
    while left.any() and len(picked) < k:
        worth = (1 - diverse) * relevance - diverse * similarity
        best = int(np.argmax(np.where(left, worth, -np.inf)))
        left[best] = False
        if any(wording(texts[row]).is_near_duplicate_in_words(wording(texts[best])) for row in picked):
            continue
        picked.append(best)
        similarity = np.maximum(similarity, vectors[:looked_at] @ vectors[best])
    return picked
