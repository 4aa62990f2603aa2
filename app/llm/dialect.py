"""Which optional request fields one endpoint understands, learned from its refusals."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

Strategy = Literal["auto", "schema", "text"]
_TOO_LONG = ("context length", "context_length", "context window", "context size", "prompt is too long")


@dataclass
class Dialect:
    """Optimistic at first; `adapt` gives up what a refusal (400, 422) points at and remembers it.

    `proven` holds fields that were accepted once: a later refusal that does not name them has another cause.
    """

    strategy: Strategy = "auto"
    schema: bool = True
    stream_options: bool = True
    temperature: bool = True
    logprobs: bool = True
    token_limit: str = "max_tokens"
    proven: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.schema = self.strategy != "text"

    def fields(self, max_tokens: int, temperature: float) -> dict[str, Any]:
        """The request fields that bound and steer an answer."""
        return {self.token_limit: max_tokens} | ({"temperature": temperature} if self.temperature else {})

    def accept(self, sent: Collection[str]) -> None:
        """Remembers that a request with these fields was answered."""
        self.proven.update(sent)

    def adapt(self, refusal: str, sent: Collection[str]) -> bool:
        """Whether something was given up, so that asking again differently makes sense."""
        refusal = refusal.lower()
        if any(sign in refusal for sign in _TOO_LONG):
            return False
        if "max_completion_tokens" in refusal and "max_tokens" in sent and self.token_limit == "max_tokens":
            self.token_limit = "max_completion_tokens"
            return True
        for name in ("stream_options", "temperature", "logprobs"):
            if name in sent and getattr(self, name) and name in refusal:
                setattr(self, name, False)
                return True
        if "response_format" in sent and "response_format" not in self.proven:
            return self.refuse_schema()
        if "stream_options" in sent and self.stream_options and "stream_options" not in self.proven:
            self.stream_options = False
            return True
        return False

    def refuse_schema(self) -> bool:
        """Goes over to plain requests, unless the strategy forbids it. Whether that changed anything."""
        changed = self.schema and self.strategy == "auto"
        self.schema = self.schema and not changed
        return changed
