"""Words of a text: the terms that the lexical ranking counts and the words that are compared by meaning."""

import re
from collections.abc import Iterator

from app.text.fold import fold

# Scripts written without spaces need a segmenter; everything else is split where its letters end.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[^\W_]+")


def terms(text: str) -> Iterator[str]:
    """Words of the folded text; ideographs give segmented words, all pairs of neighbours and all characters.

    Pairs find words the segmenter cuts differently in query and document; single characters find the short
    verbs that colloquial queries use where a bank writes a longer word.
    """
    folded = fold(text).text
    for run in _UNSPACED.findall(folded):
        yield from _segmented(run)
        yield from (run[start : start + 2] for start in range(len(run) - 1))
        yield from run
    yield from _WORD.findall(_UNSPACED.sub(" ", folded))


def spoken_words(text: str) -> list[str]:
    """The words of the folded text in their order, each once."""
    import rjieba

    folded = fold(text).text
    found = [word for run in _UNSPACED.findall(folded) for word in rjieba.cut(run)]
    return list(dict.fromkeys(found + _WORD.findall(_UNSPACED.sub(" ", folded))))


def _segmented(run: str) -> list[str]:
    import rjieba

    # A shorter word would count twice, as word and as pair or character.
    return [word for word in rjieba.cut_for_search(run) if len(word) > 2]
