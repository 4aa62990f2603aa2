"""What every judge that asks a chat model does: make text harmless, turn examples, call, read strictly."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from pydantic import BaseModel

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import LLM, Completion
from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.text.quoting import clean, find

CALLS_AT_ONCE = 4
# Ends every prompt for an endpoint that takes no schema.
TEXT_PROMPT = "json_only"
Schema = TypeVar("Schema", bound=BaseModel)
Part = TypeVar("Part")
_NO_BRACKETS = str.maketrans("<＜﹤>＞﹥", "‹‹‹›››")
_FENCED = re.compile(r"\A(?:<think>.*?</think>\s*)?(?:```\w*\s*)?(\{.*\})\s*(?:```)?\Z", re.DOTALL)


class RepeatableJudge(Judge, Protocol):
    """A judge that can be asked the same again with its prompt's worked examples in another order."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        """As `Judge.judge`; each `repeat` has its own order of examples, 0 the prompt's own."""
        ...


def asked_identity(
    strategy: str, llm: LLM, prompts: PromptLibrary, language: str, *names: str
) -> dict[str, str]:
    """The identity of a judge that asks `llm` by the prompts of these names."""
    hashes = [prompts.get(name, language).hash for name in (*names, TEXT_PROMPT)]
    return {"strategy": strategy, "model": llm.model, "prompt": "+".join(hashes)}


def neutralised(text: str) -> str:
    """Text to be judged, made harmless: without angle brackets it can neither close a tag nor forge one."""
    return clean(text).translate(_NO_BRACKETS)


def neutralised_reply(answer: Answer) -> str:
    """All replies to one question as a prompt shows them."""
    return "\n\n".join(neutralised(part.text) for part in answer)


def is_verbatim(quote: str, answer: Answer) -> bool:
    """Whether one of the replies holds the quote, as typed or as a prompt shows it."""
    texts = dict.fromkeys(text for part in answer for text in (part.text, neutralised(part.text)))
    return any(find(quote, text) is not None for text in texts)


def worked_examples(prompt: Prompt, repeat: int) -> list[str]:
    """The prompt's sections `example…`, in the order of this repeat."""
    names = [name for name in prompt.sections if name.startswith("example")]
    return [prompt.section(name) for name in rotated(names, repeat)]


def rotated(parts: Sequence[Part], repeat: int) -> list[Part]:
    """Another order for each repeat: n of them put every part once in every place, n more are mirrored."""
    if not parts:
        return []
    start, mirrored = repeat % len(parts), repeat // len(parts) % 2
    order = [*parts[start:], *parts[:start]]
    return order[::-1] if mirrored else order


def read_strictly(answer: Completion, schema: type[Schema]) -> Schema:
    """The object that the answer is, bare or fenced. Raises `LLMError` when it says anything besides.

    What stands between words may be a copy of something the candidate typed, so it is no verdict.
    """
    if not isinstance(answer.parsed, schema):
        raise LLMError(f"the answer holds no verdict: {answer.text[:80]!r}")
    match = _FENCED.match(answer.text.strip())
    try:
        json.loads(match[1] if match else "")
    except (ValueError, RecursionError):
        raise LLMError(f"the answer is not one JSON object alone: {answer.text[:80]!r}") from None
    return answer.parsed


async def judge_each(
    points: Sequence[RubricPoint], ask: Callable[[RubricPoint], Awaitable[Judgement]]
) -> list[Judgement]:
    """`ask` awaited for every point, a few at once; an `LLMError` becomes that point's failed judgement."""
    calls = asyncio.Semaphore(CALLS_AT_ONCE)
    unavailable: list[LLMUnavailableError] = []

    async def one(point: RubricPoint) -> Judgement:
        async with calls:
            if unavailable:  # the endpoint is down: the other points need not find that out one by one
                return failed_judgement(unavailable[0])
            try:
                return await ask(point)
            except LLMUnavailableError as error:
                unavailable.append(error)
                return failed_judgement(error)
            except LLMError as error:
                return failed_judgement(error)

    return await asyncio.gather(*(one(point) for point in points))


def failed_judgement(error: LLMError) -> Judgement:
    """The judgement that a failed call leaves: none, with the reason."""
    code = "llm-unavailable" if isinstance(error, LLMUnavailableError) else "llm-error"
    return Judgement(credit=None, failure=f"{code}: {error.detail}")
