"""The embedded model: its life in a child process, spoken to like any other endpoint, and its states read."""

import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from app.errors import LLMError
from app.llm import weights
from app.llm.base import Completion, Endpoint, LLMStatus
from app.llm.child import ServerUrls
from app.llm.endpoint import EndpointLLM
from app.llm.lifecycle import ModelLife
from app.llm.metering import Record
from app.llm.model_server import DEPTH, ServerOptions
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.llm.source import DEFAULT_WEIGHTS, WeightsSource, sha256_of
from app.llm.states import States, StatesClient
from app.memory import usable_cores, usable_memory
from app.settings import Settings

# Reading a long prompt takes minutes on a small machine, during which nothing is sent.
_SLOWEST_SECONDS = 300.0
_LOADED_BYTES = 2_500_000_000
_BYTES_A_TOKEN = 1_400_000
_SHORTEST_PASS, _LONGEST_PASS = 1024, 6144
_CONTROL_TOKEN = re.compile(r"<\|(\w*)\|>")


class EmbeddedLLM:
    """A chat model in a child process that also shows the states of its first blocks.

    `longest_pass` is the most tokens `states` takes, bounded by this machine's memory and the context.
    """

    def __init__(
        self,
        settings: Settings,
        prompts: PromptLibrary,
        record: Record,
        source: WeightsSource = DEFAULT_WEIGHTS,
        depth: float = DEPTH,
    ) -> None:
        """`depth`, 0..1, is how many of the blocks come before the states that it shows."""
        self.depth = depth
        self._settings = settings
        self._source = source
        affordable = (usable_memory() - _LOADED_BYTES) // _BYTES_A_TOKEN
        self.longest_pass = min(max(affordable, _SHORTEST_PASS), _LONGEST_PASS, settings.model_context)
        self._life = ModelLife(settings, source, self._options, self._move)
        self._key = secrets.token_urlsafe(24)
        endpoint = Endpoint("http://127.0.0.1", self._key, "embedded", self.model, embedded=True)
        timeout = max(settings.llm_timeout, _SLOWEST_SECONDS)
        gate = self._life.wait_until_up
        self._chat = EndpointLLM(
            endpoint,
            prompts,
            record,
            timeout=timeout,
            retries=settings.llm_retries,
            strategy=settings.llm_strategy,
            gate=gate,
        )
        self._states = StatesClient(endpoint, record, gate, timeout=timeout, retries=settings.llm_retries)

    @cached_property
    def sha256(self) -> str:
        """The weights' SHA-256; a file of the settings' own is read once to know it."""
        path = weights.own_path(self._settings)
        return self._source.sha256 if path is None else sha256_of(path, self._settings.model_dir)

    @cached_property
    def model(self) -> str:
        path = self._settings.model_path
        return f"{self._source.file_name if path is None else path.name}@sha256:{self.sha256[:8]}"

    @property
    def pid(self) -> int | None:
        """The child's process id, while it runs."""
        return self._life.pid

    async def start(self) -> None:
        """Fetches and loads in the background."""
        self._life.start()

    async def close(self) -> None:
        await self._life.close()
        await self._chat.close()
        await self._states.close()

    def status(self) -> LLMStatus:
        return self._life.status(self.model)

    async def ready(self) -> bool:
        return self._life.is_up

    async def stream(
        self, prompt: RenderedPrompt, *, max_tokens: int = 400, temperature: float = 0.0
    ) -> AsyncGenerator[str, None]:
        """As any endpoint; waits first while the model is loading."""
        pieces = self._chat.stream(_harmless(prompt), max_tokens=max_tokens, temperature=temperature)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 1000,
        temperature: float = 0.0,
        top_probabilities: int = 0,
    ) -> Completion:
        """As any endpoint; a schema becomes a grammar, so the answer meets it unless it is cut."""
        return await self._chat.complete(
            _harmless(prompt),
            schema=schema,
            max_tokens=max_tokens,
            temperature=temperature,
            top_probabilities=top_probabilities,
        )

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        """Token ids, nothing added; without `parse_special`, control tokens in `text` stay plain text."""
        return await self._states.tokenize(text, parse_special)

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        """States after the first `depth` of the blocks at `positions`, `[positions, hidden]` float32.

        Costs a whole pass over `token_ids`. Raises `LLMError` when they are more than `longest_pass`.
        """
        if len(token_ids) > self.longest_pass:
            raise LLMError(
                f"the text has {len(token_ids)} tokens, and this machine reads {self.longest_pass} at most",
                hint="Shorten the reply, give the machine more memory, or raise INTERVIEWER_MODEL_CONTEXT.",
            )
        return await self._states.states(token_ids, positions)

    def _options(self, path: Path) -> ServerOptions:
        return ServerOptions(
            model_path=str(path),
            cut_folder=str(self._settings.model_dir),
            depth=self.depth,
            api_key=self._key,
            threads=self._settings.model_threads or usable_cores(),
            context=self._settings.model_context,
            longest_pass=self.longest_pass,
        )

    def _move(self, urls: ServerUrls) -> None:
        self._chat.move(f"{urls.chat}/v1")
        self._states.move(urls)


def _harmless(prompt: RenderedPrompt) -> RenderedPrompt:
    """The prompt without control tokens: the server would read them even in a candidate's words."""
    messages = tuple(
        {name: _CONTROL_TOKEN.sub(r"(\1)", value) for name, value in message.items()}
        for message in prompt.messages
    )
    return RenderedPrompt(prompt.name, prompt.hash, messages)
