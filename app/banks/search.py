"""Finding questions and rubric points: dense and lexical rankings, fused."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.banks.index import Corpus, QuestionIndex
from app.banks.indexed_text import EntryKind, IndexedText
from app.errors import BadInputError, LLMError, SetupError, StorageError
from app.text import words

logger = logging.getLogger(__name__)

MAX_QUERY_CHARS = 20_000
MAX_HITS = 1000
POOL = 30

# Measured on colloquial queries over the shipped banks, with and without 60 questions of other occupations
# among them: shares from 0.2 to 0.3 put most right questions first; equal shares did worse than dense alone.
LEXICAL_SHARE = 0.25


@dataclass(frozen=True)
class Hit:
    """A question that was found. `score` is in 0..1 and compares hits of one search only."""

    question_id: str
    bank: str
    section: str
    text: str
    score: float


@dataclass(frozen=True)
class PointHit:
    """A rubric point that was found; `score` as in `Hit`."""

    question_id: str
    point_id: str
    text: str
    score: float


async def search(
    index: QuestionIndex,
    query: str,
    k: int = 5,
    *,
    bank: str | None = None,
    section: str | None = None,
    kind: str | None = None,
    difficulty: str | None = None,
    language: str | None = None,
    exclude: Collection[str] = (),
) -> list[Hit]:
    """The k questions that fit the query best, best first; `exclude` holds question ids.

    Raises `BadInputError` for a query without words, one longer than 20,000 characters, or k outside 1..1000.
    """
    filters = {"bank": bank, "section": section, "kind": kind, "difficulty": difficulty, "language": language}
    found = await _search(index, "questions", query, k, filters, exclude)
    return [Hit(entry.question_id, entry.bank, entry.section, entry.text, score) for entry, score in found]


async def search_points(
    index: QuestionIndex, query: str, k: int = 5, question_id: str | None = None
) -> list[PointHit]:
    """The k rubric points, of one question or of all, that fit the query best. Raises as `search` does."""
    found = await _search(index, "points", query, k, {"question_id": question_id}, ())
    return [PointHit(entry.question_id, entry.point_id, entry.text, score) for entry, score in found]


async def _search(
    index: QuestionIndex,
    kind: EntryKind,
    query: str,
    k: int,
    filters: Mapping[str, str | None],
    exclude: Collection[str],
) -> list[tuple[IndexedText, float]]:
    if not words(query[:MAX_QUERY_CHARS]):
        raise BadInputError("query: holds no words", hint="Write what the question should be about.")
    if len(query) > MAX_QUERY_CHARS:
        raise BadInputError(f"query: is longer than {MAX_QUERY_CHARS} characters", hint="Shorten it.")
    if not 1 <= k <= MAX_HITS:
        raise BadInputError(f"k: {k} is not between 1 and {MAX_HITS}", hint="Ask for fewer or more hits.")
    wanted = {name: value for name, value in filters.items() if value is not None}
    return await asyncio.to_thread(_ranked, index, kind, query, k, wanted, frozenset(exclude))


def _ranked(
    index: QuestionIndex,
    kind: EntryKind,
    query: str,
    k: int,
    wanted: Mapping[str, str],
    exclude: frozenset[str],
) -> list[tuple[IndexedText, float]]:
    corpus = index.corpus(kind)
    if not corpus.entries:
        return []
    pool = max(POOL, k)
    scores: dict[int, float] = {}
    for share, ranking in (
        (1 - LEXICAL_SHARE, _dense(index, corpus, kind, query, pool, wanted, exclude)),
        (LEXICAL_SHARE, _lexical(corpus, query, pool, wanted, exclude)),
    ):
        for position, score in ranking.items():
            scores[position] = scores.get(position, 0.0) + share * score
    best = sorted(scores, key=lambda position: (-scores[position], position))[:k]
    return [(corpus.entries[position], round(scores[position], 6)) for position in best]


def _dense(
    index: QuestionIndex,
    corpus: Corpus,
    kind: EntryKind,
    query: str,
    pool: int,
    wanted: Mapping[str, str],
    exclude: frozenset[str],
) -> dict[int, float]:
    """Cosines of the nearest entries by position, stretched: the nearest has 1, the last of the pool 0.

    Empty, with a warning, when the embedding or Chroma fails: words alone still find.
    """
    try:
        vector = index.embedder.embed_queries([query])[0]
        nearest = index.nearest(kind, vector, min(pool, len(corpus.entries)), _where(wanted, exclude))
    except (LLMError, SetupError, StorageError) as error:
        logger.warning("searching by words alone: %s", error.detail)
        return {}
    known = {corpus.positions[name]: cosine for name, cosine in nearest.items() if name in corpus.positions}
    if not known:
        return {}
    low, high = min(known.values()), max(known.values())
    return {place: (cosine - low) / (high - low) if high > low else 1.0 for place, cosine in known.items()}


def _lexical(
    corpus: Corpus, query: str, pool: int, wanted: Mapping[str, str], exclude: frozenset[str]
) -> dict[int, float]:
    """BM25 of the best entries by position, the best at 1; entries that share no term are left out."""
    scores = corpus.lexical.scores(query)
    matching = np.flatnonzero(scores)
    best: dict[int, float] = {}
    for position in matching[np.argsort(-scores[matching], kind="stable")].tolist():
        if _fits(corpus.entries[position], wanted, exclude):
            best[position] = float(scores[position])
            if len(best) == pool:
                break
    top = max(best.values(), default=1.0)
    return {position: score / top for position, score in best.items()}


def _fits(entry: IndexedText, wanted: Mapping[str, str], exclude: frozenset[str]) -> bool:
    return entry.question_id not in exclude and all(
        getattr(entry, name) == value for name, value in wanted.items()
    )


def _where(wanted: Mapping[str, str], exclude: frozenset[str]) -> dict[str, Any] | None:
    clauses: Sequence[dict[str, Any]] = [{name: value} for name, value in wanted.items()]
    if exclude:
        clauses = [*clauses, {"question_id": {"$nin": sorted(exclude)}}]
    if len(clauses) > 1:
        return {"$and": list(clauses)}
    return clauses[0] if clauses else None
