"""What the rest of the house knows of a language model: two methods, `stream` and `complete`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import BaseModel

from app.llm.prompts import RenderedPrompt


@dataclass(frozen=True)
class Endpoint:
    """Where calls go. `base_url` None: the client library's default; `name` goes into fingerprints."""

    base_url: str | None
    api_key: str
    model: str
    name: str
    embedded: bool = False

    def __repr__(self) -> str:
        return f"Endpoint({self.place}, {self.model})"

    @property
    def place(self) -> str:
        """The endpoint in messages; never the key."""
        return "the embedded model" if self.embedded else self.base_url or "the OpenAI API"


@dataclass(frozen=True)
class Usage:
    """One call's cost. Times in seconds; `prompt_hash` names the prompt's exact file content.

    `about` is what the call was made for, such as one reply; see `calls_about`.
    """

    purpose: str
    model: str
    prompt_hash: str
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    first_token_seconds: float | None = None
    outcome: str = "ok"
    about: str = ""


@dataclass(frozen=True)
class Completion:
    """A whole answer. `parsed` is set when a schema was asked for and met.

    `first_token_probabilities` maps candidate first tokens to probabilities, where the endpoint gives them.
    """

    text: str
    parsed: BaseModel | None = None
    first_token_probabilities: dict[str, float] = field(default_factory=dict)


class LLM(Protocol):
    """Any chat model. Both methods raise `LLMError` or `LLMUnavailableError`, never a library's own error."""

    @property
    def model(self) -> str:
        """The name that goes into fingerprints; for the embedded model its file name and SHA-256."""

    def stream(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 400,
        temperature: float = 0.0,
    ) -> AsyncIterator[str]:
        """The answer piece by piece. A stream cut short raises `LLMError` after the pieces that came.

        With `schema` the pieces are those of the answer's one JSON object, not validated; `LLMError` if it
        has none. The schema must require all its fields and forbid others.
        """

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 1000,
        temperature: float = 0.0,
        top_probabilities: int = 0,
    ) -> Completion:
        """The whole answer; with `schema`, validated against it or `LLMError`."""

    async def ready(self) -> bool:
        """Whether a call made now would find a model."""


class StatesLLM(LLM, Protocol):
    """The embedded model also shows its states, half-way up."""

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        """Token ids; with `parse_special` false, control tokens in the text stay plain text."""

    async def states(
        self, token_ids: list[int], positions: list[int]
    ) -> np.ndarray[Any, np.dtype[np.float32]]:
        """States at `positions`, shape (len(positions), hidden size)."""


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
