"""Whether words deny or merely suppose a rubric point: "I would never listen", "if I had time I might check".

Cautious on purpose: only what is said of the point in its own words can be denied, and one clause that
affirms it outweighs all that deny it. The word lists are `prompts/<language>/negation.yaml`, all languages'
together, because replies mix them.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Self

from app.errors import SetupError
from app.languages.files import SHIPPED, LanguageFile, LanguageFolder
from app.scoring.screening.spans import BLOT, Span
from app.scoring.screening.wording import any_of
from app.text.clauses import COLONS, COMMAS, SENTENCE_MARKS, Dot, cut, ends
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import units

STEM = 5  # letters of a word that tell what it is about: "apologise", "apologies"
SHORTEST_WORD = 4
_SENTENCE_ENDS = ends(SENTENCE_MARKS + "\n" + BLOT, Dot.NOT_IN_WORD)
_CLAUSE_ENDS = ends(COMMAS + COLONS)


class NegationFile(LanguageFile):
    """One language's file, see `prompts/zh/negation.yaml`."""

    file = "negation"

    harmless: list[str]
    negators: list[str]
    hypothetical: list[str]
    negative_points: list[str]


class Negation:
    """All languages' word lists, ready to be searched. `hash` is 16 hex digits over them."""

    def __init__(self, files: Iterable[NegationFile]) -> None:
        """Raises `re.error` on a bad pattern."""
        known = list(files)
        self.hash = hashlib.sha256("\n".join(f.model_dump_json() for f in known).encode()).hexdigest()[:16]
        self._harmless = [re.compile(pattern) for file in known for pattern in file.harmless]
        self._negators = any_of(pattern for file in known for pattern in file.negators)
        self._hypothetical = any_of(pattern for file in known for pattern in file.hypothetical)
        self._negative_points = any_of(pattern for file in known for pattern in file.negative_points)

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """The word lists of a folder of prompts; those shipped where it has none. Raises `SetupError`."""
        files = LanguageFolder(folder).all(NegationFile)
        for path, file in files.items():
            try:
                cls([file])
            except re.error as error:
                raise SetupError(f"{path}: {error}", hint="Correct the pattern.") from error
        return cls(files.values())

    def denies(self, text: str, span: Span, point: str, topic: Sequence[str] = ()) -> bool:
        """Whether the clauses of `text` that `span` touches deny or merely suppose `point`.

        What `point` shares with a text of `topic`, such as the question, doesn't tell what a clause is about.
        A point that is itself about not doing something can't be denied.
        """
        if self._negative_points.search(self._plain(fold(point).text)):
            return False
        about = _grams(point) - {gram for other in topic for gram in _grams(other)}
        denied = affirmed = False
        for sentence in _sentences(text):
            supposed = False
            for (start, end), clause in sentence:
                plain = self._plain(clause)
                if start < span[1] and end > span[0] and about & _grams(clause):
                    if supposed or self._falls_on(about, plain):
                        denied = True
                    else:
                        affirmed = True
                # "If I had time, I'd check": the supposition stands in a clause of its own.
                supposed = self._hypothetical.search(plain) is not None and not about & _grams(clause)
        return denied and not affirmed

    def _falls_on(self, about: Set[str], clause: str) -> bool:
        return any(
            bool(about & _grams(clause[match.end() :]))
            for pattern in (self._negators, self._hypothetical)
            for match in pattern.finditer(clause)
        )

    def _plain(self, clause: str) -> str:
        for pattern in self._harmless:
            clause = pattern.sub(lambda match: "\ue001" * len(match[0]), clause)
        return clause


def shipped_negation() -> Negation:
    """The word lists the service ships with."""
    return negation_in(SHIPPED)


@lru_cache
def negation_in(folder: Path) -> Negation:
    """`Negation.from_folder`, compiled once."""
    return Negation.from_folder(folder)


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    """What a text is about: pairs of characters and stems of words."""
    found = units(fold(text))
    words = {unit[:STEM] for unit in found if len(unit) >= SHORTEST_WORD and not is_by_character(unit)}
    pairs = {a + b for a, b in pairwise(found) if _is_character(a) and _is_character(b)}
    return frozenset(words | pairs)


def _is_character(unit: str) -> bool:
    return len(unit) == 1 or is_by_character(unit)


@lru_cache(maxsize=64)
def _sentences(text: str) -> list[list[tuple[Span, str]]]:
    """Each sentence's clauses with their folded words. A text is asked about once a point and quote."""
    return [
        [(clause, fold(text[slice(*clause)]).text) for clause in cut(text, _CLAUSE_ENDS, sentence)]
        for sentence in cut(text, _SENTENCE_ENDS)
    ]
