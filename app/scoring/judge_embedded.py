"""Verdicts read from the embedded model's states by a trained head; the quotes are found in code."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import StatesLLM
from app.llm.prompts import PromptLibrary
from app.scoring.judge import Judgement
from app.scoring.quotes import Embed, best_quote, clauses
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.states import point_states
from app.scoring.verdict_head import VerdictHead
from app.text import clean, find

PROMPT = "judge_states"
HEADS_DIR = Path(__file__).parent / "heads"


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
                self._quotes(point.text, own_words) if verdict.credit else ()
                for point, verdict in zip(points, verdicts, strict=True)
            ]
        )
        return [
            Judgement(verdict.credit, verdict.confidence, quote, verdict.needs_review)
            for verdict, quote in zip(verdicts, quotes, strict=True)
        ]

    def _quotes(self, point: str, reply: str) -> tuple[str, ...]:
        """The clause closest to the point, by reply: a clause joined across two replies is two quotes."""
        span = best_quote(point, reply, self._embed)
        return tuple(line for line in reply[slice(*span)].split("\n") if line.strip()) if span else ()


def find_head(model_sha256: str, folder: Path = HEADS_DIR) -> VerdictHead | None:
    """The head trained on the model with these weights, or None. Raises ValueError on a broken file."""
    return _heads(folder).get(model_sha256)


@lru_cache
def _heads(folder: Path) -> dict[str, VerdictHead]:
    heads = [VerdictHead.load(path) for path in sorted(folder.glob("*.json"))]
    return {head.model_sha256: head for head in heads}


def _without_echo(question: str, reply: str) -> str:
    """The reply with clauses that only repeat the question blotted out, so that none is picked as evidence."""
    kept = reply
    for start, end in clauses(reply):
        if find(reply[start:end], question) is not None:
            kept = kept[:start] + "\n" * (end - start) + kept[end:]
    return kept
