"""One call's clock and token counts, handed on as a `Usage` exactly once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from app.llm.base import Usage
from app.llm.prompts import RenderedPrompt

Record = Callable[[Usage], None]
_LONGEST_ABOUT = 80
# About so in English and Chinese alike, by the tokenisers of today.
_BYTES_A_TOKEN = 4
_about: ContextVar[str] = ContextVar("about", default="")


@contextmanager
def calls_about(what: str) -> Iterator[None]:
    """Calls begun inside are recorded as being about `what`, at most 80 characters of it."""
    before = _about.set(what[:_LONGEST_ABOUT])
    try:
        yield
    finally:
        _about.reset(before)


def asked_about() -> str:
    """What the calls begun now are about; empty when nobody said."""
    return _about.get()


class Meter:
    """Started when the request goes out; `finish` records it, later calls of `finish` do nothing.

    Where pieces came but no token counts, as in a stream that was left early, the tokens are estimated.
    """

    def __init__(self, prompt: RenderedPrompt, model: str, record: Record) -> None:
        self._prompt = prompt
        self._model = model
        self._record = record
        self._about = _about.get()
        self._started = time.perf_counter()
        self._first: float | None = None
        self._tokens = (0, 0, 0)
        self._bytes_read = 0
        self._open = True

    def read(self, piece: str) -> None:
        """Notes a piece of the answer, and when the first one came."""
        if self._first is None:
            self._first = time.perf_counter() - self._started
        self._bytes_read += _bytes(piece)

    def count(self, usage: Any) -> None:
        """Takes the counts from an OpenAI `usage` object, if there is one."""
        if usage is None:
            return
        details = getattr(usage, "prompt_tokens_details", None)
        cached = getattr(details, "cached_tokens", None)
        self._tokens = (usage.prompt_tokens or 0, cached or 0, usage.completion_tokens or 0)

    def count_tokens(self, prompt: int, cached: int, completion: int) -> None:
        self._tokens = (prompt, cached, completion)

    def finish(self, outcome: str = "ok") -> None:
        """Records the call."""
        if not self._open:
            return
        self._open = False
        prompt, cached, completion = self._tokens
        if self._bytes_read and not any(self._tokens):
            asked = sum(_bytes(message["content"]) for message in self._prompt.messages)
            prompt, completion = (-(-size // _BYTES_A_TOKEN) for size in (asked, self._bytes_read))
        self._record(
            Usage(
                purpose=self._prompt.name,
                model=self._model,
                prompt_hash=self._prompt.hash,
                prompt_tokens=prompt,
                cached_tokens=cached,
                completion_tokens=completion,
                seconds=time.perf_counter() - self._started,
                first_token_seconds=self._first,
                outcome=outcome,
                about=self._about,
            )
        )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


@dataclass
class Spending:
    """Calls, those of them that failed, and tokens; `add` is a `Record`."""

    calls: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    def add(self, usage: Usage) -> None:
        self.calls += 1
        self.failed += usage.outcome != "ok"
        self.prompt_tokens += usage.prompt_tokens
        self.cached_tokens += usage.cached_tokens
        self.completion_tokens += usage.completion_tokens

    @property
    def cached_share(self) -> float:
        """The share of prompt tokens, 0..1, that the endpoint had in its cache; 0 when there were none."""
        return self.cached_tokens / self.prompt_tokens if self.prompt_tokens else 0.0

    def __str__(self) -> str:
        calls = f"{self.calls} LLM calls" + (f" ({self.failed} failed)" if self.failed else "")
        if not self.calls:
            return calls
        return (
            f"{calls}, {self.prompt_tokens} prompt tokens ({self.cached_share:.0%} cached), "
            f"{self.completion_tokens} completion tokens"
        )
