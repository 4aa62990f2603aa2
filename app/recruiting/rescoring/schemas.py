"""What a re-scoring is asked for: which interviews, and by which scorer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Strategy = Literal["auto", "points", "words", "checklist"]


class Scope(BaseModel):
    """Which ended interviews; with `interview_ids` these, else all that fit the rest."""

    model_config = ConfigDict(extra="forbid")

    interview_ids: Annotated[list[str], Field(max_length=10_000)] = []
    template: str | None = None
    bank: str | None = None
    since: datetime | None = Field(None, description="Begun at or after this time.")
    until: datetime | None = Field(None, description="Begun before this time.")


class ScorerChoice(BaseModel):
    """Left out: as the service scores new replies now."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, max_length=200, description="Another model at the configured endpoint.")
    judge: Strategy | None = Field(None, description="Another way of judging.")
    prompts: str | None = Field(
        None, max_length=80, description="A folder below INTERVIEWER_PROMPT_VERSIONS_DIR."
    )


class NewRun(BaseModel):
    """A re-scoring; with `adopt` its cards replace the current ones, which are kept beside them."""

    model_config = ConfigDict(extra="forbid")

    scope: Scope = Scope()
    scorer: ScorerChoice = ScorerChoice()
    adopt: bool = False


class RunView(BaseModel):
    """A re-scoring and how far it is; `seconds_left` is an estimate from its pace so far."""

    id: str
    status: Literal["running", "done", "cancelled", "failed"]
    scope: Scope
    scorer: ScorerChoice
    adopt: bool
    total: int
    done: int
    not_scored: int = Field(description="Interviews with an answer that could not be judged.")
    changed: int = Field(description="Verdicts that differ from the current ones.")
    author: str
    started_at: datetime
    finished_at: datetime | None
    seconds_left: int | None
    waits_for: str = Field(description="What a running one waits for before it goes on by itself.")
    failure: str = Field(description="Why it failed, and what to change before it is let go on.")


class ChangedInterview(BaseModel):
    """An interview of a run: shares of the marks, 0..1, before and after; None where not scored.

    Of a `hidden` one, which the reader is to judge blind first, nothing is told.
    """

    interview_id: str
    title: str
    hidden: bool
    before: float | None
    after: float | None
    changed: int | None
    status: Literal["waiting", "scored", "not_scored", "adopted"]
