"""The candidate's own words for a covered point: which clause of the reply says it."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.text import fold, words

Embed = Callable[[list[str]], NDArray[np.float32]]
Span = tuple[int, int]

SHORTEST, LONGEST = 6, 60  # units
_UNIT = re.compile(r"[a-z0-9][a-z0-9'’-]*|\w", re.I)  # a Latin word, a number, or one ideograph
_CLAUSE_END = re.compile(r"[。！？；，、!?;\n…]|(?<!\d)[.,]|[.,](?!\d)")


def best_quote(point: str, answer: str, embed: Embed | None) -> Span | None:
    """The clause of `answer` closest to `point`: a half-open span in code points of `answer` as given.

    `embed` maps texts to unit vectors, `[n, dimensions]`; without it only shared character pairs count.
    None if the answer has no words.
    """
    spans = clauses(answer)
    if not spans:
        return None
    texts = [fold(answer[start:end]).text for start, end in spans]
    scores = _shared_pairs(point, texts)
    if embed is not None:
        vectors = embed([fold(point).text, *texts])
        scores = scores + _WEIGHT * (vectors[1:] @ vectors[0])
    return spans[int(np.argmax(scores))]


def clauses(answer: str) -> list[Span]:
    """The clauses of `answer` in order, without the punctuation around them.

    One shorter than `SHORTEST` units is joined to the next (the last one to the one before); one longer
    than `LONGEST` is cut.
    """
    joined: list[Span] = []
    for start, end in _between_marks(answer):
        if joined and (_units(answer, *joined[-1]) < SHORTEST):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > 1 and _units(answer, *joined[-1]) < SHORTEST:
        joined[-2:] = [(joined[-2][0], joined[-1][1])]
    return [piece for span in joined for piece in _cut(answer, *span)]


def _between_marks(answer: str) -> list[Span]:
    ends = [(m.start(), m.end()) for m in _CLAUSE_END.finditer(answer)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(answer)]
    spans = []
    for start, stop in zip(starts, stops, strict=True):
        text = answer[start:stop]
        if _UNIT.search(text):
            spans.append((start + len(text) - len(text.lstrip()), start + len(text.rstrip())))
    return spans


def _units(answer: str, start: int, end: int) -> int:
    return len(_UNIT.findall(answer, start, end)) if False else len(_UNIT.findall(answer[start:end]))


def _cut(answer: str, start: int, end: int) -> list[Span]:
    units = [(start + m.start(), start + m.end()) for m in _UNIT.finditer(answer[start:end])]
    if len(units) <= LONGEST:
        return [(start, end)]
    pieces = -(-len(units) // LONGEST)
    size = -(-len(units) // pieces)
    return [(units[i][0], units[min(i + size, len(units)) - 1][1]) for i in range(0, len(units), size)]


def _shared_pairs(point: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """For each text, the cosine of its character pairs with the point's, in 0..1."""
    wanted = _pairs(point)
    found = [_pairs(text) for text in texts]
    return np.array([len(wanted & pairs) / max(1.0, (len(wanted) * len(pairs)) ** 0.5) for pairs in found])


def _pairs(text: str) -> set[str]:
    kept = words(text)
    return {kept[i : i + 2] for i in range(len(kept) - 1)}


_WEIGHT = 1.0
