"""What a reply wants, read from the phrase lists in `prompts/<language>/intents.yaml`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from pydantic import Field

from app.errors import SetupError
from app.interviews.flow.moves import Intent
from app.languages.files import LanguageFile, LanguageFolder
from app.text.clauses import COLONS, COMMAS, LIST_COMMA, SENTENCE_MARKS, ends, pieces
from app.text.fold import fold, words

# A reply longer than this, in code points, is an answer: no request needs so many words.
LONGEST_REQUEST = 60
_CLAUSE_ENDS = ends(SENTENCE_MARKS + COMMAS + LIST_COMMA + COLONS + ".~\n")


class IntentPhrases(LanguageFile):
    """One language's file. A phrase counts only when it is the whole reply or a whole clause of it.

    `openers` and `closers` are politeness that may stand before or after a phrase, or alone in a clause;
    `agreed` takes what was offered; `language_wishes` are ways of asking for another language.
    """

    file = "intents"

    intents: dict[Intent, list[str]]
    openers: list[str] = Field(default_factory=list)
    closers: list[str] = Field(default_factory=list)
    agreed: list[str] = Field(default_factory=list)
    language_wishes: list[str] = Field(default_factory=list)


class IntentLexicon:
    """The phrases of all languages together: a candidate may use another language than the bank's."""

    def __init__(self, files: Mapping[Path, IntentPhrases]) -> None:
        """Raises `SetupError` on a phrase without letters or with two meanings."""
        self._intents: dict[str, Intent] = {}
        self._yes: set[str] = set()
        self._openers: set[str] = set()
        self._closers: set[str] = set()
        for path, file in files.items():
            for intent, phrases in file.intents.items():
                _add(self._intents, phrases, intent, path)
            _add(self._intents, file.language_wishes, Intent.LANGUAGE, path)
            self._yes.update(filter(None, map(words, file.agreed)))
            self._openers.update(filter(None, map(words, file.openers)))
            self._closers.update(filter(None, map(words, file.closers)))

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Every `<language>/intents.yaml` below `folder`. Raises `SetupError` naming file and field."""
        return cls(LanguageFolder(folder).all(IntentPhrases))

    def recognise(self, text: str, offered: Intent | None = None) -> Intent:
        """The intent of a reply; `Intent.ANSWER` unless every clause of it is a known phrase or politeness.

        "I don't know" together with one request is that request; two different requests are ambiguous. A
        plain yes means what was `offered`.
        """
        if offered is not None and words(text) in self._yes:
            return offered
        found = self._found(text)
        if len(found) > 1:
            found.discard(Intent.DONT_KNOW)
        return found.pop() if len(found) == 1 else Intent.ANSWER

    def _found(self, text: str) -> set[Intent]:
        if len(text) > LONGEST_REQUEST:
            return set()
        folded = fold(text.replace("\n", ",")).text
        whole = self._match(words(folded))
        if whole is not None:
            return {whole}
        found: set[Intent] = set()
        for clause in map(words, pieces(folded, _CLAUSE_ENDS)):
            meaning = self._match(clause)
            if meaning is not None:
                found.add(meaning)
            elif "" not in self._cores(clause):
                return set()
        return found

    def _match(self, clause: str) -> Intent | None:
        # Longest core first: politeness is stripped only as far as needed.
        for core in sorted(self._cores(clause), key=len, reverse=True):
            if core in self._intents:
                return self._intents[core]
        return None

    def _cores(self, clause: str) -> set[str]:
        """What may remain of a clause, itself included, when politeness is stripped from its ends."""
        seen: set[str] = set()
        waiting = {clause}
        while waiting:
            core = waiting.pop()
            seen.add(core)
            shorter = {core.removeprefix(opener) for opener in self._openers}
            shorter |= {core.removesuffix(closer) for closer in self._closers}
            waiting |= shorter - seen
        return seen


def _add(phrases: dict[str, Intent], texts: Iterable[str], meaning: Intent, path: Path) -> None:
    for text in texts:
        key = words(text)
        if not key:
            raise SetupError(f"{path}: the phrase {text!r} of '{meaning}' has no letters", hint="Drop it.")
        if phrases.setdefault(key, meaning) != meaning:
            raise SetupError(
                f"{path}: the phrase {text!r} is listed for '{phrases[key]}' and for '{meaning}'",
                hint="Keep it in one of the two lists.",
            )
