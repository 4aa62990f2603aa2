"""The score card: what the scorer hands out, for one question and for a whole interview."""

from typing import Literal

from pydantic import BaseModel, Field


class Quote(BaseModel):
    """The candidate's own words: `text` is `[start:end]` of reply `seq`, in code points as typed."""

    seq: int
    start: int
    end: int
    text: str


class PointScore(BaseModel):
    """The verdict on one rubric point. `credit` is 0, 0.5 or 1, or null while not scored."""

    id: str
    text: str = ""
    weight: float = 1.0
    credit: float | None = Field(None, description="0 miss, 0.5 partial, 1 hit; null: not scored")
    confidence: float | None = Field(None, ge=0, le=1)
    needs_review: bool = False
    quotes: list[Quote] = []
    overridden: bool = Field(False, description="A person decided this point.")
    machine_credit: float | None = Field(None, description="The scorer's credit of an overridden point.")


class QuestionScore(BaseModel):
    """The verdicts on one question and their sum; `score` is null unless every point was judged."""

    status: Literal["scored", "not_scored"]
    score: float | None
    max_score: float
    points: list[PointScore]
    fingerprint: str
    reason: str | None = None
