"""Verdicts from any chat model, evidence first: one structured call a point, quotes before the verdict."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.scoring.judge import Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.text import clean

PROMPT = "judge"
CALLS_AT_ONCE = 4
LONGEST_VERDICT = 600  # tokens
CREDITS = {"hit": 1.0, "partial": 0.5, "miss": 0.0}
_NO_BRACKETS = str.maketrans("<＜﹤>＞﹥", "‹‹‹›››")


class PointVerdict(BaseModel):
    """What the model answers; the evidence comes first so that the verdict follows from it."""

    quotes: list[str] = Field(description="The reply's own words that show the point, verbatim; may be empty")
    verdict: Literal["hit", "partial", "miss"]


class EvidenceFirstJudge:
    """Asks for one point at a time, a few calls at once; prompts share everything but their last line."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    def identity(self, language: str) -> Mapping[str, str]:
        prompt = self._prompts.get(PROMPT, language)
        return {"strategy": "evidence-first", "model": self._llm.model, "prompt": prompt.hash}

    async def prepare(self, item: Item) -> None:
        """Nothing: every call needs the reply."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        calls = asyncio.Semaphore(CALLS_AT_ONCE)
        unavailable: list[LLMUnavailableError] = []

        async def one(point: RubricPoint) -> Judgement:
            async with calls:
                if unavailable:  # the endpoint is down: the other points need not find that out one by one
                    return _failed(unavailable[0])
                try:
                    verdict = await self._ask(self._prompt(item, answer, point))
                except LLMUnavailableError as error:
                    unavailable.append(error)
                    return _failed(error)
                except LLMError as error:
                    return _failed(error)
                return Judgement(credit=CREDITS[verdict.verdict], quotes=tuple(verdict.quotes))

        return await asyncio.gather(*(one(point) for point in points))

    def _prompt(self, item: Item, answer: Answer, point: RubricPoint) -> RenderedPrompt:
        return self._prompts.get(PROMPT, item.language).render(
            question=as_data(item.question),
            points=[as_data(point.text) for point in item.points],
            reply="\n\n".join(as_data(part.text) for part in answer),
            point=as_data(point.text),
        )

    async def _ask(self, prompt: RenderedPrompt) -> PointVerdict:
        answer = await self._llm.complete(prompt, schema=PointVerdict, max_tokens=LONGEST_VERDICT)
        if not isinstance(answer.parsed, PointVerdict):
            raise LLMError(f"the answer holds no verdict: {answer.text[:80]!r}")
        return answer.parsed


def as_data(text: str) -> str:
    """Text to be judged, made harmless: without angle brackets it can neither close a tag nor forge one."""
    return clean(text).translate(_NO_BRACKETS)


def _failed(error: LLMError) -> Judgement:
    code = "llm-unavailable" if isinstance(error, LLMUnavailableError) else "llm-error"
    return Judgement(credit=None, failure=f"{code}: {error.detail}")
