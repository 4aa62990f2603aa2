"""What reviewers read of an interview and send back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.interviews.flow.moves import Mode, Status
from app.interviews.schemas import BankName, Sees, Typed
from app.scoring.card import Quote

CREDITS = (0.0, 0.5, 1.0)


def _known_credit(credit: float) -> float:
    if credit not in CREDITS:
        raise ValueError("must be 0, 0.5 or 1")
    return credit


Credit = Annotated[float, AfterValidator(_known_credit)]
Words = Annotated[Typed, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewVerdict(_Sent):
    """A person's verdict on a point, and which one they saw when they decided."""

    credit: Credit | None = Field(description="0 miss, 0.5 partial, 1 hit; null: back to the scorer's.")
    reason: Words
    seen: int = Field(description="`seen` of the point when it was read.")
    mark: str = Field(max_length=40, description="`mark` of the point when it was read.")


class NewOutcome(_Sent):
    """How a dispute ends. `credit` goes with `upheld` and overrides the point; the outcome is its reason."""

    status: Literal["upheld", "rejected"]
    outcome: Words = Field(description="What the candidate reads.")
    credit: Credit | None = None
    seen: int
    mark: str = Field(max_length=40)


class NewComment(_Sent):
    """A note on the interview, on question `number`, or on one point of it."""

    text: Words
    number: int | None = None
    point_id: str | None = Field(None, max_length=80)


class NewBlindVerdict(_Sent):
    credit: Credit


class Reviewed(_Sent):
    reviewed: bool


class NewRelease(_Sent):
    reviewed: bool = Field(False, description="Whether to mark the interview as reviewed in the same step.")


class Decision(BaseModel):
    """An override: `credit` replaced `before`; null gave the point back to the scorer."""

    id: int
    credit: float | None
    before: float | None
    machine_credit: float | None
    reason: str
    author: str
    at: datetime


class Comment(BaseModel):
    id: int
    text: str
    author: str
    at: datetime


class DisputeReview(BaseModel):
    """A candidate's objection to a point, and its outcome once it has one."""

    id: str
    text: str
    at: datetime
    status: Literal["open", "upheld", "rejected"]
    outcome: str
    author: str
    resolved_at: datetime | None


class OpenDispute(BaseModel):
    """A dispute that waits for its outcome; its interview tells what it is about."""

    id: str
    interview_id: str
    interview: str = Field(description="The name of the template it was held by, or of the bank.")
    number: int
    point_id: str
    text: str
    at: datetime


class OpenDisputes(BaseModel):
    """A page of open disputes, oldest first; `next` is the `after` of the next page."""

    disputes: list[OpenDispute]
    next: str | None


class PointReview(BaseModel):
    """A rubric point: `credit` is what counts, `machine_credit` what the scorer gave, null: not scored."""

    id: str
    text: str
    weight: float
    credit: float | None = None
    machine_credit: float | None = None
    confidence: float | None = None
    needs_review: bool = False
    overridden: bool = False
    quotes: list[Quote] = []
    decision: Decision | None = Field(None, description="The last one, which counts.")
    decided_by_reader: bool = Field(False, description="Whether the last decision is this reviewer's own.")
    seen: int = Field(0, description="Id of the last decision, 0 before the first.")
    mark: str = Field("", description="Changes with the scorer's verdict.")
    own_credit: float | None = Field(None, description="What this reviewer gave blind.")
    disputes: list[DisputeReview] = []
    comments: list[Comment] = []

    @property
    def disputed(self) -> bool:
        return any(dispute.status == "open" for dispute in self.disputes)

    @property
    def differs(self) -> bool:
        """Whether this reviewer's blind verdict is another than the one that counts, decided by another."""
        if self.own_credit is None or self.decided_by_reader:
            return False
        return self.own_credit != self.credit


class QuestionReview(BaseModel):
    """A question that was asked; `has_card` says whether it can be judged."""

    number: int
    section: str
    text: str
    examines: str | None
    reference_answer: str | None
    has_card: bool
    status: Literal["pending", "scored", "not_scored"] = "pending"
    score: float | None = None
    max_score: float
    reason: str | None = None
    points: list[PointReview]
    comments: list[Comment]


class LineReview(BaseModel):
    """A line of the transcript; `signals` are how a reply was typed, as the browser counted it."""

    seq: int
    speaker: str
    kind: str
    text: str
    at: datetime
    question: int | None
    signals: dict[str, Any] | None


class BlindState(BaseModel):
    """This reviewer's blind review; one that the interview asks for may not be `started` yet."""

    required: bool
    started_at: datetime | None
    finished_at: datetime | None
    judged: int
    of: int

    @property
    def may_finish(self) -> bool:
        """A review of one's own accord may stop early, a required one may not."""
        return self.judged == self.of if self.required else self.started_at is not None


class Candidate(BaseModel):
    name: str
    email: str
    reference: str


class InterviewReview(BaseModel):
    """An interview as one reviewer may see it. Only scored questions count in `score` and `max_score`.

    While it is `hidden`, name, scores, quotes, signals and what other people said are left out.
    """

    id: str
    hidden: bool = Field(description="True until this reviewer has finished a blind review.")
    status: Status
    mode: Mode
    title: str = Field(description="The name of the template it was held by, or of the bank.")
    bank: BankName
    bank_version: str
    language: str
    created_at: datetime
    ended_at: datetime | None
    consent_withdrawn_at: datetime | None = Field(description="Set: to be read or deleted, nothing else.")
    candidate: Candidate | None
    sees: Sees
    released_at: datetime | None
    reviewed_at: datetime | None
    score: float | None
    max_score: float
    flagged: int
    unscored: int
    disputed: int
    blind: BlindState | None
    may_begin_blind: bool = Field(description="False once this reviewer judged blind or decided on a point.")
    questions: list[QuestionReview]
    lines: list[LineReview]
    comments: list[Comment]


class ScoreEvent(BaseModel):
    """One moment in the history of a question's score.

    `card`: a scorer's card with its `model`, total and credits by point id; `override`, `dispute`, `outcome`
    and `blind` (a verdict of a finished blind review) are about one point.
    """

    kind: Literal["card", "override", "dispute", "outcome", "blind"]
    at: datetime
    author: str = ""
    point_id: str | None = None
    credit: float | None = None
    before: float | None = None
    text: str = ""
    status: str = ""
    model: str = ""
    fingerprint: str = ""
    current: bool = False
    score: float | None = None
    max_score: float | None = None
    credits: dict[str, float | None] = {}


class ScoreHistory(BaseModel):
    """How the score of a question came about, oldest first."""

    number: int
    question: str
    points: dict[str, str] = Field(description="Texts of the rubric points by id.")
    events: list[ScoreEvent]
