"""From entries that are missing to rows for the index: batches of questions with their points, embedded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search.embedding import Embedder, Vectors
from app.search.entries import KINDS, BankQuestion, Entries, EntryKind

BATCH = 256
"""Texts embedded at once."""


@dataclass(frozen=True)
class Row:
    """One vector to write: its content's key and the entry it was first met in."""

    key: int
    entry: str
    vector: NDArray[np.float32]


Rows = Mapping[EntryKind, list[Row]]


@dataclass(frozen=True)
class Batch:
    """Questions whose vectors are missing, and points (question, number) whose vectors are."""

    questions: list[tuple[int, BankQuestion]]
    points: list[tuple[int, BankQuestion, int]]


def batches(entries: Entries, missing: Mapping[EntryKind, set[int]]) -> Iterator[Batch]:
    """Everything missing, each content once, in the entries' order; `missing` is emptied on the way."""
    batch, texts = Batch([], []), 0
    for position in _incomplete(entries, missing):
        found = entries.question_at(position)
        key = int(entries.keys["questions"][position])
        if key in missing["questions"]:
            missing["questions"].discard(key)
            batch.questions.append((key, found))
            texts += 1 + len(found.question.points)
        for number, row in enumerate(entries.point_rows(position)):
            key = int(entries.keys["points"][row])
            if key in missing["points"]:
                missing["points"].discard(key)
                batch.points.append((key, found, number))
                texts += 1
        if texts >= BATCH:
            yield batch
            batch, texts = Batch([], []), 0
    if batch.questions or batch.points:
        yield batch


def embedded(batch: Batch, embedder: Embedder) -> Rows:
    """The rows of a batch, each text embedded once.

    A question's vector is the mean of its text's and of its points' mean, so that it is found by what it asks
    and by what it wants to hear.
    """
    alone = [found.question.points[number].text for _, found, number in batch.points]
    whole = [
        text
        for _, found in batch.questions
        for text in (found.question.text, *(point.text for point in found.question.points))
    ]
    vectors = _embedded([*alone, *whole], embedder)
    rows: dict[EntryKind, list[Row]] = {kind: [] for kind in KINDS}
    for (key, found, number), text in zip(batch.points, alone, strict=True):
        name = f"{found.question.id}#{found.question.points[number].id}"
        rows["points"].append(Row(key, name, vectors[text]))
    if batch.questions:
        for (key, found), vector in zip(batch.questions, _means(batch, vectors), strict=True):
            rows["questions"].append(Row(key, found.question.id, vector))
    return rows


def _embedded(texts: list[str], embedder: Embedder) -> Mapping[str, NDArray[np.float32]]:
    texts = list(dict.fromkeys(texts))
    return dict(zip(texts, embedder.embed_passages(texts), strict=True))


def _means(batch: Batch, vectors: Mapping[str, NDArray[np.float32]]) -> Vectors:
    """One vector for each question: shape (n, dimension)."""
    means = []
    for _, found in batch.questions:
        points = np.mean([vectors[point.text] for point in found.question.points], axis=0)
        means.append(_unit(vectors[found.question.text] + points))
    return np.stack(means)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector at length 1; the zero vector stays."""
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)


def _incomplete(entries: Entries, missing: Mapping[EntryKind, set[int]]) -> list[int]:
    lacking = np.zeros(len(entries), dtype=np.bool_)
    questions = np.fromiter(missing["questions"], np.uint64)
    points = np.fromiter(missing["points"], np.uint64)
    lacking[np.isin(entries.keys["questions"], questions)] = True
    lacking[entries.point_owners[np.isin(entries.keys["points"], points)]] = True
    positions: list[int] = np.flatnonzero(lacking).tolist()
    return positions
