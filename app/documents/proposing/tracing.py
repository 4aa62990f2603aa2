"""Whether a proposed text says nothing that its source does not say, as far as words can tell."""

from collections.abc import Sequence
from itertools import pairwise

from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import units

# Of the units of a proposed point, at least these shares must be in the sentences it names: alone, and as
# neighbours. On nineteen Chinese answers of 500 characters: sentences shortened by leaving words out keep 1.0
# and 0.62 (first percentile of 124); of 1,489 pairs of a point and another sentence of its answer one passes
# (99th percentile 0.55 and 0.31); of 118 points on the same questions in other people's words, one.
UNITS = 0.8
PAIRS = 0.5
ALIKE = 0.75  # share of pairs in common from which on two points say the same
_STEM = 5  # letters of a word that inflection leaves alone


def stems(text: str) -> list[str]:
    """The units of the folded text: characters, numbers, and the first letters of words."""
    return [
        unit if unit.isdigit() or is_by_character(unit) else unit[:_STEM]
        for unit in units(fold(text), halves=True)
    ]


def shares(text: str, sources: Sequence[str]) -> tuple[float, float]:
    """The shares, 0..1, of `text`'s units and of its neighbouring units that the sources have too."""
    wanted = stems(text)
    if not wanted:
        return 0.0, 0.0
    known = [stems(source) for source in sources]
    single = {unit for source in known for unit in source}
    pairs = {pair for source in known for pair in pairwise(source)}
    wanted_pairs = list(pairwise(wanted)) or [(wanted[0], wanted[0])]
    found = sum(pair in pairs for pair in wanted_pairs) if len(wanted) > 1 else len(single & set(wanted))
    return sum(unit in single for unit in wanted) / len(wanted), found / len(wanted_pairs)


def is_traceable(text: str, sources: Sequence[str]) -> bool:
    """Whether `text` is made of what the sources say: enough of its words, mostly in the same order.

    Every number must be there. The measure sees words, not sense: that a word such as "not" was left out
    it can't tell, so a proposal still needs a person.
    """
    numbers = {unit for unit in stems(text) if unit.isdigit()}
    if not numbers <= {unit for source in sources for unit in stems(source)}:
        return False
    single, pairs = shares(text, sources)
    return single >= UNITS and pairs >= PAIRS


def says_the_same(one: str, other: str) -> bool:
    """Whether the shorter of two texts is for the most part in the longer one."""
    first, second = set(pairwise(stems(one))), set(pairwise(stems(other)))
    if not first or not second:
        return stems(one) == stems(other)
    return len(first & second) >= ALIKE * min(len(first), len(second))
