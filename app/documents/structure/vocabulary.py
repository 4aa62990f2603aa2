"""The languages' marker words: `prompts/<language>/markers.yaml`, compiled once into regular expressions.

All languages are known at once, because documents mix them. Another language is another file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import opencc
from pydantic import Field

from app.banks.schema import Difficulty, Kind
from app.documents.numerals import numeral_pattern
from app.languages.files import SHIPPED, LanguageFile, LanguageFolder, Strict
from app.languages.guessing import facts
from app.text.clauses import CLOSING, SENTENCE_MARKS

Role = Literal[
    "question",
    "answer",
    "points",
    "examines",
    "marks",
    "difficulty",
    "kind",
    "competency",
    "section",
    "title",
    "role",
    "number",
    "aside",
]
ROLES: tuple[Role, ...] = get_args(Role)
ANSWERING: frozenset[Role] = frozenset({"answer", "points", "examines"})
ABOUT_DOCUMENT: frozenset[Role] = frozenset({"title", "role", "number"})


class KindCues(Strict):
    """`sections` are sure when a section's title has them; `topics` decide only where nothing else does."""

    sections: list[str]
    questions: list[str]
    topics: list[str]


class MarkPhrases(Strict):
    """Patterns of the questions promised, the marks of each and of all, and those of one question."""

    count: list[str]
    each: list[str]
    total: list[str]
    own: list[str]


class FurniturePhrases(Strict):
    """A line is furniture that meets one of `lines` as a whole, or holds a phrase, or two of the hints."""

    lines: list[str]
    phrases: list[str]
    hints: list[str]
    unread: list[str]
    closers: list[str]


class AnswerCues(Strict):
    """How the sentences of a prose answer begin, for points proposed without a language model."""

    openers: list[str]
    strip: list[str]
    subjects: list[str]
    dependent: list[str]
    statements: list[str]
    framing: list[str]
    examples: list[str]


class MarkerFile(LanguageFile):
    """One language's file."""

    file = "markers"

    labels: dict[Role, list[str]]
    weak_labels: list[str]
    tree_keys: dict[Literal["questions", "sections", "text", "id"], list[str]] = Field(default_factory=dict)
    question_markers: list[str]
    section_markers: list[str]
    question_cues: list[str]
    section_cues: list[str]
    kinds: dict[Kind, KindCues]
    difficulties: dict[Difficulty, list[str]]
    numerals: dict[str, int] = Field(default_factory=dict)
    marks: MarkPhrases
    furniture: FurniturePhrases
    instructions: list[str]
    roles: list[str]
    answers: AnswerCues


@dataclass(frozen=True)
class Vocabulary:
    """All languages' words together. Patterns ignore case; `{n}` has become a group that holds a numeral."""

    files: tuple[MarkerFile, ...]
    label_roles: dict[str, Role]
    weak_labels: frozenset[str]
    tree_keys: dict[str, str]
    inline_label: re.Pattern[str]
    unbounded_label: re.Pattern[str]
    spaced_label: re.Pattern[str]
    numerals: dict[str, int]
    question_marker: re.Pattern[str]
    inline_question: re.Pattern[str]
    section_marker: re.Pattern[str]
    question_cue: re.Pattern[str]
    section_cue: re.Pattern[str]
    furniture_line: re.Pattern[str]
    furniture_phrase: re.Pattern[str]
    furniture_hint: re.Pattern[str]
    unread: re.Pattern[str]
    closers: frozenset[str]
    instruction: re.Pattern[str]
    marks: dict[str, re.Pattern[str]]
    kinds: dict[str, dict[Kind, re.Pattern[str]]]
    difficulties: dict[str, Difficulty]
    roles: tuple[re.Pattern[str], ...]
    answers: dict[str, re.Pattern[str]]
    openings: tuple[tuple[re.Pattern[str], Role], ...] = ()  # the document's own, at the head of a line


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The shipped words. Raises `SetupError` naming a file that can't be used."""
    return load_vocabulary(SHIPPED)


def load_vocabulary(folder: Path) -> Vocabulary:
    """Reads and compiles every language file of `folder`."""
    plain = {path.parent.name: file for path, file in LanguageFolder(folder).all(MarkerFile).items()}
    files = (*plain.values(), *_variants(plain))
    numerals = {word: value for file in files for word, value in file.numerals.items()}
    number = f"(?P<n>{numeral_pattern(numerals)})"

    def joined(name: str, within: str = "") -> list[str]:
        return [entry for file in files for entry in getattr(getattr(file, within) if within else file, name)]

    def marker(name: str) -> re.Pattern[str]:
        forms = [_marker_form(form) for form in joined(name)]
        return re.compile(rf"[【\[]?(?P<marker>{'|'.join(forms)})[】\]]?\s{{0,3}}[:：.、．)）—–-]?\s*", re.I)

    weak = frozenset(word.lower() for word in joined("weak_labels"))
    label_roles: dict[str, Role] = {
        word.lower(): role for file in files for role, words in file.labels.items() for word in words
    }
    strong = _longest_first(word for word in label_roles if word not in weak)
    answers = _longest_first(word for word, role in label_roles.items() if role == "answer")
    parts = _longest_first(
        w for w in label_roles if label_roles[w] in ("answer", "points") and not w.isascii()
    )
    questions = "|".join(map(_marker_form, joined("question_markers")))
    return Vocabulary(
        files=files,
        label_roles=label_roles,
        weak_labels=weak,
        tree_keys={key: role for file in files for role, keys in file.tree_keys.items() for key in keys},
        inline_label=re.compile(
            rf"(?<=[。！？!?.…”」』）)】\]\"\s；;])(?:{strong})\s*[:：]|[【\[](?:{strong})[】\]]|(?<=[？?])\s*(?:{answers})\s*[:：]",
            re.I,
        ),
        spaced_label=re.compile(
            _longest_first(
                word
                for word, role in label_roles.items()
                if role in ("answer", "points", "examines") and word not in weak and not word.isascii()
            )
        ),
        unbounded_label=re.compile(rf"(?:{parts})\s*[:：]"),
        numerals=numerals,
        question_marker=marker("question_markers"),
        inline_question=re.compile(
            rf"(?<=[{SENTENCE_MARKS}.{CLOSING}\s])({questions})\s{{0,3}}[:：.、]", re.I
        ),
        section_marker=marker("section_markers"),
        question_cue=_any(joined("question_cues")),
        section_cue=_any(joined("section_cues")),
        furniture_line=re.compile(_alternatives(joined("lines", "furniture")), re.I),
        furniture_phrase=_any([re.escape(phrase) for phrase in joined("phrases", "furniture")]),
        furniture_hint=_any([re.escape(phrase) for phrase in joined("hints", "furniture")]),
        unread=_any(joined("unread", "furniture")),
        closers=frozenset(word.lower() for word in joined("closers", "furniture")),
        instruction=_any(joined("instructions")),
        marks={
            name: re.compile("|".join(_numbered(joined(name, "marks"), number)), re.I)
            for name in MarkPhrases.model_fields
        },
        kinds={
            name: {
                kind: _any([cue for file in files for cue in getattr(file.kinds[kind], name)])
                for kind in get_args(Kind)
            }
            for name in KindCues.model_fields
        },
        difficulties={
            word.lower(): level
            for file in files
            for level, words in file.difficulties.items()
            for word in words
        },
        roles=tuple(re.compile(pattern, re.I) for pattern in joined("roles")),
        answers={
            name: _any(
                joined(name, "answers")
                if name in ("strip", "subjects", "dependent", "statements")
                else [_word(word) for word in joined(name, "answers")]
            )
            for name in AnswerCues.model_fields
        },
    )


def _variants(files: Mapping[str, MarkerFile]) -> Iterator[MarkerFile]:
    """The files' words in other scripts of their languages."""
    for variant in filter(None, (known.variant for known in facts().values())):
        if variant.of in files:
            converted = opencc.OpenCC(variant.conversion).convert(files[variant.of].model_dump_json())
            yield MarkerFile.model_validate_json(converted)


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _marker_form(form: str) -> str:
    before, _, after = (re.escape(part).replace(r"\ ", r"\s{0,3}") for part in form.partition("{n}"))
    # A word such as 问一下 is no marker: after a numeral that is not in digits, something must end it.
    ending = "" if after else r"(?=[\s:：.、．)）】\]—–-]|$)"
    words = r"(?:[一二三四五六七八九十百]{1,4}|[IVX]{1,5}|[A-H])"
    return rf"{before}\s{{0,3}}(?:\d{{1,5}}(?![A-Za-z\d])|{words}{ending}){after}"


def _word(word: str) -> str:
    return rf"\b{re.escape(word)}(?!\w)" if word.isascii() else re.escape(word)


def _numbered(patterns: list[str], number: str) -> list[str]:
    # A group's name may stand only once in a pattern, so each alternative gets its own.
    return [
        pattern.replace("{n}", number.replace("<n>", f"<n{position}>"))
        for position, pattern in enumerate(patterns)
    ]


def _alternatives(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(_alternatives(patterns), re.I)
