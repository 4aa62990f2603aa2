"""What a template says: which questions, on which terms, and what the candidate is told."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.banks.schema import Id
from app.interviews.flow.moves import Mode
from app.interviews.schemas import Sees
from app.text.quoting import clean

MOST_QUESTIONS = 100
Drawn = Literal["same", "stratified"]
"""The very same questions for every candidate; or for each a draw of their own, with the same number from
each section and the same mix of difficulties."""

FollowUpStyle = Literal["standard", "adaptive"]
"""The bank's own probes, the same for everyone; or questions that go on from what each candidate said."""

FOLLOW_UP_STYLES: tuple[FollowUpStyle, ...] = get_args(FollowUpStyle)
MODES: tuple[Mode, ...] = get_args(Mode)
SEES: tuple[Sees, ...] = get_args(Sees)


def _cleaned(typed: Any) -> Any:
    return clean(typed) if isinstance(typed, str) else typed


Line = Annotated[str, BeforeValidator(_cleaned)]
Count = Annotated[int, Field(ge=1, le=MOST_QUESTIONS)]


class Part(BaseModel):
    """Questions of one bank: so many of each section in `sections`, or `count` spread over all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bank: Id
    sections: dict[Id, Count] = Field({}, description="How many questions of each section.")
    count: Count | None = Field(None, description="How many of all sections, spread evenly.")

    @model_validator(mode="after")
    def _one_way(self) -> "Part":
        if bool(self.sections) == (self.count is not None):
            raise PydanticCustomError("one_way", "give either `count` or `sections`")
        return self

    @property
    def questions(self) -> int:
        """How many it asks."""
        return self.count or sum(self.sections.values())


class TemplateContent(BaseModel):
    """Everything of a template that is typed or chosen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[Line, Field(min_length=1, max_length=120, description="What the candidate reads too.")]
    organisation: Annotated[Line, Field(max_length=120, description="Who invites.")] = ""
    parts: list[Part] = Field(min_length=1, max_length=40, description="Of banks of one language.")
    minutes: int | None = Field(None, ge=1, le=600, description="Unset: as the installation has it.")
    follow_ups: int = Field(1, ge=0, le=5, description="Most follow-ups a question.")
    follow_up_style: FollowUpStyle = "standard"
    asks_back: bool = Field(False, description="At the end the candidate may ask about the job; unscored.")
    facts: Annotated[Line, Field(max_length=6000, description="What may be told of the job, one a line.")] = (
        ""
    )
    mode: Mode = "assessment"
    drawing: Drawn = "same"
    sees: Sees = Field("points", description="What the candidate sees once a recruiter releases it.")
    blind: bool = Field(False, description="Reviewers judge before they see the name and the scores.")
    retention_days: int | None = Field(
        180, ge=1, le=3650, description="Deleted so long after its end; unset: kept."
    )
    link_days: int = Field(14, ge=1, le=365, description="How long an unused link can be used.")
    intro: Annotated[Line, Field(max_length=4000, description="Shown on the invitation.")] = ""
    language: str | None = Field(
        None,
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Language the interviewer speaks; unset: the banks'.",
    )

    @model_validator(mode="after")
    def _each_bank_once(self) -> "TemplateContent":
        banks = [part.bank for part in self.parts]
        if len(set(banks)) < len(banks):
            raise PydanticCustomError("bank_twice", "parts: name each bank once")
        return self

    @property
    def fact_lines(self) -> list[str]:
        """What may be told of the job, each fact by itself."""
        return [line.strip() for line in self.facts.splitlines() if line.strip()]

    @property
    def questions(self) -> int:
        """How many questions an interview asks."""
        return sum(part.questions for part in self.parts)
