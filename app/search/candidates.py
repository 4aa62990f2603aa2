"""Which entries are nearest by meaning, among all or among those that fit filters."""

import logging
import math
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from app.errors import SetupError, StorageError
from app.search.embedding import Vectors
from app.search.entries import EntryKind, Positions
from app.search.index import Corpus, QuestionIndex

logger = logging.getLogger(__name__)

# So few entries are compared one by one; among more the nearest of all are looked through, further and
# further, until enough of them fit. Chroma's own filters took 24 ms to 1.4 s, whatever they let through.
COMPARED = 2048
_MOST_FETCHED = 4096
_KEPT_BYTES = 64_000_000

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scope:
    """Which entries may be found: those the filters admit, by position, without the excluded ones."""

    filters: Mapping[str, str]
    admitted: Mask | None = None
    excluded: frozenset[int] = frozenset()

    def __contains__(self, position: int) -> bool:
        return position not in self.excluded and (self.admitted is None or bool(self.admitted[position]))


@dataclass(frozen=True)
class _Slice:
    """Vectors as whole numbers from −127 to 127 and what to multiply them with: cosines differ by 0.002."""

    positions: Positions
    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, positions: Positions, vectors: Vectors) -> "_Slice":
        scales = np.abs(vectors).max(axis=1, initial=1e-9) / 127
        return cls(positions, np.rint(vectors / scales[:, None]).astype(np.int8), scales)

    def cosines(self, vectors: Vectors) -> Vectors:
        """Shape (vectors, positions)."""
        return (vectors @ self.numbers.T.astype(np.float32)) * self.scales


class _Slices:
    """The vectors of the filters used last; they go with the corpus they belong to."""

    def __init__(self) -> None:
        self._kept: LRUCache[frozenset[tuple[str, str]], _Slice] = LRUCache(
            _KEPT_BYTES, getsizeof=lambda kept: kept.numbers.nbytes
        )
        self._lock = threading.Lock()

    def get(self, index: QuestionIndex, corpus: Corpus, scope: Scope, admitted: Mask) -> _Slice:
        name = frozenset(scope.filters.items())
        with self._lock:
            if name in self._kept:
                return self._kept[name]
        found = _Slice.of(*stored_vectors(index, corpus, "questions", np.flatnonzero(admitted)))
        if len(found.positions) < np.count_nonzero(admitted):
            return found  # a sync is still writing the rest
        with self._lock:
            self._kept[name] = found
        return found


_slices: WeakKeyDictionary[Corpus, _Slices] = WeakKeyDictionary()


def nearest_questions(
    index: QuestionIndex, corpus: Corpus, vectors: Vectors, k: int, scope: Scope
) -> list[dict[int, float]]:
    """For each vector the k nearest questions in the scope by position with their cosine, nearest first."""
    admitted = scope.admitted
    if admitted is not None and np.count_nonzero(admitted) <= COMPARED:
        part = _slices.setdefault(corpus, _Slices()).get(index, corpus, scope, admitted)
        return _nearest_of(part, vectors, k, scope.excluded)
    share = 1.0 if admitted is None else np.count_nonzero(admitted) / len(admitted)
    return _among_all(index, corpus, "questions", vectors, k, scope, share)


def nearest_points(
    index: QuestionIndex, corpus: Corpus, vectors: Vectors, k: int, scope: Scope
) -> list[dict[int, float]]:
    """The nearest rubric points of the questions in the scope, as `nearest_questions` finds questions.

    With rare filters fewer than k may be found.
    """
    owners = corpus.entries.point_owners
    admitted = None if scope.admitted is None else scope.admitted[owners]
    excluded = frozenset(row for position in scope.excluded for row in corpus.entries.point_rows(position))
    points = Scope(scope.filters, admitted, excluded)
    share = 1.0 if admitted is None else max(float(admitted.mean()), 0.25)
    return _among_all(index, corpus, "points", vectors, k, points, share, again=False)


def stored_vectors(
    index: QuestionIndex, corpus: Corpus, kind: EntryKind, positions: Positions
) -> tuple[Positions, Vectors]:
    """Those positions whose vectors are stored, and the vectors: shape (n, dimension)."""
    keys = corpus.entries.keys[kind][positions].tolist()
    stored = index.vectors(kind, keys)
    here = np.array([key in stored for key in keys], dtype=np.bool_)
    if not here.any():
        return positions[:0], np.empty((0, 0), dtype=np.float32)
    return positions[here], np.stack([stored[key] for key in keys if key in stored])


def known_vectors(index: QuestionIndex, corpus: Corpus, positions: Sequence[int]) -> Vectors:
    """The vectors of questions, zeros where they can't be had: shape (n, dimension)."""
    try:
        here, stored = stored_vectors(index, corpus, "questions", np.asarray(positions, dtype=np.int64))
    except (SetupError, StorageError) as error:
        logger.warning("spreading hits by their scores alone: %s", error.detail)
        return np.zeros((len(positions), 1), dtype=np.float32)
    rows = dict(zip(here.tolist(), stored, strict=True))
    nothing = np.zeros(stored.shape[1], dtype=np.float32)
    return np.array([rows.get(position, nothing) for position in positions])


def _nearest_of(part: _Slice, vectors: Vectors, k: int, excluded: Collection[int]) -> list[dict[int, float]]:
    if not len(part.positions):
        return [{} for _ in vectors]
    found = []
    for cosines in part.cosines(vectors):
        best = np.argsort(-cosines, kind="stable")[: k + len(excluded)]
        near = {int(part.positions[row]): float(cosines[row]) for row in best}
        found.append(dict([item for item in near.items() if item[0] not in excluded][:k]))
    return found


def _among_all(
    index: QuestionIndex,
    corpus: Corpus,
    kind: EntryKind,
    vectors: Vectors,
    k: int,
    scope: Scope,
    share: float,
    *,
    again: bool = True,
) -> list[dict[int, float]]:
    total = len(corpus.entries.keys[kind])
    if not total or not share:
        return [{} for _ in vectors]
    wanted = min(k, int(share * total) - len(scope.excluded))
    fetched = min(math.ceil(1.3 * k / share) + len(scope.excluded) + 10, _MOST_FETCHED)
    while True:
        found = [_in_scope(corpus, kind, near, k, scope) for near in index.nearest(kind, vectors, fetched)]
        if not again or fetched >= _MOST_FETCHED or all(len(each) >= wanted for each in found):
            return found
        fetched = min(4 * fetched, _MOST_FETCHED)


def _in_scope(
    corpus: Corpus, kind: EntryKind, near: Mapping[int, float], k: int, scope: Scope
) -> dict[int, float]:
    found: dict[int, float] = {}
    for (_, cosine), positions in zip(
        near.items(), corpus.entries.tables[kind].find(list(near)), strict=True
    ):
        for position in positions.tolist():
            if position in scope and len(found) < k:
                found[position] = cosine
    return found
