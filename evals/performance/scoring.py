"""Seconds the production scorer takes for replies with six rubric points on the embedded model."""

import asyncio
import time

from app.banks.library import BankLibrary
from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.scoring.scorer import build_scorer
from app.search.embedding import build_embedder
from app.settings import Settings

_POINTS = 6
_REPLIES = 5


def seconds_per_reply(settings: Settings) -> tuple[list[float], list[float]]:
    """Seconds a reply: of a question the scorer meets for the first time, and of one it has prepared for.

    Replies are parts of the banks' own reference answers; the first question is not counted.
    """
    return asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> tuple[list[float], list[float]]:
    items = [
        (
            Item(
                question.text,
                tuple(RubricPoint(point.id, point.text, point.weight) for point in question.points),
                question.max_score,
                bank.language,
            ),
            # A near-copy of the reference answer would be stopped by the guard; a part is a plain reply.
            [(question.reference_answer or question.text)[start : start + 140] for start in (20, 60)],
        )
        for bank in BankLibrary.from_folder(settings.banks_dir).banks.values()
        for _, question in bank.questions()
        if len(question.points) == _POINTS
    ][: _REPLIES + 1]
    llm = build_llm(settings, lambda usage: None)
    await llm.start()
    try:
        scorer = build_scorer(settings, llm, PromptLibrary(settings.prompts_dir), build_embedder(settings))
        unprepared: list[float] = []
        prepared: list[float] = []
        for item, replies in items:
            for reply, seconds in zip(replies, (unprepared, prepared), strict=True):
                started = time.perf_counter()
                score = await scorer.score(item, [AnswerPart(1, reply)])
                if score.status != "scored":
                    raise RuntimeError(f"a reply was not scored: {score.reason}")
                seconds.append(time.perf_counter() - started)
        return unprepared[1:], prepared[1:]
    finally:
        await llm.close()
