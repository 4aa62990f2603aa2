"""Everything held about one person, as its download says it, and what the API of rights takes and gives.

Times are UTC, credits 0..1.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.interviews.schemas import TranscriptLine
from app.scoring.card import Quote

Basis = Literal["itself", "email", "browser", "maybe"]
"""Why something counts as this person's: it is what was opened, has the same e-mail, is of the same browser.
`maybe` has only the same name or reference, and is theirs only if a recruiter says so."""

FORMAT = "interviewer-person/1"


class HeldLine(TranscriptLine):
    """A line of the transcript, and of a reply how it was typed, as the browser counted it."""

    signals: dict[str, Any] | None = None


class HeldPoint(BaseModel):
    """A verdict. The point's `text` belongs to the question bank: given where the report may show it."""

    id: str
    text: str | None
    weight: float
    credit: float | None
    machine_credit: float | None = Field(description="What the machine gave a point that a person decided.")
    overridden: bool
    confidence: float | None
    needs_review: bool
    quotes: list[Quote]


class HeldCard(BaseModel):
    """A question's verdicts and their sum; `scorer` is the model that gave them."""

    status: str
    score: float | None
    max_score: float
    reason: str | None
    scored_at: datetime | None
    replaced_at: datetime | None = Field(None, description="Set on a card that a later one replaced.")
    scorer: str | None
    fingerprint: str
    points: list[HeldPoint]


class Decision(BaseModel):
    """What a person decided about a point: openly with a reason, or blind, before seeing the scores."""

    question: int
    point: str
    credit: float | None = Field(description="None: given back to the machine.")
    before: float | None = None
    reason: str | None = None
    blind: bool = False
    at: datetime


class Note(BaseModel):
    """A reviewer's comment on the interview, a question or a point."""

    question: int | None
    point: str | None
    text: str
    at: datetime


class HeldEvaluation(BaseModel):
    """How the answers were judged, by machine and by people, with all that was replaced."""

    score: float | None
    max_score: float
    cards: dict[int, HeldCard] = Field(description="The current cards by question number.")
    replaced: dict[int, list[HeldCard]]
    rescored: list[dict[str, Any]] = Field(description="Cards of trials with other models or prompts.")
    stories: dict[int, dict[str, Any]] = Field(
        description="Which parts of a story an answer was read to tell."
    )
    decisions: list[Decision]
    comments: list[Note]


class HeldDispute(BaseModel):
    """An objection to a point, and what became of it."""

    question: int
    point: str
    text: str
    at: datetime
    status: str
    outcome: str
    resolved_at: datetime | None


class HeldInvite(BaseModel):
    """An invite, as the recruiter typed it."""

    id: str
    template: str | None
    name: str
    email: str
    reference: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    interview_id: str | None


class HeldInterview(BaseModel):
    """One interview with all that is kept of it."""

    id: str
    mode: str
    status: str
    bank: dict[str, str]
    template: str | None
    language: str
    name: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime
    consented_at: datetime | None
    consent_withdrawn_at: datetime | None
    reviewed_at: datetime | None
    released_at: datetime | None
    delete_after: datetime | None = Field(description="When it will be deleted by itself; null: never.")
    settings: dict[str, Any]
    questions: dict[int, str] = Field(description="What was asked, by number, as far as the interview came.")
    transcript: list[HeldLine]
    evaluation: HeldEvaluation | None
    evaluation_from: datetime | None = Field(
        description="From when on the download holds the evaluation, if it does not yet."
    )
    disputes: list[HeldDispute]
    devices: list[datetime] = Field(description="When further devices were let in.")
    history: list[dict[str, Any]] = Field(description="What was done with it and when, from the audit log.")
    model_calls: list[dict[str, Any]] = Field(description="When which language model read its replies.")


class PersonRecord(BaseModel):
    """Everything held about one person."""

    format: str = FORMAT
    made_at: datetime
    known_since: datetime | None = Field(description="When this browser was first seen.")
    interviews: list[HeldInterview]
    invites: list[HeldInvite]


class MyInterview(BaseModel):
    """An interview this browser may open; `delete_after` is null for one that is kept until someone asks."""

    id: str
    mode: str
    status: str
    bank: str
    created_at: datetime
    delete_after: datetime | None


class Called(BaseModel):
    """How someone wants to be called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=1000)


class EntryView(BaseModel):
    """An interview, or an invite that was not used. `basis` says why it is taken for this person's."""

    id: str
    interview_id: str | None
    invite_id: str | None
    basis: Basis
    template: str | None
    created_at: datetime
    delete_after: datetime | None


class PersonView(BaseModel):
    """A person as far as invites and interviews know them; `id` is that of the newest entry."""

    id: str
    name: str
    emails: list[str]
    references: list[str]
    entries: list[EntryView]


class Correction(BaseModel):
    """What is right: the name, and the address of a person who has one."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=1000)
    email: str | None = Field(None, max_length=1000)


class ErasedView(BaseModel):
    """How many were deleted."""

    interviews: int
    invites: int = Field(description="Deleted when unused, else emptied.")
