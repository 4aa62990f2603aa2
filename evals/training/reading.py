"""The model's states on rubric points, before they are made into what the verdict head reads."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.llm.prompts import PromptLibrary
from app.scoring.judges.embedded import PROMPT
from app.scoring.judges.states import ReadsStates, assemble
from app.text.fold import fold
from evals.training.states_file import StatesFile

Pooled = NDArray[np.float32]  # [points, 2, hidden]
MEAN, LAST = 0, 1  # the second axis: the mean over a point's tokens, and the state at the last of them
Progress = Callable[[Sequence["Pass"]], Iterable["Pass"]]


@runtime_checkable
class ShowsStates(ReadsStates, Protocol):
    """A model whose states are known by its weights' hash and by how deep, 0..1, they are read."""

    @property
    def sha256(self) -> str: ...

    @property
    def depth(self) -> float: ...


@dataclass(frozen=True)
class Pass:
    """One pass of the model over a question, a reply and some of its points."""

    question: str
    language: str
    answer: str
    points: tuple[str, ...]

    @property
    def without_reply(self) -> "Pass":
        """The same with an empty reply: what the production judge subtracts."""
        return replace(self, answer="")

    @property
    def one_point_each(self) -> tuple["Pass", ...]:
        """A pass for every point, in their order."""
        return tuple(replace(self, points=(point,)) for point in self.points)


class Reading:
    """Reads passes as `app.scoring.judges.states` does, and keeps both ways of pooling a point's tokens."""

    def __init__(self, llm: ShowsStates, prompts: PromptLibrary, kept: StatesFile) -> None:
        self._llm = llm
        self._prompts = prompts
        self._kept = kept

    def unread(self, passes: Iterable[Pass]) -> list[Pass]:
        """Those that are not kept, each once."""
        return [one for one in dict.fromkeys(passes) if self._key(one) not in self._kept]

    async def read(self, passes: Iterable[Pass], progress: Progress = iter) -> None:
        """Read what is not kept. Raises what the model raises; what was read by then is kept."""
        try:
            for one in progress(self.unread(passes)):
                self._kept.add(self._key(one), await self._states(one))
        finally:
            self._kept.save()

    def pooled(self, one: Pass) -> Pooled:
        """The states of a pass that was read. Raises `KeyError` if it was not."""
        return self._kept[self._key(one)]

    def _key(self, one: Pass) -> str:
        """All that the states depend on, so that a changed text is read again."""
        # With its length before it no text can run into the next.
        texts = [one.question, one.answer, *one.points]
        digest = hashlib.sha256("".join(f"{len(text)}:{text}" for text in texts).encode()).hexdigest()[:16]
        prompt = self._prompts.get(PROMPT, one.language)
        return f"{self._llm.sha256[:8]}|{self._llm.depth}|{prompt.hash}|{digest}"

    async def _states(self, one: Pass) -> Pooled:
        # In the production judge's order: a point's state knows the points read before it.
        order = sorted(range(len(one.points)), key=lambda at: fold(one.points[at]).text)
        ordered = [one.points[at] for at in order]
        prompt = self._prompts.get(PROMPT, one.language)
        token_ids, spans = await assemble(self._llm, prompt, one.question, one.answer, ordered)
        states = await self._llm.states(token_ids, [position for span in spans for position in span])
        parts = np.split(states, np.cumsum([len(span) for span in spans])[:-1])
        pooled = [np.stack([part.mean(axis=0), part[-1]]) for part in parts]
        return np.stack([pooled[order.index(at)] for at in range(len(one.points))])
