"""Is the language model ready? The pages ask this while it is being fetched or loaded."""

from typing import Literal
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import room_of
from app.llm.base import ChatModel
from app.llm.dependencies import Model
from app.settings import Settings

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


def model_name(request: Request) -> str:
    """What the language model is called, without the mark of its file."""
    llm = room_of(request, ChatModel)  # type: ignore[type-abstract]
    return llm.status().model.partition("@")[0].removesuffix(".gguf")


def model_host(settings: Settings) -> str | None:
    """The host whose language model reads replies; None for the embedded one."""
    if settings.uses_embedded_model:
        return None
    return urlsplit(settings.llm_base_url or "https://api.openai.com").hostname or ""
