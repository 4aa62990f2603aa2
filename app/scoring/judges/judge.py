"""What every judging strategy gives: one judgement a rubric point, with the words it claims as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.scoring.rubric import Answer, Item, RubricPoint


@dataclass(frozen=True)
class Judgement:
    """One point judged, before its evidence is checked.

    `credit` is 0, 0.5 or 1, or None when the judgement failed; `failure` then says why, beginning with a
    code. `confidence` is the probability, 0..1, that the credit is right, or None where it isn't measured.
    `quotes` are claimed to be the candidate's words.
    """

    credit: float | None
    confidence: float | None = None
    quotes: tuple[str, ...] = ()
    needs_review: bool = False
    failure: str | None = None


class Judge(Protocol):
    """A strategy for verdicts. LLM failures come back as failed judgements, never as exceptions."""

    def identity(self, language: str) -> Mapping[str, str]:
        """What a verdict depends on besides item and answer: strategy, model, prompt hash and so on."""
        ...

    async def prepare(self, item: Item) -> None:
        """Do what can be done before anyone replies. Raises `LLMError` or `ValueError` as LLM calls do."""
        ...

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        """One judgement for each of `points`, which are some or all of the item's, in their order."""
        ...
