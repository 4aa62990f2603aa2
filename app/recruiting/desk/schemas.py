"""What the recruiter's list and the comparison say, on their pages and in the API.

A comparison's lists run in the order of its `candidates`.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.interviews.flow.moves import Mode, Status
from app.scoring.card import Quote


class MatchPiece(BaseModel):
    text: str
    marked: bool


class Match(BaseModel):
    """The words that were searched for, in the line of the transcript with the number `seq`."""

    seq: int
    speaker: str
    pieces: list[MatchPiece]


class ListedInterview(BaseModel):
    """An interview. `score` of `max_score` marks counts its scored questions.

    While `hidden`, the reader is to judge it blind: whose it is and what it got are null.
    """

    id: str
    candidate: str | None
    reference: str | None
    template_id: str | None
    template: str | None
    bank_id: str
    bank: str
    mode: Mode
    status: Status
    created_at: datetime
    ended_at: datetime | None
    hidden: bool
    score: float | None
    max_score: float | None
    share: float | None = Field(description="The score as a share of the marks, 0..1.")
    flagged: int | None = Field(description="Points whose verdict is in doubt.")
    unscored: int | None = Field(description="Questions that could not be scored.")
    disputed: int = Field(description="Points the candidate disputes, not yet resolved.")
    reviewed_at: datetime | None
    released_at: datetime | None
    cursor: str = Field("", description="Its place in this list: `after` it comes what follows.")
    match: Match | None = None


BARS = 10
"""The bars of a distribution of scores: tenths of the marks."""


class Distribution(BaseModel):
    """`counts` of interviews in each tenth of the marks, and of those `without` a score to show.

    It is that of the list without its narrowing to certain scores.
    """

    counts: list[int]
    without: int


class InterviewList(BaseModel):
    """A page of the list; `previous` and `next` are the cursors `before` and `after` of its neighbours."""

    interviews: list[ListedInterview]
    previous: str | None
    next: str | None
    total: int
    distribution: Distribution


class Choices(BaseModel):
    """What the list can be narrowed to: (id, title)."""

    banks: list[tuple[str, str]]
    templates: list[tuple[str, str]]


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
