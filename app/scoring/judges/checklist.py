"""Several points in one call: the cheap strategy, and quotes for others. Evidence comes first on each point.

Points go by number, and a bad entry spoils only its own point.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError, WrapValidator

from app.errors import LLMError
from app.llm.base import LLM
from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.judges.asking import (
    asked_identity,
    failed_judgement,
    neutralised,
    neutralised_reply,
    read_strictly,
    worked_examples,
)
from app.scoring.judges.judge import CREDITS, Judgement, VerdictWord
from app.scoring.rubric import Answer, Item, RubricPoint

PROMPT = "judge_checklist"
POINTS_A_CALL = 20
TOKENS_A_POINT = 200
TOKENS_AROUND = 200


class ChecklistJudge:
    """A point that the list leaves out, holds twice or spoils is not judged; the others are."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    def identity(self, language: str) -> Mapping[str, str]:
        return asked_identity("checklist", self._llm, self._prompts, language, PROMPT)

    async def prepare(self, item: Item) -> None:
        """Nothing: every call needs the reply."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        prompt = self._prompts.get(PROMPT, item.language)
        entries = await ask_about(
            points, item, answer, llm=self._llm, prompt=prompt, schema=Checklist, repeat=repeat
        )
        return [
            failed_judgement(entry)
            if isinstance(entry, LLMError)
            else Judgement(credit=CREDITS[entry.verdict], quotes=tuple(entry.quotes))
            for entry in entries
        ]


class NumberedQuotes(BaseModel):
    """The evidence on one point."""

    number: int = Field(description="The point's number")
    quotes: list[str] = Field(description="The reply's own words that show the point, verbatim; may be empty")


class NumberedVerdict(NumberedQuotes):
    """The evidence on one point, then the verdict."""

    verdict: VerdictWord


@dataclass(frozen=True)
class Unreadable:
    """An entry of another shape. `number` is the point it was about, where it says so."""

    number: int | None
    reason: str


def _or_unreadable(value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        number = value.get("number") if isinstance(value, dict) else None
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem["loc"])) or "the entry"
        return Unreadable(number if type(number) is int else None, f"{place}: {problem['msg']}")


Entry = TypeVar("Entry", bound=NumberedQuotes)


class Listing(BaseModel, Generic[Entry]):
    """One entry a point, or an `Unreadable` in its place."""

    points: list[Annotated[Entry, WrapValidator(_or_unreadable)]]


class EvidenceList(Listing[NumberedQuotes]):
    """Quotes on every point."""


class Checklist(Listing[NumberedVerdict]):
    """Quotes and a verdict on every point."""


async def ask_about(
    points: Sequence[RubricPoint],
    item: Item,
    answer: Answer,
    *,
    llm: LLM,
    prompt: Prompt,
    schema: type[Listing[Entry]],
    repeat: int,
) -> list[Entry | LLMError]:
    """For each of `points` what the model says, or why it says nothing that counts.

    Twenty points a call: longer lists are answered carelessly, or cut. The prompt shows the points last.
    """
    examples = worked_examples(prompt, repeat)
    said: list[Entry | LLMError] = []
    for start in range(0, len(points), POINTS_A_CALL):
        listed = points[start : start + POINTS_A_CALL]
        asked = prompt.render(
            examples=examples,
            question=neutralised(item.question),
            reply=neutralised_reply(answer),
            points=[neutralised(point.text) for point in listed],
        )
        longest = TOKENS_AROUND + TOKENS_A_POINT * len(listed)
        try:
            answered = read_strictly(await llm.complete(asked, schema=schema, max_tokens=longest), schema)
        except LLMError as error:
            said += [error] * len(listed)
        else:
            said += [_only(number, answered.points) for number in range(1, len(listed) + 1)]
    return said


def _only(number: int, listed: Sequence[Entry | Unreadable]) -> Entry | LLMError:
    """The one entry about a point; entries about points that nobody asked for are nobody's."""
    entries = [entry for entry in listed if entry.number == number]
    if not entries:
        return LLMError(f"the answer leaves out point {number}")
    if len(entries) > 1:
        return LLMError(f"the answer holds point {number} {len(entries)} times")
    [entry] = entries
    if isinstance(entry, Unreadable):
        return LLMError(f"the answer on point {number}: {entry.reason}")
    return entry
