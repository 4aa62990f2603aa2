"""Candidates whose writers knew only questions and rubrics: what they type, and what it covers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.banks.schema import Question
from app.interviews.flow.moves import Intent
from app.languages.files import Strict, parse_yaml, read_text
from evals.labelled import DATASETS

FOLDER = DATASETS / "conversation" / "candidates"


class Typed(Strict):
    """One message: its kind, and for answers the ids of the points it covers fully or by half."""

    kind: Intent
    text: Annotated[str, Field(min_length=1)]
    full: list[str] = Field(default_factory=list)
    half: list[str] = Field(default_factory=list)


class Part(Strict):
    """One question: `turns` are typed in order; then `asked`, where a follow-up aims at such a point, or
    `otherwise`."""

    question: str
    turns: Annotated[list[Typed], Field(min_length=1)]
    asked: dict[str, str] = Field(default_factory=dict)
    otherwise: Annotated[list[str], Field(min_length=1)]


class Candidate(Strict):
    """One candidate's file."""

    id: str
    personality: str
    language: str
    questions: Annotated[list[Part], Field(min_length=1)]


def read_candidates(folder: Path = FOLDER) -> list[Candidate]:
    """Every file of the folder, by name. Raises `SetupError` naming file, line and fault."""
    return [parse_yaml(read_text(path), Candidate, path) for path in sorted(folder.glob("*.yaml"))]


@dataclass
class PlayedPart:
    """A candidate at one question: what was typed so far, and which points that covered."""

    part: Part
    question: Question
    covered: set[str] = field(default_factory=set)
    half: set[str] = field(default_factory=set)
    _asides: int = 0
    _turns: Iterator[Typed] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = iter(self.part.turns)

    @property
    def left_out(self) -> list[str]:
        """Ids of the points not fully covered yet, in rubric order."""
        return [point.id for point in self.question.points if point.id not in self.covered]

    def reply(self, aimed_at: str | None) -> Typed:
        """What is typed next, when the interviewer's line aims at that point, if at any."""
        typed = next(self._turns, None)
        if typed is None and aimed_at in self.left_out and (text := self.part.asked.get(str(aimed_at))):
            typed = Typed(kind=Intent.ANSWER, text=text, full=[str(aimed_at)])
        if typed is None:
            typed = Typed(
                kind=Intent.ANSWER, text=self.part.otherwise[self._asides % len(self.part.otherwise)]
            )
            self._asides += 1
        self.covered |= set(typed.full)
        self.half |= set(typed.half)
        return typed
