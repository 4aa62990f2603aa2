"""Lexical ranking: BM25 over words, held in memory as one compressed posting list."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.text import fold

K1 = 1.2
B = 0.75

# Scripts written without spaces need a segmenter; everything else is split where its letters end.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W_]+")


def terms(text: str) -> Iterator[str]:
    """Words of the folded text; ideographs give segmented words, all pairs of neighbours and all characters.

    Pairs find words the segmenter cuts differently in query and document; single characters find the short
    verbs that colloquial queries use where a bank writes a longer word.
    """
    folded = fold(text).text
    for run in _UNSPACED.findall(folded):
        yield from _segmented(run)
        yield from (run[start : start + 2] for start in range(len(run) - 1))
        yield from run
    yield from _WORD.findall(_UNSPACED.sub(" ", folded))


def _segmented(run: str) -> list[str]:
    import rjieba

    # A shorter word would count twice, as word and as pair or character.
    return [word for word in rjieba.cut_for_search(run) if len(word) > 2]


class LexicalIndex:
    """BM25 (Robertson and Zaragoza 2009) over a fixed list of texts.

    Postings are two flat arrays, eight bytes a posting, cut by term.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        vocabulary: dict[str, int] = {}
        term_ids, documents, counts = array("i"), array("i"), array("i")
        lengths = np.zeros(self.size, dtype=np.float32)
        for document, text in enumerate(texts):
            found = Counter(terms(text))
            lengths[document] = found.total()
            for term, count in found.items():
                term_ids.append(vocabulary.setdefault(term, len(vocabulary)))
                documents.append(document)
                counts.append(count)
        self._vocabulary = vocabulary
        flat_terms = np.frombuffer(term_ids, dtype=np.int32) if term_ids else np.empty(0, dtype=np.int32)
        flat_documents = (
            np.frombuffer(documents, dtype=np.int32) if documents else np.empty(0, dtype=np.int32)
        )
        flat_counts = (
            np.frombuffer(counts, dtype=np.int32).astype(np.float32) if counts else np.empty(0, np.float32)
        )
        frequency = np.bincount(flat_terms, minlength=len(vocabulary))
        idf = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        average = float(lengths.mean()) if self.size else 1.0
        norm = K1 * (1 - B + B * lengths / max(average, 1.0))
        weights = idf[flat_terms] * flat_counts * (K1 + 1) / (flat_counts + norm[flat_documents])
        order = np.argsort(flat_terms, kind="stable")
        self._documents: NDArray[np.int32] = flat_documents[order]
        self._weights: NDArray[np.float32] = weights[order].astype(np.float32)
        self._starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(frequency)])

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every text, 0 where no term is shared: shape (size,)."""
        scores = np.zeros(self.size, dtype=np.float32)
        for term in set(terms(query)):
            number = self._vocabulary.get(term)
            if number is not None:
                postings = slice(self._starts[number], self._starts[number + 1])
                scores[self._documents[postings]] += self._weights[postings]
        return scores
