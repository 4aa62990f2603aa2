"""A scripted LLM: a queue of outputs and a history of what it was asked."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from app.errors import LLMError
from app.interviews.speaking.listening import ClassifyingSpeaker
from app.interviews.speaking.occasion import Heard
from app.languages.files import LanguageFolder
from app.llm.base import Completion
from app.llm.prompts import RenderedPrompt
from app.llm.structured import ObjectPieces


@dataclass
class Halting:
    """An answer that stops after `text` until `go`; the `rest` follows."""

    text: str
    rest: str = ""
    go: asyncio.Event = field(default_factory=asyncio.Event)


Output = str | BaseModel | Exception | Halting | Callable[[RenderedPrompt], str]


class ScriptedLLM:
    """Answers with the next queued output; an exception is raised, a callable is given the prompt.

    When the queue is empty it answers `default`, or raises `LLMError` if there is none.
    """

    model = "scripted"

    def __init__(self, *outputs: Output, default: Output | None = None) -> None:
        self.outputs: deque[Output] = deque(outputs)
        self.default = default
        self.history: list[RenderedPrompt] = []

    def enqueue(self, *outputs: Output) -> None:
        self.outputs.extend(outputs)

    def _next(self, prompt: RenderedPrompt) -> str | Halting:
        self.history.append(prompt)
        if not self.outputs and self.default is None:
            raise LLMError("the scripted LLM has no output left")
        output = self.outputs.popleft() if self.outputs else self.default
        if isinstance(output, Exception):
            raise output
        if isinstance(output, BaseModel):
            return output.model_dump_json()
        if isinstance(output, Halting):
            return output
        return output(prompt) if callable(output) else str(output)

    async def stream(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 400,
        temperature: float = 0.0,
    ) -> AsyncIterator[str]:
        output = self._next(prompt)
        parts = (output.text, output.rest) if isinstance(output, Halting) else (output,)
        wanted = ObjectPieces()
        for number, part in enumerate(parts):
            if number and isinstance(output, Halting):
                await output.go.wait()
            for start in range(0, len(part), 5):
                piece = part[start : start + 5]
                if schema is not None:
                    piece = wanted.take(piece)
                if piece:
                    yield piece
        if schema is not None and not wanted.begun:
            raise LLMError("the scripted answer holds no JSON object")

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 1000,
        temperature: float = 0.0,
        top_probabilities: int = 0,
    ) -> Completion:
        output = self._next(prompt)
        text = output.text + output.rest if isinstance(output, Halting) else output
        if schema is None:
            return Completion(text)
        try:
            parsed: Any = schema.model_validate_json(text)
        except ValueError as error:
            raise LLMError(f"the answer is not the JSON that was asked for: {error}") from error
        return Completion(text, parsed)

    async def ready(self) -> bool:
        return True


class PlainAnswers:
    """A speaker's ears that take every reply for an answer, and know nothing of the job."""

    def classify(self, reply: str) -> Heard:
        """An answer."""
        return Heard()

    def closest(self, question: str, facts: Sequence[str]) -> list[str]:
        """None."""
        return []


def plain_speaker(files: LanguageFolder, ears: PlainAnswers = PlainAnswers()) -> ClassifyingSpeaker:
    """A speaker that takes every reply for an answer, or for what its `ears` hear, and says nothing."""
    return ClassifyingSpeaker(ears, ears, files)
