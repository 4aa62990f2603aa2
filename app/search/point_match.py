"""Which rubric points a text touches, and how likely it does."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.errors import LLMError, SetupError, StorageError
from app.search.candidates import Scope, nearest_points
from app.search.embedding import UseEmbedder
from app.search.index import Corpus, QuestionIndex
from app.search.ranking import passages, sentences
from app.search.word_match import shares_met

logger = logging.getLogger(__name__)

# Logistic regression on the training split of evals/datasets/golden, credited points against missed ones:
# constant, nearness, words. Over questions it had not seen, the area under the curve was 0.75, and 0.68 for
# points that are not compared with their neighbours.
_AMONG_OTHERS = (-2.75, 6.89, 3.87)
_ALONE = (-4.56, 2.23, 5.67)

_POOL = 60
_FROM_WORDS = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PointMatch:
    """A point by its row among the entries and how likely the text touches it, 0..1."""

    row: int
    score: float


def touched_points(index: QuestionIndex, corpus: Corpus, text: str, question_id: str) -> list[PointMatch]:
    """All points of one question, the likeliest first; none for a question that is not there.

    A sentence speaks for the point it is nearest to, by as much as it is nearer to it than to the others.
    """
    position = corpus.entries.positions.get(question_id)
    if position is None:
        return []
    points = [point.text for point in corpus.entries.question_at(position).question.points]
    near = _nearness(text, points)
    met = shares_met(index.words, corpus.lexical, points, text)
    if len(points) == 1:
        scores = _likely(_ALONE, near.max(axis=0), met)
    else:
        scores = _likely(_AMONG_OTHERS, _margins(near).max(axis=0), met)
    return _best(corpus.entries.point_rows(position), scores, len(points))


def best_points(index: QuestionIndex, corpus: Corpus, text: str, k: int) -> list[PointMatch]:
    """The k points of all questions that the text touches most, by meaning and words."""
    entries = corpus.entries
    rows: set[int] = set()
    for key in corpus.lexical.best(text, _FROM_WORDS, {}):
        for position in entries.documents.find([key])[0].tolist():
            rows.update(entries.point_rows(position))
    try:
        vectors = index.embedder.embed_queries(passages(text))
        for near in nearest_points(index, corpus, vectors, max(_POOL, k), Scope({})):
            rows.update(near)
    except (LLMError, SetupError, StorageError) as error:
        logger.warning("searching points by words alone: %s", error.detail)
    listed = sorted(rows)
    if not listed:
        return []
    points = [entries.point(row)[1].text for row in listed]
    met = shares_met(index.words, corpus.lexical, points, text)
    return _best(listed, _likely(_ALONE, _nearness(text, points).max(axis=0), met), k)


def _nearness(text: str, points: Sequence[str]) -> Floats:
    """Cosines of the text's sentences and the points: shape (sentences, points).

    Always by the carried encoder, which the weights were fitted to.
    """
    told = UseEmbedder().embed_queries(sentences(text))
    return np.asarray(told @ _vectors(tuple(points)).T, dtype=np.float64)


@lru_cache(maxsize=512)
def _vectors(points: tuple[str, ...]) -> NDArray[np.float32]:
    """A candidate says several things to the same question, whose points are embedded once."""
    return UseEmbedder().embed_passages(list(points))


def _margins(near: Floats) -> Floats:
    """By how much a sentence is nearer to each point than to the nearest other one."""
    ranked = np.sort(near, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    return near - np.where(near == best, second, best)


def _likely(weights: tuple[float, float, float], near: Floats, met: Floats) -> Floats:
    constant, of_near, of_met = weights
    return np.asarray(1 / (1 + np.exp(-(constant + of_near * near + of_met * met))), dtype=np.float64)


def _best(rows: Sequence[int], scores: Floats, k: int) -> list[PointMatch]:
    order = np.argsort(-scores, kind="stable")[:k].tolist()
    return [PointMatch(rows[number], float(scores[number])) for number in order]
