"""What the pages, `/readyz` and the terminal show of the language model."""

from dataclasses import dataclass
from typing import Literal, Protocol

from app.llm.base import LLM

State = Literal["ready", "fetching", "verifying", "loading", "failed"]


@dataclass(frozen=True)
class LLMStatus:
    """How far the model is. Bytes count the download, or are 0; `detail` is a sentence for the user."""

    state: State
    detail: str
    model: str
    done_bytes: int = 0
    total_bytes: int = 0
    eta_seconds: float | None = None


class ChatModel(LLM, Protocol):
    """An LLM with a life: started with the service, closed with it."""

    async def start(self) -> None:
        """Begins whatever must happen before the first call; returns at once."""

    async def close(self) -> None:
        """Ends connections and child processes."""

    def status(self) -> LLMStatus:
        """How far the model is, now."""
