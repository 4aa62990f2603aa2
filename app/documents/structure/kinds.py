"""What kind of question it is and how hard, from the document's words or from the question's own wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.banks.schema import Difficulty, Kind
from app.documents.structure.marks import own_marks
from app.documents.structure.vocabulary import Vocabulary

_BRACKET_FIRST = re.compile(r"\s*[（(【\[]([^（(【\[）)】\]]{1,40})[）)】\]]\s*")
_BRACKET_LAST = re.compile(r"\s*[（(【\[]([^（(【\[）)】\]]{1,40})[）)】\]]\s*[。.：:；;]?\s*$")
_PARTS = re.compile(r"[，,、;；/|·]\s*")
_NAMED = re.compile(r"^[^:：]{1,16}[:：]\s*")
_END = 80
_FALLBACK: Kind = "behavioural"


@dataclass(frozen=True)
class Notes:
    """A question's text without the bracketed notes at its ends, and what they said."""

    text: str
    start: int
    end: int
    marks: float | None = None
    difficulty: Difficulty | None = None
    kind: Kind | None = None


def read_notes(text: str, known: Vocabulary) -> Notes:
    """Takes marks, difficulty and kind in brackets, such as (8分), [Hard] or 【情景题】, off both ends."""
    start, end = 0, len(text)
    marks: float | None = None
    difficulty: Difficulty | None = None
    kind: Kind | None = None
    while True:
        inner = text[start:end]
        match = _BRACKET_FIRST.match(inner)
        if match is None or not _says_something(match[1], known):
            match = _BRACKET_LAST.search(inner, max(len(inner) - _END, 0))
        if match is None or not _says_something(match[1], known):
            break
        for part in _PARTS.split(match[1]):
            value = own_marks(f"({part})", known)
            marks = marks if value is None else value[0]
            difficulty = difficulty or difficulty_of(part, known)
            kind = kind or stated_kind(part, known)
        if match.start() == 0:
            start += match.end()
        else:
            end = start + match.start()
        if not text[start:end].strip():
            return Notes(text, 0, len(text))
    return Notes(text[start:end].strip(), start, end, marks, difficulty, kind)


def _says_something(note: str, known: Vocabulary) -> bool:
    """Whether every part of a bracket is marks, a difficulty or a kind, and so no part of the question."""
    return all(
        own_marks(f"({part})", known) is not None
        or difficulty_of(part, known) is not None
        or (len(part) <= 24 and _is_kind_name(part, known))
        for part in _PARTS.split(note)
    )


def _is_kind_name(part: str, known: Vocabulary) -> bool:
    return stated_kind(part, known) is not None and known.section_cue.search(part) is not None


def difficulty_of(words: str, known: Vocabulary) -> Difficulty | None:
    """The difficulty that a note, cell or label's value names; None where it names none."""
    return known.difficulties.get(_NAMED.sub("", words.strip()).strip(" 。.★☆").lower())


def stated_kind(words: str, known: Vocabulary) -> Kind | None:
    """The kind that a section's title, note or cell names; None where it names none."""
    words = _NAMED.sub("", words.strip())
    for kind, pattern in known.kinds["sections"].items():
        if words.lower() == kind or pattern.search(words):
            return kind
    return None


def kind_of(text: str, titles: Sequence[str], known: Vocabulary) -> Kind:
    """The kind of a question, by the sections around it, innermost first, its wording, then their topics."""
    for title in reversed(titles):
        stated = stated_kind(title, known)
        if stated is not None:
            return stated
    hits = {kind: len(pattern.findall(text)) for kind, pattern in known.kinds["questions"].items()}
    best = max(hits, key=lambda kind: hits[kind])
    if hits[best]:
        return best
    for subject in (*reversed(titles), text):
        for kind, pattern in known.kinds["topics"].items():
            if pattern.search(subject):
                return kind
    return _FALLBACK
