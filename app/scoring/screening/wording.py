"""The guard's words, from `prompts/<language>/guard.yaml`: stock phrases, and how replies address a grader.

The words of all languages count together, because an appeal to the grader may come in any of them.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field

from app.errors import SetupError
from app.languages.files import SHIPPED, LanguageFile, LanguageFolder, Strict
from app.text.fold import FoldedText, words

_NAME = re.compile(r"%(\w+)%")


class Tags(Strict):
    """Names of tags: `candidate` encloses the reply itself, `grader` begins the name of whatever does not."""

    candidate: list[str] = Field(default_factory=list)
    grader: list[str] = Field(default_factory=list)


class WordingFile(LanguageFile):
    """One language's file. Patterns are searched in a folded clause; `%name%` is a `vocabulary` entry.

    `addressing` alone gives a clause away, unless one of `unless` occurs in it; `weak` only beside such a
    clause. A sentence in which all `concepts` of one list of `together` occur is given away as a whole,
    unless it is `narrative`; one that is `quoting` somebody never is. `openers` begin a line that is someone
    else's turn if such a clause follows in it, `fake_turns` always. `master_keys` are
    whole replies, compared by letters only.
    """

    file = "guard"

    master_keys: list[str] = Field(default_factory=list)
    vocabulary: dict[str, str] = Field(default_factory=dict)
    addressing: list[str] = Field(default_factory=list)
    concepts: dict[str, str] = Field(default_factory=dict)
    together: list[list[str]] = Field(default_factory=list)
    weak: list[str] = Field(default_factory=list)
    openers: list[str] = Field(default_factory=list)
    fake_turns: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list)
    narrative: list[str] = Field(default_factory=list)
    quoting: list[str] = Field(default_factory=list)
    tags: Tags = Field(default_factory=Tags)
    verdict_keys: list[str] = Field(default_factory=list)


class Wording:
    """All languages' words, ready to be searched. `hash` is 16 hex digits over them."""

    def __init__(self, files: Mapping[str, WordingFile]) -> None:
        """`files` by the name that an error should give them. Raises `SetupError` on a bad pattern."""
        whole_files = "\n".join(file.model_dump_json() for file in files.values())
        self.hash = hashlib.sha256(whole_files.encode()).hexdigest()[:16]
        self._addressing = any_of(_patterns(files, "addressing"))
        self._unless = any_of(_patterns(files, "unless"))
        self._narrative = any_of(_patterns(files, "narrative"))
        self._quoting = any_of(_patterns(files, "quoting"))
        self._concepts = [_Concepts(name, file) for name, file in files.items() if file.together]
        self.weak = any_of(_patterns(files, "weak"))
        self.openers = any_of(_patterns(files, "openers"))
        self.fake_turns = any_of(_patterns(files, "fake_turns"))
        self.candidate_tags = frozenset(t.casefold() for f in files.values() for t in f.tags.candidate)
        self.grader_tags = tuple(t.casefold() for f in files.values() for t in f.tags.grader)
        keys = "|".join(re.escape(key) for file in files.values() for key in file.verdict_keys)
        self.verdict_key = re.compile(
            rf"[\"'“”]\s*(?:[a-z]{{1,5}}\d+|{keys or '(?!)'})[^\"'“”]{{0,4}}[\"'“”]\s*[:：]", re.I
        )
        self._master_keys = {words(key) for file in files.values() for key in file.master_keys}
        whole = "|".join(sorted(map(re.escape, self._master_keys), key=len, reverse=True))
        self._only_keys = re.compile(rf"(?:{whole})+" if whole else "(?!)")

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """The words of a folder of prompts, or those shipped if it has none. Raises `SetupError`."""
        files = LanguageFolder(folder).all(WordingFile)
        return cls({str(path): file for path, file in files.items()})

    def addresses_grader(self, clause: str) -> bool:
        """Whether a folded clause speaks to whoever grades, or for them."""
        return self._addressing.search(clause) is not None and self._unless.search(clause) is None

    def quotes_someone(self, sentence: str) -> bool:
        """Whether a folded sentence tells what somebody else said, whatever that was."""
        return self._quoting.search(sentence) is not None

    def speaks_of_grading(self, sentence: str) -> bool:
        """Whether a folded sentence brings together what only an appeal to the grader does."""
        shields = (self._unless, self._narrative)
        spared = any(shield.search(sentence) for shield in shields)
        return not spared and any(concepts.meet_in(sentence) for concepts in self._concepts)

    def is_master_key(self, reply: str | FoldedText) -> bool:
        """Whether `reply` is nothing but stock phrases known to win marks from judges that are asked.

        After "One Token to Fool LLM-as-a-Judge" (2025), which calls them master keys.
        """
        letters = words(reply)
        return len(letters) <= 200 and self._only_keys.fullmatch(letters) is not None


class _Concepts:
    def __init__(self, name: str, file: WordingFile) -> None:
        patterns = _filled(name, file, file.concepts.values())
        self._known = {concept: re.compile(p) for concept, p in zip(file.concepts, patterns, strict=True)}
        self._together = [frozenset(concepts) for concepts in file.together]
        if unknown := {concept for concepts in self._together for concept in concepts} - set(self._known):
            raise SetupError(f"{name}: together names {sorted(unknown)}, which are no concepts")

    def meet_in(self, sentence: str) -> bool:
        there = {concept for concept, pattern in self._known.items() if pattern.search(sentence)}
        return any(concepts <= there for concepts in self._together)


def shipped_wording() -> Wording:
    """The words the service ships with."""
    return wording_in(SHIPPED)


@lru_cache
def wording_in(folder: Path) -> Wording:
    """`Wording.from_folder`, compiled once."""
    return Wording.from_folder(folder)


def _patterns(files: Mapping[str, WordingFile], field: str) -> list[str]:
    return [pattern for name, file in files.items() for pattern in _filled(name, file, getattr(file, field))]


def _filled(name: str, file: WordingFile, patterns: Iterable[str]) -> list[str]:
    filled = []
    for pattern in patterns:
        whole = pattern
        for _ in range(3):  # vocabulary may itself use vocabulary
            whole = _NAME.sub(lambda match: file.vocabulary.get(match[1], match[0]), whole)
        try:
            if missing := _NAME.search(whole):
                raise ValueError(f"no {missing[1]!r} in the vocabulary")
            re.compile(whole)
        except (re.error, ValueError) as error:
            raise SetupError(f"{name}: the pattern {pattern!r}: {error}", hint="Correct it.") from error
        filled.append(whole)
    return filled


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A pattern of whatever one of `patterns` finds: nothing if there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")
