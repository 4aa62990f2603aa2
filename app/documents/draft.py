"""A draft: what was understood of a document, what was repaired, and what a person has to look at.

Drafts are edited, so their parts can be changed in place; a published bank can't.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.banks.schema import Competency, Difficulty, Id, Kind
from app.documents.document import Format

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]

FlagReason = Literal[
    "cut-off",  # the document ends, or begins, inside the question
    "unreadable",  # damage that could not be repaired
    "doubtful-repair",  # a repair of low confidence
    "no-points",  # nothing to score a reply by
    "count-disagrees",  # the document promises another number of questions or marks
    "near-duplicate",  # much like another question
    "instructions",  # text that speaks to a language model
    "not-understood",  # text between questions that no rule could place
    "too-long",  # longer than a bank allows
]

BLOCKING: frozenset[FlagReason] = frozenset(
    {"cut-off", "unreadable", "doubtful-repair", "no-points", "too-long"}
)
"""Until these are settled, a question is not published."""


SURE = 0.8
"""Below this confidence a repair is doubtful: a person looks at it before it is asked."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Span(_Part):
    """A place in the repaired document: line from 1, half-open range of code points in that line.

    A text that runs over several lines ends in `end_line`, at `end`.
    """

    line: int
    start: int
    end_line: int
    end: int


class Flag(_Part):
    """`text` is what is doubtful, at most 200 characters of it; `settled` once a person has dealt with it."""

    text: str
    reason: FlagReason
    span: Span | None = None
    settled: bool = False


class Repair(_Part):
    """One undone damage. `line` counts from 1, `start` and `end` are code points of the repaired line.

    `confidence` is 0..1. `count` says at how many places the same was undone, where they are not listed
    one by one.
    """

    kind: Literal["pinyin", "script", "shifted", "punctuation", "encoding"]
    before: str
    after: str
    confidence: float = Field(ge=0, le=1)
    line: int = 0
    start: int = 0
    end: int = 0
    count: int = 1
    settled: bool = False


class DraftPoint(_Part):
    """`proposed` when an LLM made it a point, not the document. `id` is set where the source has one."""

    text: Text
    weight: float = Field(1.0, gt=0, le=100)
    span: Span | None = None
    proposed: bool = False
    id: Id | None = None
    probe: Text | None = None


class DraftQuestion(_Part):
    """`key` names the question within the draft. `max_score` is None where the document gives no marks.

    `id` is set where the source has one; `competencies` are ids of the draft's.
    """

    key: str
    text: Text
    kind: Kind
    difficulty: Difficulty = "medium"
    max_score: float | None = Field(None, gt=0, le=1000)
    points: list[DraftPoint] = []
    reference_answer: Text | None = None
    examines: Text | None = None
    incomplete: bool = False
    included: bool = True
    span: Span | None = None
    flags: list[Flag] = []
    id: Id | None = None
    competencies: list[Id] = []

    @property
    def blocking(self) -> list[Flag]:
        """The flags that keep it from being published."""
        return [flag for flag in self.flags if flag.reason in BLOCKING and not flag.settled]


class DraftSection(_Part):
    """`key` names the section within the draft."""

    key: str
    title: Text
    questions: list[DraftQuestion] = []


class Source(_Part):
    """Where a draft came from. `sha256` is that of the file."""

    name: str
    format: Format
    encoding: str | None = None
    sha256: str
    lines: int
    characters: int


class Draft(_Part):
    """`lines` are those of the repaired document, so that every span can be shown.

    `bank_id` and `competencies` are set where the source has them.
    """

    schema_version: Literal[1] = 1
    title: Text
    role: Text = ""
    language: str
    source: Source
    sections: list[DraftSection] = []
    repairs: list[Repair] = []
    flags: list[Flag] = []
    lines: list[str] = []
    bank_id: Id | None = None
    competencies: list[Competency] = []

    def questions(self) -> list[tuple[DraftSection, DraftQuestion]]:
        """Every question with its section, in the document's order."""
        return [(section, question) for section in self.sections for question in section.questions]
