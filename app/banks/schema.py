"""The shape of a question bank file. Unknown fields are errors, so that a typo is never silently ignored."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Kind = Literal["behavioural", "situational", "knowledge", "motivation"]
Difficulty = Literal["easy", "medium", "hard"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RubricPoint(_Part):
    """One thing a reply can contain, its relative weight, and a follow-up that aims at it unnamed."""

    id: Id
    text: Text
    weight: float = Field(1.0, gt=0, le=100)
    probe: Text | None = None


class Question(_Part):
    """A question with its rubric; `max_score` is in marks."""

    id: Id
    text: Text
    kind: Kind
    difficulty: Difficulty = "medium"
    competencies: list[Id] = []
    max_score: float = Field(8.0, gt=0, le=1000)
    examines: Text | None = None
    points: list[RubricPoint] = Field(min_length=1, max_length=40)
    reference_answer: Text | None = None
    provenance: Text | None = None


class Section(_Part):
    id: Id
    title: Text
    questions: list[Question] = Field(min_length=1)


class Competency(_Part):
    id: Id
    title: Text


class Bank(_Part):
    """A question bank: one file in `knowledge/`."""

    schema_version: Literal[1] = 1
    id: Id
    title: Text
    role: Text
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    description: Text | None = None
    license: Text | None = None
    competencies: list[Competency] = []
    sections: list[Section] = Field(min_length=1)

    def questions(self) -> list[tuple[Section, Question]]:
        """Every question with its section, in the bank's order."""
        return [(section, question) for section in self.sections for question in section.questions]
