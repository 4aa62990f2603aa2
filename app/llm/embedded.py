"""The embedded model: its life in a child process, spoken to like any other endpoint, and its states read."""

import re
import secrets
from functools import cached_property
from pathlib import Path

from app.errors import LLMError
from app.llm import weights
from app.llm.base import Endpoint, LLMStatus
from app.llm.child import ServerUrls
from app.llm.endpoint import EndpointLLM
from app.llm.lifecycle import ModelLife
from app.llm.metering import Record
from app.llm.model_server import DEPTH, ServerOptions
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.llm.source import DEFAULT_WEIGHTS, sha256_of
from app.llm.states import States, StatesClient
from app.memory import usable_cores, usable_memory
from app.settings import Settings

# Reading a long prompt takes minutes on a small machine, during which nothing is sent.
_SLOWEST_SECONDS = 300.0
_LOADED_BYTES = 2_500_000_000
_BYTES_A_TOKEN = 1_400_000
_SHORTEST_PASS, _LONGEST_PASS = 1024, 6144
_CONTROL_TOKEN = re.compile(r"<\|(\w*)\|>")


class EmbeddedLLM(EndpointLLM):
    """A chat model in a child process that also shows the states of its first blocks.

    `longest_pass` is the most tokens `states` takes, bounded by this machine's memory and the context.
    """

    def __init__(
        self,
        settings: Settings,
        prompts: PromptLibrary,
        record: Record,
        depth: float = DEPTH,
    ) -> None:
        """`depth`, 0..1, is how many of the blocks come before the states that it shows."""
        self.depth = depth
        self._settings = settings
        affordable = (usable_memory() - _LOADED_BYTES) // _BYTES_A_TOKEN
        self.longest_pass = min(max(affordable, _SHORTEST_PASS), _LONGEST_PASS, settings.model_context)
        self._life = ModelLife(settings, DEFAULT_WEIGHTS, self._options, self._move)
        gate, retries = self._life.wait_until_up, settings.llm_retries
        key = secrets.token_urlsafe(24)
        path = settings.model_path
        name = f"{DEFAULT_WEIGHTS.file_name if path is None else path.name}@sha256:{self.sha256[:8]}"
        super().__init__(
            Endpoint("http://127.0.0.1", key, "embedded", name, embedded=True),
            prompts,
            record,
            timeout=max(settings.llm_timeout, _SLOWEST_SECONDS),
            retries=retries,
            strategy=settings.llm_strategy,
            gate=gate,
            clean=_harmless,
        )
        self._states = StatesClient(self.endpoint, record, gate, timeout=self.timeout, retries=retries)

    @cached_property
    def sha256(self) -> str:
        """The weights' SHA-256; a file of the settings' own is read once to know it."""
        path = weights.own_path(self._settings)
        return DEFAULT_WEIGHTS.sha256 if path is None else sha256_of(path, self._settings.model_dir)

    @property
    def pid(self) -> int | None:
        """The child's process id, while it runs."""
        return self._life.pid

    async def start(self) -> None:
        """Fetches and loads in the background."""
        self._life.start()

    async def close(self) -> None:
        await self._life.close()
        await super().close()
        await self._states.close()

    def status(self) -> LLMStatus:
        return self._life.status(self.model)

    async def ready(self) -> bool:
        return self._life.is_up

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
            api_key=self.endpoint.api_key,
            threads=self._settings.model_threads or usable_cores(),
            context=self._settings.model_context,
            longest_pass=self.longest_pass,
        )

    def _move(self, urls: ServerUrls) -> None:
        self.move(f"{urls.chat}/v1")
        self._states.move(urls)


def _harmless(prompt: RenderedPrompt) -> RenderedPrompt:
    """The prompt without control tokens: the server would read them even in a candidate's words."""
    messages = tuple(
        {name: _CONTROL_TOKEN.sub(r"(\1)", value) for name, value in message.items()}
        for message in prompt.messages
    )
    return RenderedPrompt(prompt.name, prompt.hash, messages)
