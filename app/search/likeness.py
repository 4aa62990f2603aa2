"""Whether two questions nearly repeat each other."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import UseEmbedder
from app.search.terms import terms

# Of 2,000 questions of a hundred occupations nine in ten pairs above this cosine were near-copies; different
# questions of one bank stayed below it.
SAME_COSINE = 0.8
SAME_WORDS = 0.5

# In one language near-copies share this many of their words; different questions of one bank share fewer.
RELATED_WORDS = 0.22


@dataclass(frozen=True)
class Likeness:
    """What of a question's text tells whether another one nearly repeats it."""

    text: str
    terms: frozenset[str]

    @cached_property
    def vector(self) -> NDArray[np.float32]:
        """Blocks for about a millisecond. Raises `SetupError`."""
        return np.asarray(UseEmbedder().embed_passages([self.text])[0])

    def nearness(self, other: "Likeness") -> float:
        """0..1: by meaning or by words, whichever is more; near-copies have at least 0.5."""
        cosine = float(self.vector @ other.vector)
        return max(_halved_at(SAME_COSINE, cosine), _halved_at(SAME_WORDS, self._shared(other)))

    def nearly_repeats(self, other: "Likeness") -> bool:
        """In any language."""
        return self.nearness(other) >= 0.5

    def nearly_repeats_in_words(self, other: "Likeness") -> bool:
        """In one language: seldom needs the encoder, which would have to be loaded."""
        return self._shared(other) >= RELATED_WORDS and self.nearly_repeats(other)

    def _shared(self, other: "Likeness") -> float:
        return len(self.terms & other.terms) / max(len(self.terms | other.terms), 1)


def _halved_at(middle: float, value: float) -> float:
    """Straight from 0 to 0.5 at the middle and on to 1 at 1."""
    if value < middle:
        return max(value, 0.0) / middle / 2
    return min(0.5 + (value - middle) / (1 - middle) / 2, 1.0)


@lru_cache(maxsize=4096)
def likeness(text: str) -> Likeness:
    """Of a text, remembered for the texts asked about last."""
    return Likeness(text, frozenset(terms(text)))
