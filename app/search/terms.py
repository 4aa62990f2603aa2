"""Words of a text: the terms that the lexical ranking counts and the words that are compared by meaning."""

from collections.abc import Iterator

from app.text.fold import fold
from app.text.scripts import is_by_character, is_segmented
from app.text.units import runs, unit_places


def terms(text: str) -> Iterator[str]:
    """Words of the folded text; characters give segmented words, all pairs of neighbours and each one alone.

    Pairs find words the segmenter cuts differently in query and document; single characters find the short
    verbs that colloquial queries use where a bank writes a longer word.
    """
    unbroken, words = _parted(text)
    for run in unbroken:
        yield from _long_words(run)
        yield from map("".join, runs(run, 2))
        yield from run
    yield from words


def spoken_words(text: str) -> list[str]:
    """The words of the folded text, each once: first those that are not parted by spaces, in their order."""
    import rjieba

    unbroken, words = _parted(text)
    found = [
        word
        for run in unbroken
        for word in (rjieba.cut("".join(run)) if is_segmented(run[0]) else ["".join(run)])
    ]
    return list(dict.fromkeys(found + words))


def _parted(text: str) -> tuple[list[list[str]], list[str]]:
    """The runs of characters with nothing between them, those for the segmenter apart, and the words."""
    unbroken: list[list[str]] = []
    words: list[str] = []
    end = -1
    for unit in unit_places(fold(text), halves=True):
        if not is_by_character(unit.text):
            words.append(unit.text)
            continue
        if unit.start != end or is_segmented(unit.text) != is_segmented(unbroken[-1][0]):
            unbroken.append([])
        unbroken[-1].append(unit.text)
        end = unit.end
    return unbroken, words


def _long_words(run: list[str]) -> list[str]:
    import rjieba

    found = rjieba.cut_for_search("".join(run)) if is_segmented(run[0]) else ["".join(run)]
    # A shorter word would count twice, as word and as pair or character.
    return [word for word in found if len(word) > 2]
