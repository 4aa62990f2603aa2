"""The quote check: what is claimed as the candidate's words must be typed, and must not deny the point."""

import re
from collections.abc import Iterable

from app.scoring.card import Quote
from app.scoring.evidence.negation import Negation
from app.scoring.rubric import Answer, Item, RubricPoint
from app.text.fold import words
from app.text.quoting import find

VERSION = 2
MIN_WORD_CHARACTERS = 2
_CUT = re.compile(r"\s*(?:…+|\.{3,}|。{3,}|\n)\s*")
_BRACKETS = str.maketrans({"‹": "<", "›": ">"})


def locate(claims: Iterable[str], question: str, answer: Answer) -> list[Quote]:
    """The claims that are really there, each as an exact slice of a reply, in the order claimed.

    Compared after folding. A claim shortened with an ellipsis, or running over lines, counts by its
    pieces where it is not found whole. Too short to mean
    anything, or a mere echo of the question: no evidence.
    """
    quotes: list[Quote] = []
    for claim in claims:
        found = _occurrence(claim, question, answer)
        pieces = [found] if found else [_occurrence(p, question, answer) for p in _CUT.split(claim)]
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


def _occurrence(claim: str, question: str, answer: Answer) -> Quote | None:
    if len(words(claim)) < MIN_WORD_CHARACTERS or find(claim, question) is not None:
        return None
    for part in answer:
        # The prompt shows angle brackets as single guillemets (`as_data`), so a quote may carry those.
        span = find(claim, part.text) or find(claim.translate(_BRACKETS), part.text)
        if span is not None:
            return Quote(seq=part.seq, start=span[0], end=span[1], text=part.text[slice(*span)])
    return None
