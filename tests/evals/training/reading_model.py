"""A model whose states tell whether the reply holds a token, so that reading it works and can be counted."""

import re

import numpy as np

from app.errors import LLMError
from app.scoring.judges.states import States
from tests.fakes.scripted import ScriptedLLM

_REPLY = re.compile(r"<(回答|reply)>\n(.*?)</\1>", re.S)


class ReadableLLM(ScriptedLLM):
    """One token a character; its state: `depth` if the reply holds it, its place in the pass, and `depth`."""

    sha256 = "0123456789abcdef"

    def __init__(self, depth: float = 0.6, fails_after: int | None = None) -> None:
        super().__init__(default='{"quotes": [], "verdict": "miss"}')
        self.depth = depth
        self.fails_after = fails_after
        self.passes: list[str] = []
        self.started = 0
        self.closed = 0

    async def start(self) -> None:
        self.started += 1

    async def close(self) -> None:
        self.closed += 1

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        return [ord(character) for character in text]

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        if self.fails_after is not None and len(self.passes) >= self.fails_after:
            raise LLMError("the model is gone")
        text = "".join(map(chr, token_ids))
        self.passes.append(text)
        match = _REPLY.search(text)
        said = set(match[2]) if match else set()
        rows = [[self.depth * (text[at] in said), at / 1000, self.depth] for at in positions]
        return np.array(rows, dtype=np.float32)
