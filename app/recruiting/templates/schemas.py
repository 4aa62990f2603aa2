"""What the API of templates takes and gives: a template in the list, one with what it asks, a change."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.drawing import BankNews, Drawing, Stratum

Questions = Literal["keep", "anew", "newest"]
"""On saving: keep the pinned questions unless what is asked changed; draw others; or take the same questions
as the banks have them now."""


class TemplateListing(BaseModel):
    """A template without its questions."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    revision: int
    content: TemplateContent
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class DrawnQuestion(BaseModel):
    """A question every candidate gets, without its rubric."""

    id: str
    bank: str
    version: str
    section: str
    difficulty: str
    text: str


class TemplateView(TemplateListing):
    """A template with the `questions` it pinned, or none where each candidate's draw fills the `strata`."""

    questions: list[DrawnQuestion]
    strata: list[Stratum]
    newer_banks: list[BankNews] = Field(description="Banks that have a newer version than was pinned.")


class TemplateChange(BaseModel):
    """A change names the revision it was made to."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(description="The template's `revision` as it was read.")
    content: TemplateContent
    questions: Questions = Field(
        "keep",
        description=(
            "Pinned questions: `keep` them unless the parts change, draw `anew`, or take the same ones "
            "in the banks' `newest` versions."
        ),
    )


class Archiving(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revoke_links: bool = Field(False, description="Also revoke the links that were not used yet.")


class Archived(BaseModel):
    revoked_links: int


def drawn_questions(drawing: Drawing) -> list[DrawnQuestion]:
    """The pinned questions in the order they are asked."""
    return [
        DrawnQuestion(
            id=planned.question.id,
            bank=planned.bank_id,
            version=planned.bank_version,
            section=planned.section_title,
            difficulty=planned.question.difficulty,
            text=planned.question.text,
        )
        for planned in (drawing.plan.questions if drawing.plan else ())
    ]
