"""How well questions fit a query: meaning, shared words, kindred words and passages, weighed together."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.errors import LLMError, SetupError, StorageError
from app.search.candidates import Scope, nearest_points, nearest_questions, stored_vectors
from app.search.embedding import Vectors
from app.search.index import Corpus, QuestionIndex
from app.search.word_match import WordMatch
from app.text.clauses import COLONS, COMMAS, SEMICOLONS, STOPS, Dot, ends, pieces
from app.text.fold import words

logger = logging.getLogger(__name__)

POOL = 50
POOL_OF_PASSAGE = 20

# Without filters the nearest are known so much farther, for those that words or points have found.
WIDER = 3
COMPARED_CLOSELY = 48

MAX_PASSAGES = 12
MAX_SENTENCES = 32
MIN_CHARS = 4
LONG_CHARS = 60

_SENTENCE_ENDS = ends(STOPS + SEMICOLONS + "\n", Dot.BEFORE_SPACE)
_CLAUSE_ENDS = ends(STOPS + SEMICOLONS + COMMAS + COLONS + "\n", Dot.BEFORE_SPACE)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What each kind of evidence counts."""

    dense: float
    lexical: float
    words: float
    rubric_words: float
    passages: float


# Fitted by softmax regression on the development queries (evals/datasets/retrieval_dev.yaml) among 2,000
# questions of other occupations.
SHORT = Weights(dense=5.2, lexical=1.4, words=1.9, rubric_words=2.5, passages=0.0)
LONG = Weights(dense=2.5, lexical=3.3, words=0.2, rubric_words=0.6, passages=3.6)


@dataclass(frozen=True)
class Evidence:
    """Of each candidate, by row: what speaks for it.

    `dense` and `passages`: cosines below the best one's, in widths of the pool: 0 for the best, −1 for the
    last of the pool. `lexical`: BM25, 1 for the best. `words` and `rubric_words`: the share of the query's
    words, 0..1, that the question, and the question with its points, has kindred words for.
    """

    positions: Sequence[int]
    dense: Floats
    lexical: Floats
    words: Floats
    rubric_words: Floats
    passages: Floats
    is_long: bool

    def scores(self, short: Weights = SHORT, long: Weights = LONG) -> Floats:
        weights = long if self.is_long else short
        return (
            weights.dense * self.dense
            + weights.lexical * self.lexical
            + weights.words * self.words
            + weights.rubric_words * self.rubric_words
            + weights.passages * self.passages
        )


def gather(index: QuestionIndex, corpus: Corpus, query: str, pool: int, scope: Scope) -> Evidence:
    """The evidence for the questions that may fit the query best; words alone when vectors can't be had."""
    lexical = _lexical(corpus, query, pool, scope)
    parts = passages(query)
    near: dict[int, float] = {}
    vectors = None
    try:
        vectors = index.embedder.embed_queries(parts)
        width = WIDER * pool if scope.admitted is None else pool
        near = nearest_questions(index, corpus, vectors[:1], width, scope)[0]
        through = _through_points(index, corpus, vectors, pool, scope)
        positions = _promising(list(near)[:pool], lexical, through, max(COMPARED_CLOSELY, pool))
        dense, spread = _below_best(near, positions, pool)
        told = (
            _told(index, corpus, positions, vectors, spread) if len(parts) > 1 else np.zeros(len(positions))
        )
    except (LLMError, SetupError, StorageError) as error:
        logger.warning("searching by words alone: %s", error.detail)
        positions = list(lexical)
        dense = told = np.zeros(len(positions))
    match = WordMatch(index.words, corpus.lexical, query)
    words, rubric_words = match.shares([_texts(corpus, position) for position in positions])
    return Evidence(
        positions=positions,
        dense=dense,
        lexical=np.array([lexical.get(position, 0.0) for position in positions]),
        words=words,
        rubric_words=rubric_words,
        passages=told,
        is_long=len(parts) > 1,
    )


def _lexical(corpus: Corpus, query: str, pool: int, scope: Scope) -> dict[int, float]:
    """BM25 of the best questions by position, the best at 1."""
    entries = corpus.entries
    excluded = [int(entries.document_keys[position]) for position in scope.excluded]
    best = corpus.lexical.best(query, pool, scope.filters, excluded)
    top = max(best.values(), default=1.0)
    return {
        int(position): score / top
        for (_, score), positions in zip(best.items(), entries.documents.find(list(best)), strict=True)
        for position in positions
    }


def _through_points(
    index: QuestionIndex, corpus: Corpus, vectors: Vectors, pool: int, scope: Scope
) -> dict[int, float]:
    """The questions whose points are nearest to a passage, with the best cosine."""
    through: dict[int, float] = {}
    for found in nearest_points(
        index, corpus, vectors, pool if len(vectors) == 1 else POOL_OF_PASSAGE, scope
    ):
        for row, cosine in found.items():
            position = int(corpus.entries.point_owners[row])
            through[position] = max(cosine, through.get(position, -1.0))
    return through


def _promising(
    near: Sequence[int], lexical: Mapping[int, float], through: Mapping[int, float], limit: int
) -> list[int]:
    """The union of the rankings, cut by the sum of reciprocal ranks (Cormack et al. 2009)."""
    ranks: dict[int, float] = {}
    for ranking in (near, lexical, sorted(through, key=lambda position: -through[position])):
        for rank, position in enumerate(ranking):
            ranks[position] = ranks.get(position, 0.0) + 1 / (20 + rank)
    return sorted(ranks, key=lambda position: (-ranks[position], position))[:limit]


def _below_best(near: Mapping[int, float], positions: Sequence[int], pool: int) -> tuple[Floats, float]:
    """Cosines less the best one's in widths of the pool, and that width; what is far counts as the last."""
    cosines = list(near.values())
    if not cosines:
        return np.zeros(len(positions)), 1.0
    best, farthest = cosines[0], cosines[-1]
    spread = max(best - cosines[min(pool, len(cosines)) - 1], 1e-3)
    return np.array([near.get(position, farthest) - best for position in positions]) / spread, spread


def _told(
    index: QuestionIndex, corpus: Corpus, positions: Sequence[int], vectors: Vectors, spread: float
) -> Floats:
    """How well the passages are met, each by the point that meets it best, less the best question's.

    Late interaction as in ColBERT (Khattab and Zaharia 2020), of passages instead of tokens.
    """
    entries = corpus.entries
    rows = [entries.point_rows(position) for position in positions]
    flat = np.array([row for each in rows for row in each], dtype=np.int64)
    here, stored = stored_vectors(index, corpus, "points", flat)
    met = np.full((len(vectors), len(entries.point_owners[flat])), -1.0)
    place = {int(row): number for number, row in enumerate(here)}
    columns = [number for number, row in enumerate(flat.tolist()) if row in place]
    if columns:
        met[:, columns] = vectors @ stored.T
    ends = np.cumsum([len(each) for each in rows])
    told = np.array(
        [met[:, end - len(each) : end].max(axis=1).mean() for each, end in zip(rows, ends, strict=True)]
    )
    return (told - told.max(initial=-1.0)) / spread if len(told) else told


def _texts(corpus: Corpus, position: int) -> list[str]:
    question = corpus.entries.question_at(position).question
    return [question.text, *(point.text for point in question.points)]


def passages(query: str) -> list[str]:
    """The query itself and, if it is long, its clauses: at most 12, spread evenly over it."""
    if len(query) <= LONG_CHARS:
        return [query]
    told = list(dict.fromkeys(part for part in pieces(query, _CLAUSE_ENDS) if len(words(part)) >= MIN_CHARS))
    return [query, *_merged(told, MAX_PASSAGES)] if len(told) > 1 else [query]


def sentences(text: str) -> list[str]:
    """The sentences of a text, the text itself if it has none: at most 32, neighbours joined beyond."""
    told = [part for part in pieces(text, _SENTENCE_ENDS) if len(words(part)) >= MIN_CHARS]
    return _merged(told, MAX_SENTENCES) or [text]


def _merged(parts: list[str], limit: int) -> list[str]:
    """At most `limit` texts, neighbours joined."""
    if len(parts) <= limit:
        return parts
    edges = [round(number * len(parts) / limit) for number in range(limit + 1)]
    return ["，".join(parts[start:end]) for start, end in pairwise(edges)]
