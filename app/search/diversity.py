"""Hits that differ: maximal marginal relevance, near-copies left out."""

from collections.abc import Sequence

import numpy as np

from app.search.embedding import Vectors
from app.search.likeness import likeness

LOOKED_AT = 100


def diversified(
    texts: Sequence[str], scores: Sequence[float], vectors: Vectors, k: int, diverse: float
) -> list[int]:
    """The rows of up to k texts in the order they are picked, each the one worth most beside those before it.

    `scores` fall and are in 0..1, `vectors` have length 1 or, unknown, 0. Maximal marginal relevance
    (Carbonell and Goldstein 1998): a share `diverse`, 0..1, counts against resemblance, the rest for the
    score. Only the best 100, or 2 k, are looked at.
    """
    looked_at = min(len(texts), max(LOOKED_AT, 2 * k))
    relevance = np.asarray(scores[:looked_at], dtype=np.float64)
    resemblance = np.zeros(looked_at)
    left = np.ones(looked_at, dtype=np.bool_)
    picked: list[int] = []
    while left.any() and len(picked) < k:
        worth = (1 - diverse) * relevance - diverse * resemblance
        best = int(np.argmax(np.where(left, worth, -np.inf)))
        left[best] = False
        if any(likeness(texts[row]).nearly_repeats_in_words(likeness(texts[best])) for row in picked):
            continue
        picked.append(best)
        resemblance = np.maximum(resemblance, vectors[:looked_at] @ vectors[best])
    return picked
