"""Is the language model ready? The pages ask this while it is being fetched or loaded."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.llm.dependencies import Model

router = APIRouter(tags=["model"])


class ModelStatus(BaseModel):
    """What the language model is doing; sizes in bytes, time in seconds."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["ready", "fetching", "verifying", "loading", "failed"]
    detail: str = Field(description="What it is doing, in English")
    done_bytes: int
    total_bytes: int
    eta_seconds: float | None
    model: str


@router.get("/api/v1/model", summary="What the language model is doing")
async def model_status(llm: Model, response: Response) -> ModelStatus:
    """`ready`, or how far fetching, verifying or loading has come."""
    response.headers["Cache-Control"] = "no-store"
    return ModelStatus.model_validate(llm.status())
