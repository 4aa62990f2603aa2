"""The banks a candidate can be interviewed with. The rubric never leaves through here."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.banks.dependencies import Library
from app.banks.schema import Bank

router = APIRouter(prefix="/api/v1/banks", tags=["banks"])


class SectionSummary(BaseModel):
    id: str
    title: str
    questions: int = Field(description="Number of questions in the section.")


class CompetencySummary(BaseModel):
    id: str
    title: str


class BankSummary(BaseModel):
    """A question bank without its questions."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "online-customer-service",
                "title": "在线客服",
                "role": "在线客服专员",
                "language": "zh-CN",
                "version": "1.0.0",
                "description": "面向在线客服岗位的面试题库。",
                "sections": [{"id": "motivation", "title": "自我认知与职业动机", "questions": 4}],
                "competencies": [{"id": "empathy", "title": "共情倾听"}],
            }
        }
    )

    id: str = Field(description="What `bank` is set to when an interview is started.")
    title: str
    role: str = Field(description="The position interviewed for.")
    language: str = Field(description="Language tag of the questions.")
    version: str
    description: str | None
    sections: list[SectionSummary]
    competencies: list[CompetencySummary]

    @classmethod
    def of(cls, bank: Bank) -> "BankSummary":
        return cls(
            **bank.model_dump(exclude={"sections", "competencies"}),
            sections=[
                SectionSummary(id=section.id, title=section.title, questions=len(section.questions))
                for section in bank.sections
            ],
            competencies=[CompetencySummary(id=item.id, title=item.title) for item in bank.competencies],
        )


@router.get("", summary="List the question banks")
async def list_banks(library: Library) -> list[BankSummary]:
    """Every bank with its sections and competencies; questions and rubric stay inside."""
    return [BankSummary.of(bank) for bank in library.banks.values()]
