"""The candidate's own words as evidence: found where a judge gives none, checked where it claims some.

What is claimed must be typed, and must not deny the point.
"""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.scoring.card import Quote
from app.scoring.evidence.negation import Negation
from app.scoring.rubric import Answer, AnswerPart, Item, RubricPoint
from app.text.clauses import COMMA_NOT_IN_NUMBER, SENTENCE_MARKS, Dot, Span, cut, ends
from app.text.fold import FoldedText, fold, words
from app.text.quoting import find
from app.text.units import Unit, letter_pairs, unit_places

Embed = Callable[[list[str]], NDArray[np.float32]]

SHORTEST, LONGEST = 6, 60  # units of a quote
_SENTENCE_ENDS = ends(SENTENCE_MARKS + "\n", Dot.NOT_IN_NUMBER)
_CLAUSE_ENDS = ends(SENTENCE_MARKS + "，\n", Dot.NOT_IN_NUMBER, COMMA_NOT_IN_NUMBER)
VERSION = 2  # of the check of what is claimed
MIN_WORD_CHARACTERS = 2
_CUT = re.compile(r"\s*(?:…+|\.{3,}|。{3,}|\n)\s*")
_BRACKETS = str.maketrans({"‹": "<", "›": ">"})


def best_quote(point: str, answer: str, embed: Embed | None, others: Sequence[str] = ()) -> Span | None:
    """The words of `answer` closest to `point`: a half-open span in code points of `answer` as given.

    The best sentence, or the best clauses of one longer than `LONGEST`. `embed` maps texts to unit vectors,
    `[n, dimensions]`; without it only shared character pairs count. `others`, the question's other points,
    make the choice much better: what all points share says nothing about this one. None if the answer has
    no words.
    """
    quotes = _spans(answer, _SENTENCE_ENDS)
    if not quotes:
        return None
    clauses = _spans(answer, _CLAUSE_ENDS)
    if embed is None:
        scores = _shared_pairs(point, [answer[start:end] for start, end in quotes + clauses])
    else:
        asked = [fold(text).text for text in (point, *others)]
        said = [fold(answer[start:end]).text for start, end in quotes + clauses]
        vectors = embed(asked + said)
        topic = vectors[: len(asked)].mean(axis=0) if others else 0.0
        scores = vectors[len(asked) :] @ (vectors[0] - topic)
    of_quotes, of_clauses = scores[: len(quotes)], scores[len(quotes) :]
    totals = [
        score
        + max(of_clauses[i] for i, clause in enumerate(clauses) if clause[0] < end and clause[1] > start)
        for score, (start, end) in zip(of_quotes, quotes, strict=True)
    ]
    return quotes[int(np.argmax(totals))]


def _spans(answer: str, ends: re.Pattern[str]) -> list[Span]:
    """What stands between the `ends`, trimmed; too short pieces joined to a neighbour, too long ones cut."""
    joined: list[Span] = []
    for start, end in cut(answer, ends):
        if joined and _units(answer, joined[-1]) < SHORTEST:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > 1 and _units(answer, joined[-1]) < SHORTEST:
        joined[-2:] = [(joined[-2][0], joined[-1][1])]
    return [piece for span in joined for piece in _shortened(answer, span)]


def _shortened(answer: str, span: Span) -> list[Span]:
    """The span itself, or runs of its clauses up to `LONGEST` units, or runs of units for want of clauses."""
    if _units(answer, span) <= LONGEST:
        return [span]
    pieces: list[Span] = []
    for clause in cut(answer, _CLAUSE_ENDS, span):
        if pieces and _units(answer, (pieces[-1][0], clause[1])) <= LONGEST:
            pieces[-1] = (pieces[-1][0], clause[1])
        elif _units(answer, clause) <= LONGEST:
            pieces.append(clause)
        else:
            places = _places(answer, clause)
            runs = [places[i : i + LONGEST] for i in range(0, len(places), LONGEST)]
            pieces += [(clause[0] + run[0].start, clause[0] + run[-1].end) for run in runs]
    return pieces


def _units(answer: str, span: Span) -> int:
    return len(_places(answer, span))


def _places(answer: str, span: Span) -> list[Unit]:
    """The units of a part of the answer, words that hyphens join as one."""
    return unit_places(answer[slice(*span)].replace("-", "’"))


def _shared_pairs(point: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """For each text, the cosine of its set of character pairs with the point's, in 0..1."""
    wanted = letter_pairs(point)
    shares = []
    for text in texts:
        found = letter_pairs(text)
        shares.append(len(wanted & found) / max(1.0, (len(wanted) * len(found)) ** 0.5))
    return np.array(shares)


def locate(claims: Iterable[str], question: str, answer: Answer) -> list[Quote]:
    """The claims that are really there, each as an exact slice of a reply, in the order claimed.

    Compared after folding. A claim shortened with an ellipsis, or running over lines, counts by its
    pieces where it is not found whole. Too short to mean anything, or an echo of the question: no evidence.
    """
    quotes: list[Quote] = []
    asked, typed = fold(question), [(part, fold(part.text)) for part in answer]
    for claim in claims:
        found = _occurrence(claim, asked, typed)
        pieces = [found] if found else [_occurrence(p, asked, typed) for p in _CUT.split(claim)]
        quotes.extend(quote for quote in pieces if quote is not None and quote not in quotes)
    return quotes


def bearing(
    quotes: Iterable[Quote], point: RubricPoint, item: Item, answer: Answer, negation: Negation
) -> list[Quote]:
    """The quotes that do not deny or merely suppose `point`; see `Negation.denies`."""
    texts = {part.seq: part.text for part in answer}
    return [
        quote
        for quote in quotes
        if not negation.denies(texts[quote.seq], (quote.start, quote.end), point.text, [item.question])
    ]


def _occurrence(
    claim: str, question: FoldedText, answer: Sequence[tuple[AnswerPart, FoldedText]]
) -> Quote | None:
    said = fold(claim)
    if len(words(said)) < MIN_WORD_CHARACTERS or find(said, question) is not None:
        return None
    for part, folded in answer:
        # The prompt shows angle brackets as single guillemets (`neutralised`), so a quote may carry those.
        span = find(said, folded) or find(claim.translate(_BRACKETS), folded)
        if span is not None:
            return Quote(seq=part.seq, start=span[0], end=span[1], text=part.text[slice(*span)])
    return None
