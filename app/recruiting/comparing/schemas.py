"""Interviews side by side, as the page and the API show them. Lists run in the order of `candidates`."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.scoring.card import Quote


class Score(BaseModel):
    """Marks and where they may lie: 95 % of what the verdicts' confidences allow is from `low` to `high`."""

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
    """How two totals compare. `apart` only if their intervals don't overlap."""

    first: str
    second: str
    first_above: float = Field(description="Probability that the first total is higher.")
    equal: float
    apart: bool


class Comparison(BaseModel):
    """Two to five interviews.

    `groups` are ids of candidates who can't be told apart through a chain of overlapping intervals, the
    higher group first, in no order within. `right_where_unknown` was assumed of the verdicts
    `without_confidence`.
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
    right_where_unknown: float
    without_confidence: int
