"""Whether words of the interviewer give away what a question's rubric or reference answer looks for."""

from collections.abc import Iterable
from functools import lru_cache

from app.banks.schema import Question
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import Run, runs, stretches

# A run this long in common with the rubric is no coincidence: characters of scripts counted so, else words.
CHARACTERS_IN_COMMON = 4
WORDS_IN_COMMON = 3
# An utterance with this share of a point's own pairs says the point in other words.
SHARE_IN_COMMON = 0.4
_FEWEST_PAIRS = 3


def leaks(utterance: str, question: Question, allowed_texts: Iterable[str] = ()) -> list[str]:
    """What of the rubric or reference answer `utterance` gives away; empty when nothing.

    Wording that the candidate already knows is free: the question's text and `allowed_texts` (their replies,
    the probe). Found are runs in common with a point or the reference answer, and points whose own pairs of
    characters or words the utterance mostly holds in any order.
    """
    known_runs, known_pairs = _grams(question.text)
    for text in allowed_texts:
        more_runs, more_pairs = _grams(text)
        known_runs |= more_runs
        known_pairs |= more_pairs
    said_runs, said_pairs = _grams(utterance)
    said_runs -= known_runs
    said_pairs -= known_pairs
    found: list[str] = []
    for point in question.points:
        point_runs, point_pairs = _grams(point.text)
        own = point_pairs - known_pairs
        common = own & said_pairs
        if said_runs & point_runs:
            found.append(f"{point.id}: {_shown(said_runs & point_runs)}")
        elif len(common) >= _FEWEST_PAIRS and len(common) >= SHARE_IN_COMMON * len(own):
            found.append(f"{point.id}: {_shown(common)}")
    if question.reference_answer:
        common = said_runs & _grams(question.reference_answer)[0]
        if common:
            found.append(f"reference answer: {_shown(common)}")
    return found


# Rubric and replies are the same for every sentence that is checked.
@lru_cache(maxsize=64)
def _grams(text: str) -> tuple[frozenset[Run], frozenset[Run]]:
    """The runs and the pairs of a text, none crossing punctuation."""
    said = stretches(fold(text))
    found = frozenset(run for each in said for run in runs(each, CHARACTERS_IN_COMMON, WORDS_IN_COMMON))
    return found, frozenset(pair for each in said for pair in runs(each, 2))


def _shown(grams: frozenset[Run]) -> str:
    return ", ".join(sorted(("" if is_by_character(gram[0]) else " ").join(gram) for gram in grams))
