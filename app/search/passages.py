"""The parts of a long query: a job description or a reply says many things, each of which finds its own."""

import re
from itertools import pairwise

from app.text.fold import words

MAX_PASSAGES = 12
MAX_SENTENCES = 32
MIN_CHARS = 4
LONG_CHARS = 60

_SENTENCE_ENDS = re.compile(r"[。！？!?\n；;]|\.\s")
_ENDS = re.compile(r"[。！？!?\n；;，,：:]|\.\s")


def passages(query: str) -> list[str]:
    """The query itself and, if it is long, its clauses: at most 12, spread evenly over it."""
    if len(query) <= LONG_CHARS:
        return [query]
    clauses = [part.strip() for part in _ENDS.split(query)]
    told = list(dict.fromkeys(part for part in clauses if len(words(part)) >= MIN_CHARS))
    if len(told) < 2:
        return [query]
    return [query, *_merged(told, MAX_PASSAGES)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, the text itself if it has none: at most 32, neighbours joined beyond."""
    told = [part.strip() for part in _SENTENCE_ENDS.split(text)]
    return _merged([part for part in told if len(words(part)) >= MIN_CHARS], MAX_SENTENCES) or [text]


def _merged(parts: list[str], limit: int) -> list[str]:
    """At most `limit` texts, neighbours joined."""
    if len(parts) <= limit:
        return parts
    edges = [round(number * len(parts) / limit) for number in range(limit + 1)]
    return ["，".join(parts[start:end]) for start, end in pairwise(edges)]
