"""Verdicts read from the embedded model's states by a trained head; the quotes are found in code."""

import asyncio
from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import StatesLLM
from app.llm.prompts import PromptLibrary
from app.scoring.evidence.quotes import Embed, best_quote
from app.scoring.judges.judge import Judgement
from app.scoring.judges.states import Baseline, States, baseline_states, point_states
from app.scoring.judges.verdict_head import Verdict, VerdictHead
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.screening.spans import blotted
from app.search.embedding import Embedder
from app.text.clauses import COMMAS, SENTENCE_MARKS, cut, ends
from app.text.fold import fold, words
from app.text.quoting import clean, find

VERSION = 2  # of the reading of states and the choice of quotes
PROMPT = "judge_states"
SHORTEST_ECHO = 6  # word characters
_CLAUSE_ENDS = ends(SENTENCE_MARKS + COMMAS + ".\n")


class HeadJudge:
    """The model reads question, reply and points in one pass; the head reads its state on each point."""

    def __init__(
        self,
        llm: StatesLLM,
        prompts: PromptLibrary,
        head: VerdictHead,
        embedder: Embedder | None = None,
        baselines: MutableMapping[Baseline, States] | None = None,
    ) -> None:
        """`baselines` keeps the states without a reply, which are the same for every reply to a question."""
        self._llm = llm
        self._prompts = prompts
        self._head = head
        self._embedder = embedder
        self._baselines = baselines

    def identity(self, language: str) -> Mapping[str, str]:
        return {
            "strategy": "verdict-head",
            "model": self._llm.model,
            "prompt": self._prompts.get(PROMPT, language).hash,
            "head": f"{self._head.version}-{self._head.digest}",
            "version": str(VERSION),
            "embedding": self._embedder.name if self._embedder else "none",
        }

    async def prepare(self, item: Item) -> None:
        """Take the pass without a reply, about two fifths of the first reply's work."""
        prompt = self._prompts.get(PROMPT, item.language)
        texts = [point.text for point in item.points]
        await baseline_states(self._llm, prompt, item.question, texts, self._baselines)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        reply = "\n".join(clean(part.text) for part in answer)
        try:
            verdicts = await self._verdicts(item, reply, points)
        except LLMUnavailableError as error:
            return [Judgement(None, failure=f"llm-unavailable: {error.detail}")] * len(points)
        except LLMError as error:
            return [Judgement(None, failure=f"llm-error: {error.detail}")] * len(points)
        except ValueError as error:  # states of another shape, or not finite
            return [Judgement(None, failure=f"llm-error: {error}")] * len(points)
        embed = _remembering(self._embedder.embed_passages) if self._embedder else None
        credited = [point for point, verdict in zip(points, verdicts, strict=True) if verdict.credit]
        quotes = await asyncio.to_thread(_quotes, item, credited, _without_echo(item.question, reply), embed)
        return [
            Judgement(verdict.credit, verdict.confidence, quotes.get(point.id, ()), verdict.needs_review)
            for point, verdict in zip(points, verdicts, strict=True)
        ]

    async def _verdicts(self, item: Item, reply: str, points: Sequence[RubricPoint]) -> list[Verdict]:
        # All points are read even when a few are asked for: a point is judged the same in every round, and
        # the pass without a reply is needed only once a question.
        texts = [point.text for point in item.points]
        prompt = self._prompts.get(PROMPT, item.language)
        states = await point_states(self._llm, prompt, item.question, reply, texts, self._baselines)
        judged = self._head.verdicts(states)
        verdicts = {point.id: verdict for point, verdict in zip(item.points, judged, strict=True)}
        return [verdicts[point.id] for point in points]


def _quotes(
    item: Item, points: Sequence[RubricPoint], reply: str, embed: Embed | None
) -> dict[str, tuple[str, ...]]:
    """For each point the words closest to it, by line: no quote runs from one reply into the next."""
    quotes = {}
    for point in points:
        others = [other.text for other in item.points if other.id != point.id]
        span = best_quote(point.text, reply, embed, others)
        quotes[point.id] = tuple(reply[slice(*span)].split("\n")) if span else ()
    return quotes


def _remembering(embed: Embed) -> Embed:
    """`embed`, which embeds no text twice: every point is compared with the same sentences."""
    known: dict[str, NDArray[np.float32]] = {}

    def remembered(texts: list[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embed(new), strict=True))
        return np.stack([known[text] for text in texts])

    return remembered


def _without_echo(question: str, reply: str) -> str:
    """The reply with clauses that only repeat the question blotted out: they are no evidence."""
    asked = fold(question)
    said = [(clause, fold(reply[slice(*clause)])) for clause in cut(reply, _CLAUSE_ENDS)]
    echoes = [at for at, what in said if len(words(what)) >= SHORTEST_ECHO and find(what, asked) is not None]
    return blotted(reply, echoes, "\n")
