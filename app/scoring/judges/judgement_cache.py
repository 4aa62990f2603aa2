"""Judgements kept by what they depend on: the same reply under the same judge is judged once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Protocol

from app.scoring.judges.judge import Judge, Judgement
from app.scoring.rubric import Answer, Item, RubricPoint


class JudgementStore(Protocol):
    """Where judgements are kept; what it keeps never changes."""

    async def get(self, key: str) -> list[Judgement] | None:
        """The judgements kept under `key`, one a point asked for, or None."""
        ...

    async def put(self, key: str, judgements: Sequence[Judgement]) -> None:
        """Keep them; a key that is there already keeps what it has."""
        ...


class RememberingJudge:
    """A judge that asks its store first. What failed is not kept, so that it is tried again."""

    def __init__(self, judge: Judge, store: JudgementStore) -> None:
        self._judge = judge
        self._store = store

    def identity(self, language: str) -> Mapping[str, str]:
        return self._judge.identity(language)

    async def prepare(self, item: Item) -> None:
        await self._judge.prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        key = judgement_key(self.identity(item.language), item, answer, points)
        known = await self._store.get(key)
        if known is not None and len(known) == len(points):
            return known
        judgements = await self._judge.judge(item, answer, points)
        if all(judgement.credit is not None for judgement in judgements):
            await self._store.put(key, judgements)
        return judgements


def judgement_key(
    identity: Mapping[str, str], item: Item, answer: Answer, points: Sequence[RubricPoint]
) -> str:
    """64 hex digits over all that judgements depend on; a reply's place in its transcript is not of it."""
    parts = {
        "judge": dict(identity),
        "question": item.question,
        "points": [[point.id, point.text] for point in item.points],
        "reference_answer": item.reference_answer,
        "language": item.language,
        "replies": [part.text for part in answer],
        "asked": [point.id for point in points],
    }
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
