"""What comes in from outside to be scored, and what goes out: one JSON object each."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict

from app.banks.library import BankLibrary
from app.languages.files import SHIPPED, language_folder
from app.languages.guessing import language_of
from app.scoring.card import QuestionScore
from app.scoring.rubric import Item, RubricPoint, question_item

DEFAULT_MAX_SCORE = 8.0
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"\S")]
Positive = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Id = StrictStr | StrictInt

_EXAMPLE: JsonDict = {
    "id": "1",
    "question": "客户说商品与描述不符，你会怎么处理？",
    "points": [
        {"id": "p1", "text": "先致歉并安抚客户情绪", "weight": 1},
        {"id": "p2", "text": "请客户提供照片等凭证核实问题", "weight": 2},
    ],
    "max_score": 8,
    "answer": "我会先跟客户说声抱歉，然后请他拍几张照片给我看看。",
}


class PointToScore(BaseModel):
    """One thing a reply can contain; `weight` is relative to the other points'."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: Text
    weight: Positive = 1.0


class ScoreRequest(BaseModel):
    """An answer, and its question either in full (`question`, `points`) or by the `question_id` of a bank.

    Other fields are ignored, so that a labelled data set can be scored as it is.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: Id = Field(description="Yours; it comes back unchanged.")
    question_id: str | None = None
    question: Text | None = None
    points: Annotated[list[PointToScore], Field(min_length=1, max_length=200)] | None = None
    max_score: Positive | None = Field(None, description="Marks for full credit; a bank's own, or 8.")
    reference_answer: Annotated[str, Field(max_length=20_000)] = ""
    language: str | None = Field(
        None,
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Language to judge in; else the bank's, or the question's script tells.",
    )
    answer: str = Field(max_length=100_000)

    @field_validator("id", mode="after")
    @classmethod
    def _id_can_be_written(cls, id: Id) -> Id:
        if isinstance(id, str) and any("\ud800" <= c <= "\udfff" for c in id):
            raise ValueError("holds a lone surrogate")
        return id

    @field_validator("points")
    @classmethod
    def _ids_differ(cls, points: list[PointToScore] | None) -> list[PointToScore] | None:
        seen: set[str] = set()
        for point in points or []:
            if point.id in seen:
                raise ValueError(f"two points have the id {point.id!r}")
            seen.add(point.id)
        return points

    @model_validator(mode="after")
    def _says_what_is_asked(self) -> Self:
        if self.question_id is None and (self.question is None or self.points is None):
            raise ValueError("give question and points, or question_id")
        if self.question_id is not None and (self.question is not None or self.points is not None):
            raise ValueError("give either question and points or question_id, not both")
        return self

    def item(self, banks: BankLibrary) -> Item:
        """The question to judge by. Raises `NotFoundError` for an unknown `question_id`."""
        if self.question_id is not None:
            bank, _, question = banks.question(self.question_id)
            return question_item(question, self.language or bank.language, self.max_score)
        points = tuple(RubricPoint(p.id, p.text, p.weight) for p in self.points or ())
        return Item(
            question=self.question or "",
            points=points,
            max_score=self.max_score or DEFAULT_MAX_SCORE,
            language=self.language or _language(self.question or ""),
            reference_answer=self.reference_answer,
        )


class OwnWords(BaseModel):
    """The answer's `[start:end]`, in code points of the answer as given."""

    start: int
    end: int
    text: str


class PointResult(BaseModel):
    """The verdict on one point; null: not scored."""

    id: str
    credit: float | None = Field(json_schema_extra={"enum": [0, 0.5, 1, None]})
    confidence: float | None
    quotes: list[OwnWords]
    needs_review: bool


class ScoreResult(BaseModel):
    """One answer scored, or not, with the `reason`, which begins with a code and a colon."""

    id: Id | None
    status: Literal["scored", "not_scored"]
    score: float | None
    max_score: float | None
    points: list[PointResult]
    fingerprint: str | None
    reason: str | None = Field(None, examples=["empty: The reply has no words."])
    repeats: list[dict[str, float | None]] | None = Field(None, description="Credits of each repeat.")

    def to_json(self) -> dict[str, Any]:
        """The contract's fields; `reason` and `repeats` only where there is something to say."""
        optional = {name for name in ("reason", "repeats") if getattr(self, name) is None}
        return self.model_dump(mode="json", exclude=optional)


def result(id: Id, card: QuestionScore) -> ScoreResult:
    """A card of one single reply in the contract's shape."""
    return ScoreResult(
        id=id,
        status=card.status,
        score=card.score,
        max_score=card.max_score,
        points=[
            PointResult.model_validate(point.model_dump(include=set(PointResult.model_fields)))
            for point in card.points
        ],
        fingerprint=card.fingerprint,
        reason=card.reason,
    )


def not_scored(id: Id | None, reason: str) -> ScoreResult:
    """The result of a line that could not even be judged."""
    return ScoreResult(
        id=id, status="not_scored", score=None, max_score=None, points=[], fingerprint=None, reason=reason
    )


def _language(text: str) -> str:
    """The language that a question without one is judged in: one that there are prompts in."""
    return language_of(text, among=language_folder(SHIPPED).having("judge.md"), shared=0.5)
