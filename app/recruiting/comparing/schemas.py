"""Interviews side by side, as the page and the API show them. Lists run in the order of `candidates`."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.scoring.card import Quote


class Score(BaseModel):
    """Marks and where the true ones lie nine times in ten, as in the candidate's report."""

    score: float
    max_score: float
    low: float
    high: float


class PointVerdict(BaseModel):
    """The verdict on a point, a person's where one decided."""

    credit: float | None
    confidence: float | None
    needs_review: bool
    overridden: bool
    quotes: list[Quote]


class ComparedPoint(BaseModel):
    """A rubric point; `verdicts` holds null where there is none, or where it is hidden."""

    id: str
    text: str
    verdicts: list[PointVerdict | None]


class ComparedQuestion(BaseModel):
    """A question with one rubric; `asked` says who has it in their interview, `scores` who was scored."""

    question_id: str
    number: int = Field(description="Its number in the first interview that has it.")
    section: str
    text: str
    max_score: float
    asked: list[bool]
    scores: list[Score | None]
    points: list[ComparedPoint]


class ComparedCompetency(BaseModel):
    """Marks on the counted questions that show the competency."""

    id: str
    title: str
    questions: int
    scores: list[Score | None]


class ComparedCandidate(BaseModel):
    """One interview. While `hidden`, its reader has to judge it blind first: no name, no score is given."""

    id: str
    letter: str
    name: str | None
    hidden: bool
    status: str
    mode: str
    bank_title: str
    language: str
    created_at: datetime
    total: Score | None = Field(description="Over the counted questions only.")


class Pair(BaseModel):
    """How two totals compare. The first exceeds the second by `low` to `high` marks nine times in ten.

    `apart`: their intervals don't overlap. `likely`: they do, but the range of the difference excludes 0.
    `open`: even the sign of the difference is. `equal`: nothing is in doubt, and they are the same.
    """

    first: str
    second: str
    difference: float = Field(description="The first score less the second.")
    low: float
    high: float
    says: Literal["apart", "likely", "open", "equal"]


class Comparison(BaseModel):
    """Two to five interviews.

    `groups` are ids of candidates who can't be told apart through a chain of overlapping intervals, the
    higher group first, in no order within.
    """

    candidates: list[ComparedCandidate]
    counted: list[ComparedQuestion] = Field(
        description="Asked of all and scored for all: they make the totals."
    )
    uncounted: list[ComparedQuestion] = Field(description="Asked of all, not scored for all.")
    others: list[ComparedQuestion] = Field(description="Asked of some only, or with another rubric.")
    competencies: list[ComparedCompetency]
    groups: list[list[str]]
    pairs: list[Pair]
    without_confidence: int = Field(description="Verdicts whose confidence is assumed, not measured.")
