"""What the classifier of kinds reads of a reply: its meaning, its pieces, and how it is built.

Nothing here names a language: pieces are runs of characters and of units, whatever the script.
"""

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import Embedder
from app.text.clauses import COLONS, COMMAS, LIST_COMMA, SEMICOLONS
from app.text.fold import fold
from app.text.units import units

Floats = NDArray[np.float32]

BUCKETS = 1 << 13
LONGEST_GRAM = 3
_QUOTES = '“”「」『』"' + COLONS
_PARTS = COMMAS + LIST_COMMA + SEMICOLONS
_AFTER_END = " ~!。.”』」’'\")）"
CUES = 10


def pieces(text: str) -> Floats:
    """Hashed runs of characters, words and pairs of words of the folded text, `[BUCKETS]`, of length 1.

    Each stands in one of `BUCKETS` places with a sign, so that two in one place rather cancel than add up.
    """
    folded = fold(text).text.strip()
    marked = f"^{folded}$"
    found = {
        marked[at : at + size] for size in range(1, LONGEST_GRAM + 1) for at in range(len(marked) - size + 1)
    }
    cut = units(folded)
    found |= {f"w:{unit}" for unit in cut}
    found |= {f"b:{one} {two}" for one, two in pairwise(cut)}
    vector = np.zeros(BUCKETS, dtype=np.float32)
    for piece in found:
        place = zlib.crc32(piece.encode("utf-8", "replace"))
        vector[place % BUCKETS] += 1 if place >> 31 else -1
    return vector / np.float32(max(1.0, float(np.linalg.norm(vector))))


def cues(text: str) -> Floats:
    """How the text is built, `[CUES]`: length in units, questions, quotations, clauses, numbers."""
    folded = fold(text).text.strip()
    length = len(units(folded))
    return np.array(
        [
            np.log1p(length) / 3,
            min(length, 60) / 60,
            folded.rstrip(_AFTER_END)[-1:] == "?",
            "?" in folded,
            any(mark in text for mark in _QUOTES),
            folded.count("?") > 1,
            sum(folded.count(mark) for mark in _PARTS) / 5,
            any(map(str.isdigit, folded)),
            length <= 2,
            length <= 5,
        ],
        dtype=np.float32,
    )


def meaning(texts: Sequence[str], embedders: Sequence[Embedder]) -> Floats:
    """The texts' vectors by each embedder side by side, `[texts, dimensions]`."""
    return np.hstack([embedder.embed_queries(list(texts)) for embedder in embedders])


def form(texts: Sequence[str]) -> Floats:
    """The texts' cues and pieces, `[texts, CUES + BUCKETS]`."""
    return np.vstack([np.hstack([cues(text), pieces(text)]) for text in texts])
