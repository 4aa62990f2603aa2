"""What the API of drafts and bank versions is asked with, and how it refuses."""

from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from app.authoring.schemas import DetailsEdit, QuestionEdit, Written
from app.documents.draft import Text

_Edit = TypeVar("_Edit", bound=BaseModel)


def _problem(code: str, title: str, status_code: int, detail: str, hint: str) -> dict[str, Any]:
    example = {
        "type": f"urn:interviewer:{code}",
        "title": title,
        "status": status_code,
        "detail": detail,
        "hint": hint,
    }
    return {"content": {"application/problem+json": {"example": example}}}


NOT_ALLOWED: dict[int | str, dict[str, Any]] = {
    401: {
        "description": "Nobody is logged in",
        **_problem("not-allowed", "Not allowed", 401, "nobody is logged in", "Log in at /recruiter/login."),
    }
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {
        "description": "No such draft, bank or version",
        **_problem("not-found", "Not found", 404, "there is no draft '6f1c…'", "Check the address."),
    }
}
STALE: dict[int | str, dict[str, Any]] = {
    **NOT_FOUND,
    409: {
        "description": "Someone else was quicker, or the draft is no longer open",
        **_problem(
            "conflict",
            "Not now",
            409,
            "someone else changed this draft meanwhile",
            "Their change is kept and yours was not made: load the draft again, then repeat it.",
        ),
    },
}


class Revised(BaseModel):
    """A change names the revision of the draft that it was made to."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(description="The draft's `revision` as it was read.")


class DetailsPatch(DetailsEdit, Revised):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"revision": 1, "title": "在线客服", "bank_id": "online-customer-service"}
        }
    )


class QuestionPatch(QuestionEdit, Revised):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "revision": 2,
                "text": "客户催问物流时，您怎么答复？",
                "max_score": 8,
                "points": [{"text": "先查到物流的最新状态"}, {"text": "说明下一次答复的时间", "weight": 2}],
            }
        }
    )


class NewQuestion(QuestionPatch):
    section: str = Field(description="Key of the section it is added to.")


class SectionTitle(Revised):
    model_config = ConfigDict(json_schema_extra={"example": {"revision": 3, "title": "情境应对"}})

    title: Written


class FlagSettling(Revised):
    """`key` is the question's, null for a flag of the draft; `index` the flag's place there, from 0."""

    model_config = ConfigDict(json_schema_extra={"example": {"revision": 4, "key": "q19", "index": 0}})

    key: str | None = None
    index: int
    settled: bool = True


class RepairSettling(Revised):
    """`text` is what the document says there; null: the repair is right."""

    model_config = ConfigDict(json_schema_extra={"example": {"revision": 5, "text": "。”"}})

    text: Text | None = None


class Publication(Revised):
    model_config = ConfigDict(
        json_schema_extra={"example": {"revision": 6, "version": "1.1.0", "onto": "1.0.0"}}
    )

    version: str | None = Field(None, description="The version to publish; unset: the next one.")
    onto: str | None = Field(
        None, description="The bank's version this was compared with, empty for none; unset: any."
    )


RevisionQuery = Annotated[int, Query(description="The draft's `revision` as it was read.")]


def without_revision(edit: type[_Edit], patch: Revised) -> _Edit:
    """The edit without its revision; what was not sent stays unset."""
    return edit.model_validate(patch.model_dump(exclude_unset=True, exclude={"revision"}))
