"""The quote check: what is claimed as the candidate's words must occur in what the candidate typed."""

import re
from collections.abc import Iterable

from app.scoring.card import Quote
from app.scoring.rubric import Answer
from app.text import find, words

VERSION = 1
MIN_WORD_CHARACTERS = 2
_ELLIPSIS = re.compile(r"\s*(?:…+|\.{3,}|。{3,})\s*")
_BRACKETS = str.maketrans({"‹": "<", "›": ">"})


def locate(claims: Iterable[str], question: str, answer: Answer) -> list[Quote]:
    """The claims that are really there, each as an exact slice of a reply, in the order claimed.

    Compared after folding. A claim shortened with an ellipsis counts by its pieces. Too short to mean
    anything, or a mere echo of the question: no evidence.
    """
    quotes: list[Quote] = []
    for claim in claims:
        found = _occurrence(claim, question, answer)
        pieces = [found] if found else [_occurrence(p, question, answer) for p in _ELLIPSIS.split(claim)]
        quotes.extend(quote for quote in pieces if quote is not None and quote not in quotes)
    return quotes


def _occurrence(claim: str, question: str, answer: Answer) -> Quote | None:
    if len(words(claim)) < MIN_WORD_CHARACTERS or find(claim, question) is not None:
        return None
    for part in answer:
        # The prompt shows angle brackets as single guillemets (`as_data`), so a quote may carry those.
        span = find(claim, part.text) or find(claim.translate(_BRACKETS), part.text)
        if span is not None:
            return Quote(seq=part.seq, start=span[0], end=span[1], text=part.text[slice(*span)])
    return None
