"""The language model as routes depend on it, and what pages call it."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from app.dependencies import room, room_of
from app.llm.base import ChatModel
from app.settings import Settings

Model = Annotated[ChatModel, Depends(room(ChatModel))]


def model_name(request: Request) -> str:
    """What the language model is called, without the mark of its file."""
    llm = room_of(request, ChatModel)  # type: ignore[type-abstract]
    return llm.status().model.partition("@")[0].removesuffix(".gguf")


def model_host(settings: Settings) -> str | None:
    """The host whose language model reads replies; None for the embedded one."""
    if settings.uses_embedded_model:
        return None
    return urlsplit(settings.llm_base_url or "https://api.openai.com").hostname or ""
