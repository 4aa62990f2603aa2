"""Verdicts read from the embedded model's states by a trained head; the quotes are found in code."""

import asyncio
import re
from collections.abc import Mapping, Sequence

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import StatesLLM
from app.llm.prompts import PromptLibrary
from app.scoring.judge import Judgement
from app.scoring.quotes import Embed, best_quote
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.states import point_states
from app.scoring.verdict_head import VerdictHead
from app.text import clean, find, words

PROMPT = "judge_states"
SHORTEST_ECHO = 6  # word characters
_CLAUSE = re.compile(r"[^。！？；，!?;,.…\n]+")


class HeadJudge:
    """One pass of the model over question, reply and points; the head reads a state at each point."""

    def __init__(
        self, llm: StatesLLM, prompts: PromptLibrary, head: VerdictHead, embed: Embed | None = None
    ) -> None:
        self._llm = llm
        self._prompts = prompts
        self._head = head
        self._embed = embed

    def identity(self, language: str) -> Mapping[str, str]:
        return {
            "strategy": "verdict-head",
            "model": self._llm.model,
            "prompt": self._prompts.get(PROMPT, language).hash,
            "head": self._head.version,
        }

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        reply = "\n".join(clean(part.text) for part in answer)
        prompt = self._prompts.get(PROMPT, item.language)
        try:
            states = await point_states(self._llm, prompt, item.question, reply, [p.text for p in points])
            verdicts = self._head.verdicts(states)
        except LLMUnavailableError as error:
            return [Judgement(None, failure=f"llm-unavailable: {error.detail}")] * len(points)
        except LLMError as error:
            return [Judgement(None, failure=f"llm-error: {error.detail}")] * len(points)
        except ValueError as error:  # states of another shape, or not finite
            return [Judgement(None, failure=f"llm-error: {error}")] * len(points)
        own_words = _without_echo(item.question, reply)
        quotes = await asyncio.to_thread(
            lambda: [
                self._quotes(item, point, own_words) if verdict.credit else ()
                for point, verdict in zip(points, verdicts, strict=True)
            ]
        )
        return [
            Judgement(verdict.credit, verdict.confidence, quote, verdict.needs_review)
            for verdict, quote in zip(verdicts, quotes, strict=True)
        ]

    def _quotes(self, item: Item, point: RubricPoint, reply: str) -> tuple[str, ...]:
        """The words closest to the point, line by line: a quote never runs from one reply into the next."""
        others = [other.text for other in item.points if other.id != point.id]
        span = best_quote(point.text, reply, self._embed, others)
        return tuple(reply[slice(*span)].split("\n")) if span else ()


def _without_echo(question: str, reply: str) -> str:
    """The reply with clauses that only repeat the question blotted out: they are no evidence."""

    def blot(clause: re.Match[str]) -> str:
        echoes = len(words(clause[0])) >= SHORTEST_ECHO and find(clause[0], question) is not None
        return "\n" * len(clause[0]) if echoes else clause[0]

    return _CLAUSE.sub(blot, reply)
