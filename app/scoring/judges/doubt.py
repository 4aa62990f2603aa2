"""Doubt measured: borderline points are asked again with the worked examples in another order."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.scoring.judges.asking import RepeatableJudge, is_verbatim
from app.scoring.judges.judge import Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.text.fold import words

LOW_CONFIDENCE = 0.8
THIN_EVIDENCE = 3  # word characters
VERSION = 1


class RepeatingJudge:
    """A judge that asks again where its first judgement is borderline; the majority decides.

    A tie goes to the lower credit. Where askings differ or could not be repeated the point needs review, and
    its confidence is the share of askings that agree with the credit.
    """

    def __init__(self, judge: RepeatableJudge, repeats: int) -> None:
        self._judge = judge
        self._repeats = repeats

    def identity(self, language: str) -> Mapping[str, str]:
        return {**self._judge.identity(language), "repeats": str(self._repeats), "doubt": str(VERSION)}

    async def prepare(self, item: Item) -> None:
        await self._judge.prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        judgements = await self._judge.judge(item, answer, points)
        doubtful = [at for at, judgement in enumerate(judgements) if is_borderline(judgement, answer)]
        if not doubtful:
            return judgements
        asked = [points[at] for at in doubtful]
        rounds = await asyncio.gather(
            *(self._judge.judge(item, answer, asked, repeat) for repeat in range(1, self._repeats + 1))
        )
        for place, at in enumerate(doubtful):
            judgements[at] = settled(judgements[at], [again[place] for again in rounds], answer)
        return judgements


def is_borderline(judgement: Judgement, answer: Answer) -> bool:
    """Whether a judgement should be asked for again: little confidence, thin evidence, or half a credit.

    Half a credit counts only where there is no confidence to go by. A failed judgement is not borderline.
    """
    if judgement.credit is None:
        return False
    if has_thin_evidence(judgement, answer):
        return True
    if judgement.confidence is None:
        return judgement.credit == 0.5
    return judgement.confidence < LOW_CONFIDENCE


def has_thin_evidence(judgement: Judgement, answer: Answer) -> bool:
    """Whether a credit rests on fewer than `THIN_EVIDENCE` word characters that the reply really holds."""
    if not judgement.credit:
        return False
    found = [quote for quote in judgement.quotes if is_verbatim(quote, answer)]
    return sum(len(words(quote)) for quote in found) < THIN_EVIDENCE


def settled(first: Judgement, again: Sequence[Judgement], answer: Answer) -> Judgement:
    """One judgement from a borderline one and its repeats, of which those that failed have no say."""
    cast = [first, *(judgement for judgement in again if judgement.credit is not None)]
    votes = Counter(judgement.credit or 0.0 for judgement in cast)
    credit, agreeing = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    behind = [judgement for judgement in cast if judgement.credit == credit]
    confidence = _confidence(behind, len(cast))
    quotes = tuple(dict.fromkeys(quote for judgement in behind for quote in judgement.quotes))
    verdict = replace(behind[0], credit=credit, confidence=confidence, quotes=quotes)
    return replace(
        verdict,
        needs_review=any(judgement.needs_review for judgement in cast)
        or agreeing < 1 + len(again)
        or (confidence is not None and confidence < LOW_CONFIDENCE)
        or has_thin_evidence(verdict, answer),
    )


def _confidence(behind: Sequence[Judgement], cast: int) -> float | None:
    """The mean of what was measured where all agree; else the share that agree, when any were repeated."""
    measured = [judgement.confidence for judgement in behind if judgement.confidence is not None]
    if len(behind) == cast and len(measured) == cast:
        return sum(measured) / cast
    return len(behind) / cast if cast > 1 else None
