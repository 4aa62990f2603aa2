"""What people see of drafts and versions, and what they may change; the API's shapes too."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.banks.schema import Difficulty, Id, Kind
from app.documents.draft import Draft, FlagReason, Text

DraftStatus = Literal["open", "published", "discarded"]
LeftOutReason = FlagReason | Literal["not-included", "no-text"]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class _Edit(BaseModel):
    """What is not set stays as it is."""

    model_config = ConfigDict(extra="forbid")


class PointEdit(_Edit):
    """A rubric point; one without text is dropped. `probe` is the follow-up question that asks for it."""

    text: Text
    weight: float = Field(1.0, gt=0, le=100)
    probe: Text | None = Field(None, description="Left out: kept as long as the point's words are.")


class QuestionEdit(_Edit):
    """Changes to a question. `points` are all it then has, in their order; `section` is a section's key."""

    text: Written | None = None
    kind: Kind | None = None
    difficulty: Difficulty | None = None
    max_score: float | None = Field(None, gt=0, le=1000, description="Marks; null: the usual ones.")
    examines: Text | None = None
    reference_answer: Text | None = None
    points: list[PointEdit] | None = Field(None, max_length=200)
    included: bool | None = None
    section: str | None = None


class DetailsEdit(_Edit):
    """Changes to what the bank is called and which bank it becomes a version of."""

    title: Written | None = None
    role: Text | None = None
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    bank_id: Id | None = Field(None, max_length=60)


class JobView(BaseModel):
    """Work in the background: `done` of `total` steps (0: not known yet); `failed` says why it ended."""

    kind: Literal["propose", "index"]
    done: int
    total: int
    seconds_left: float | None = None
    failed: str | None = None


class Duplicate(BaseModel):
    """A question of a bank that is much like one of the draft. `score` is 0..1."""

    question_id: str
    bank: str
    text: str
    score: float


class DraftSummary(BaseModel):
    """Counts of a draft. `blocked` questions are included, but a flag or a lack keeps them from publication.

    `publishable` are those a publication would take now. `repairs` counts places by kind; `doubtful` are
    repairs, `flags` all flags, that nobody has settled.
    """

    title: str = ""
    questions: int = 0
    included: int = 0
    publishable: int = 0
    blocked: int = 0
    incomplete: int = 0
    points: int = 0
    repairs: dict[str, int] = {}
    doubtful: int = 0
    flags: int = 0


class DraftListing(BaseModel):
    """A draft without its content. `name` is the file's, `created_by` the name of the account."""

    id: str
    name: str
    title: str
    status: DraftStatus
    revision: int
    bank_id: str
    created_at: datetime
    updated_at: datetime
    created_by: str | None
    published_version: str | None
    summary: DraftSummary


class DraftView(DraftListing):
    """A draft as it stands. `duplicates` are by question key; `duplicates_pending` are not looked up yet."""

    draft: Draft
    job: JobView | None = None
    duplicates: dict[str, list[Duplicate]] = {}
    duplicates_pending: int = 0


class LeftOut(BaseModel):
    """A question that is not published, and why."""

    key: str
    text: str
    reasons: list[LeftOutReason]


class PublishedVersion(BaseModel):
    """A published version; `left_out` are the draft's questions that are not in it."""

    bank_id: str
    version: str
    number: int
    questions: int
    left_out: list[LeftOut] = []


class VersionView(BaseModel):
    """A version of a bank. One that is only in a file has no `number`; `current` is the one that serves."""

    bank_id: str
    version: str
    number: int | None
    questions: int
    current: bool
    published_at: datetime | None = None
    published_by: str | None = None
    draft_id: str | None = None
