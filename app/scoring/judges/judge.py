"""What every judging strategy gives: one judgement a rubric point, with the words it claims as evidence.

Chat models judge in three words: what these are worth, and how sure a model was of one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from app.scoring.rubric import Answer, Item, RubricPoint

VerdictWord = Literal["hit", "partial", "miss"]
CREDITS: Mapping[VerdictWord, float] = {"hit": 1.0, "partial": 0.5, "miss": 0.0}
LEAST_MASS = 0.5
_AROUND_A_WORD = " \t\r\n\"'`*.:,。：，“”‘’▁Ġ"


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


def verdict_in(text: str) -> VerdictWord | None:
    """The verdict that `text` is, and nothing else is; None when it says more or something else."""
    word = _bare(text)
    return next((verdict for verdict in CREDITS if verdict == word), None)


def confidence_in(verdict: VerdictWord, first_tokens: Mapping[str, float]) -> float | None:
    """The share, 0..1, that `verdict` has of the probability on tokens that begin a verdict.

    None when there is nothing to read it from: no tokens, a figure that is no probability, or less than
    `LEAST_MASS` on verdicts at all.
    """
    if any(not (math.isfinite(p) and 0 <= p <= 1.001) for p in first_tokens.values()):
        return None
    mass = dict.fromkeys(get_args(VerdictWord), 0.0)
    for token, probability in first_tokens.items():
        begun = [word for word in mass if _bare(token) and word.startswith(_bare(token))]
        if len(begun) == 1:
            mass[begun[0]] += probability
    total = sum(mass.values())
    return min(mass[verdict] / total, 1.0) if total >= LEAST_MASS else None


def _bare(text: str) -> str:
    return text.strip(_AROUND_A_WORD).casefold()
