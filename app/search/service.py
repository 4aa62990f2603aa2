"""Finding questions and rubric points: nearness in meaning and words, weighed together."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.errors import BadInputError
from app.search.candidates import Scope, known_vectors
from app.search.entries import BankQuestion
from app.search.index import Corpus, QuestionIndex
from app.search.near_duplicates import diversified, wording
from app.search.point_match import PointMatch, best_points, touched_points
from app.search.ranking import POOL, gather
from app.text.fold import words

MAX_QUERY_CHARS = 20_000
MAX_HITS = 1000
_TRIES = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Hit:
    """A question that was found. `score` is in 0..1, 1 for the best, and compares hits of one search only."""

    question_id: str
    bank: str
    section: str
    text: str
    score: float


@dataclass(frozen=True)
class PointHit:
    """A rubric point that was found; `score` in 0..1 says how likely the text touches it, in any search."""

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
    competency: str | None = None,
    language: str | None = None,
    exclude: Collection[str] = (),
    diverse: float = 0.0,
) -> list[Hit]:
    """The k questions that fit the query best, best first; `exclude` holds question ids.

    The query is a topic, a job description, a résumé or a reply. With `diverse` above 0, up to 1, hits that
    resemble better ones come later and near-copies not at all. Raises `BadInputError` for a query without
    words, one longer than 20,000 characters, k outside 1..1000 or `diverse` outside 0..1.
    """
    filters = {
        name: value
        for name, value in {
            "bank": bank,
            "section": section,
            "kind": kind,
            "difficulty": difficulty,
            "competency": competency,
            "language": language,
        }.items()
        if value is not None
    }
    _check(query, k)
    if not 0 <= diverse <= 1:
        raise BadInputError(f"diverse: {diverse} is not between 0 and 1", hint="0 leaves hits as they are.")
    excluded = frozenset(exclude)

    def find(corpus: Corpus) -> list[Hit]:
        return _ranked(index, corpus, query, k, filters, excluded, diverse)

    return await asyncio.to_thread(undisturbed, index, find)


async def search_points(
    index: QuestionIndex, query: str, k: int = 5, question_id: str | None = None
) -> list[PointHit]:
    """The k rubric points, of one question or of all, that the text touches most. Raises as `search` does."""
    _check(query, k)

    def find(corpus: Corpus) -> list[PointHit]:
        if question_id is None:
            matches = best_points(index, corpus, query, k)
        else:
            matches = touched_points(index, corpus, query, question_id)[:k]
        return [_point_hit(corpus, match) for match in matches]

    return await asyncio.to_thread(undisturbed, index, find)


def near_duplicates(
    index: QuestionIndex, texts: Sequence[str], *, exclude_bank: str | None = None
) -> list[list[Hit]]:
    """For each question text the questions of all banks that nearly repeat it, best first.

    `exclude_bank` leaves one bank out. A hit's `score` is in 0.5..1, 1 for the same words or meaning, and
    compares hits of any text; a text without words repeats nothing. Blocks: call it in a thread. Raises
    `ConflictError` before the first sync, `SetupError` when the carried encoder can't be loaded.
    """

    def find(corpus: Corpus) -> list[list[Hit]]:
        return [_near_duplicates(index, corpus, text[:MAX_QUERY_CHARS], exclude_bank) for text in texts]

    return undisturbed(index, find)


def _near_duplicates(index: QuestionIndex, corpus: Corpus, text: str, exclude_bank: str | None) -> list[Hit]:
    if not words(text):
        return []
    asked = wording(text)
    hits = []
    for position in gather(index, corpus, text, POOL, Scope({})).positions:
        known = corpus.entries.question_at(position)
        other = wording(known.question.text)
        if known.bank.id != exclude_bank and asked.is_near_duplicate(other):
            hits.append(_hit(known, asked.similarity(other)))
    return sorted(hits, key=lambda hit: (-hit.score, hit.question_id))


def _check(query: str, k: int) -> None:
    if not words(query[:MAX_QUERY_CHARS]):
        raise BadInputError("query: holds no words", hint="Write what the question should be about.")
    if len(query) > MAX_QUERY_CHARS:
        raise BadInputError(f"query: is longer than {MAX_QUERY_CHARS} characters", hint="Shorten it.")
    if not 1 <= k <= MAX_HITS:
        raise BadInputError(f"k: {k} is not between 1 and {MAX_HITS}", hint="Ask for fewer or more hits.")


def undisturbed(index: QuestionIndex, find: Callable[[Corpus], T]) -> T:
    """What `find` finds in one corpus; again when a sync swapped it meanwhile and may have removed some."""
    for _ in range(_TRIES):
        corpus = index.corpus()
        found = find(corpus)
        if index.corpus() is corpus:
            break
    return found


def _ranked(
    index: QuestionIndex,
    corpus: Corpus,
    query: str,
    k: int,
    filters: dict[str, str],
    exclude: frozenset[str],
    diverse: float,
) -> list[Hit]:
    entries = corpus.entries
    excluded = frozenset(entries.positions[name] for name in exclude if name in entries.positions)
    scope = Scope(filters, entries.admitted(filters), excluded)
    evidence = gather(index, corpus, query, max(POOL, k), scope)
    scores = evidence.scores()
    order = np.lexsort((np.asarray(evidence.positions), -scores)).tolist()
    ranked = [(evidence.positions[row], float(np.exp(scores[row] - scores[order[0]]))) for row in order]
    if diverse:
        ranked = _diversified(index, corpus, ranked, k, diverse)
    return [_hit(entries.question_at(position), score) for position, score in ranked[:k]]


def _hit(found: BankQuestion, score: float) -> Hit:
    return Hit(found.question.id, found.bank.id, found.section.id, found.question.text, round(score, 6))


def _diversified(
    index: QuestionIndex, corpus: Corpus, ranked: list[tuple[int, float]], k: int, diverse: float
) -> list[tuple[int, float]]:
    texts = [corpus.entries.question_at(position).question.text for position, _ in ranked]
    vectors = known_vectors(index, corpus, [position for position, _ in ranked])
    return [ranked[row] for row in diversified(texts, [score for _, score in ranked], vectors, k, diverse)]


def _point_hit(corpus: Corpus, match: PointMatch) -> PointHit:
    owner, point = corpus.entries.point(match.row)
    question = corpus.entries.question_at(owner).question
    return PointHit(question.id, point.id, point.text, round(match.score, 6))
