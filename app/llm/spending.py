"""What a run of calls cost, summed."""

from dataclasses import dataclass

from app.llm.base import Usage


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
