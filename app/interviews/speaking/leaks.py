"""Whether words of the interviewer give away what a question's rubric or reference answer looks for."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from app.banks.schema import Question
from app.text.fold import fold

# A run this long in common with the rubric is no coincidence: characters in unspaced scripts, else words.
CHARACTERS_IN_COMMON = 4
WORDS_IN_COMMON = 3
# An utterance with this share of a point's own pairs says the point in other words.
SHARE_IN_COMMON = 0.4
_FEWEST_PAIRS = 3
# A word, with inner apostrophes, or a stretch of punctuation.
_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|(?:_|[^\w\s])+")

Gram = tuple[str, ...]


def leaks(utterance: str, question: Question, allowed_texts: Iterable[str] = ()) -> list[str]:
    """What of the rubric or reference answer `utterance` gives away; empty when nothing.

    Wording that the candidate already knows is free: the question's text and `allowed_texts` (their replies,
    the probe). Found are runs in common with a point or the reference answer, and points whose own pairs of
    characters or words the utterance mostly holds in any order.
    """
    known_runs, known_pairs = _grams(question.text)
    for text in allowed_texts:
        runs, pairs = _grams(text)
        known_runs |= runs
        known_pairs |= pairs
    said_runs, said_pairs = _grams(utterance)
    said_runs -= known_runs
    said_pairs -= known_pairs
    found: list[str] = []
    for point in question.points:
        runs, pairs = _grams(point.text)
        own = pairs - known_pairs
        common = own & said_pairs
        if said_runs & runs:
            found.append(f"{point.id}: {_shown(said_runs & runs)}")
        elif len(common) >= _FEWEST_PAIRS and len(common) >= SHARE_IN_COMMON * len(own):
            found.append(f"{point.id}: {_shown(common)}")
    if question.reference_answer:
        runs, _ = _grams(question.reference_answer)
        if said_runs & runs:
            found.append(f"reference answer: {_shown(said_runs & runs)}")
    return found


def tokens(text: str) -> list[list[str]]:
    """The folded text as stretches between punctuation: unspaced scripts by character, others by word."""
    stretches: list[list[str]] = [[]]
    for piece in _PIECE.finditer(fold(text).text):
        if not piece[0][0].isalnum():
            stretches.append([])
            continue
        for unspaced, characters in groupby(re.sub("['’]", "", piece[0]), key=is_unspaced):
            run = "".join(characters)
            stretches[-1].extend(run if unspaced else [run])
    return [stretch for stretch in stretches if stretch]


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script written without spaces (CJK ideographs, kana, Thai …)."""
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\u0e00" <= character <= "\u0eff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def _grams(text: str) -> tuple[set[Gram], set[Gram]]:
    """The runs and the pairs of a text, none crossing punctuation."""
    runs: set[Gram] = set()
    pairs: set[Gram] = set()
    for stretch in tokens(text):
        for start in range(len(stretch)):
            pair = stretch[start : start + 2]
            if len(pair) == 2:
                pairs.add(tuple(pair))
            length = CHARACTERS_IN_COMMON if is_unspaced(stretch[start][0]) else WORDS_IN_COMMON
            run = stretch[start : start + length]
            if len(run) == length:
                runs.add(tuple(run))
    return runs, pairs


def _shown(grams: set[Gram]) -> str:
    return ", ".join(sorted(_joined(gram) for gram in grams))


def _joined(gram: Sequence[str]) -> str:
    return ("" if is_unspaced(gram[0][0]) else " ").join(gram)
