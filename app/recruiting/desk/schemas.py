"""What the recruiter's list says, on its page and in the API."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.interviews.flow.moves import Mode, Status


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
