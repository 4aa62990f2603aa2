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
from app.scoring.screening.spans import Span
from app.text.clauses import COLONS, COMMAS, ELLIPSIS, SEMICOLONS, STOPS, ends
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import units

STEM = 5  # letters of a word that tell what it is about: "apologise", "apologies"
SHORTEST_WORD = 4
_CLAUSE = re.compile(rf"(?:[^{STOPS}{SEMICOLONS}{ELLIPSIS}{COMMAS}{COLONS}.\n\ue000]|\.(?=\w))+")
_SENTENCE_END = ends(STOPS + SEMICOLONS + ELLIPSIS + ".\n\ue000")


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
        self._negators = _any(pattern for file in known for pattern in file.negators)
        self._hypothetical = _any(pattern for file in known for pattern in file.hypothetical)
        self._negative_points = _any(pattern for file in known for pattern in file.negative_points)

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
        supposed = False
        for (start, end), clause in _clauses(text):
            plain = self._plain(clause)
            if start > 0 and _SENTENCE_END.match(text, start - 1):
                supposed = False
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


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


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
def _clauses(text: str) -> tuple[tuple[Span, str], ...]:
    """The clauses of a text, which is asked about once a point and quote, with their folded words."""
    return tuple((match.span(), fold(match[0]).text) for match in _CLAUSE.finditer(text))
