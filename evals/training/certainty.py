"""Fits how far the errors of verdicts go together: `certainty.TOGETHER`. Some minutes once states are kept.

Verdicts on the replies of the `train` split come from heads that saw no reply to their question. Wanted is
the least value with which intervals hold nine in ten totals, whatever the number of questions, and `WORST`
of them in the manner of reply that is judged worst. The agreement suite reports the coverage of held-out
replies.
"""

import asyncio
from collections.abc import Sequence

import numpy as np

from app.banks.library import BankLibrary
from app.llm.embedded import EmbeddedLLM
from app.llm.prompts import PromptLibrary
from app.scoring.card import PointScore, QuestionScore
from app.scoring.certainty import LEVEL
from app.scoring.judges.verdict_head import Verdict
from app.scoring.tally import total
from app.settings import get_settings
from evals import coverage
from evals.labelled import GOLDEN, MARKS, SHIPPED, Reply, read_attacks, read_replies
from evals.scored import ScoredReply, paired
from evals.training.__main__ import CACHE, Extraction, attacked
from evals.training.cross_fitting import calibrated_verdicts, unseen_logits
from evals.training.fitting import REPEATS
from evals.training.states_file import StatesFile

TRIED = tuple(round(0.01 * step, 2) for step in range(16))
WORST = 0.85


def main() -> None:
    """Print the coverage of every value tried, and the one that is enough."""
    repeats = asyncio.run(judged_unseen())
    enough = None
    for together in TRIED:
        held = {size: _mean([_held(each, size, together) for each in repeats]) for size in coverage.SIZES}
        worst = min(
            _mean([coverage.covered(coverage.alike(each, 5, manner), together) or 0.0 for each in repeats])
            for manner in coverage.MANNERS
        )
        print(
            f"{together:.2f}",
            *(f"{size}: {share:.3f}" for size, share in held.items()),
            f"worst: {worst:.3f}",
        )
        if enough is None and min(held.values()) >= LEVEL and worst >= WORST:
            enough = together
    print(f"enough: {enough}")


async def judged_unseen() -> list[list[ScoredReply]]:
    """The replies of the `train` split with their cards, once for each repeat of the cross-validation."""
    settings = get_settings()
    replies = [reply for path in (GOLDEN, SHIPPED) for reply in read_replies(path)]
    labelled = [reply for reply in replies if reply.split == "train"]
    seen = labelled + attacked(read_attacks(), replies)
    prompts = PromptLibrary(settings.prompts_dir)
    llm = EmbeddedLLM(settings, prompts, lambda usage: None)
    await llm.start()
    try:
        states = await Extraction(llm, prompts, StatesFile(CACHE)).states(seen)
    finally:
        await llm.close()
    logits = unseen_logits(np.concatenate(states).astype(np.float64), seen)
    verdicts = calibrated_verdicts(logits, seen)
    banks = BankLibrary.from_folder(settings.banks_dir)
    points = len(verdicts) // REPEATS
    return [
        paired(labelled, _cards(labelled, verdicts[repeat * points :], banks)).scored
        for repeat in range(REPEATS)
    ]


def _cards(replies: Sequence[Reply], verdicts: Sequence[Verdict], banks: BankLibrary) -> list[QuestionScore]:
    cards, at = [], 0
    for reply in replies:
        item = reply.item(banks)
        mine = verdicts[at : at + len(item.points)]
        at += len(mine)
        points = [
            PointScore(id=point.id, weight=point.weight, credit=verdict.credit, confidence=verdict.confidence)
            for point, verdict in zip(item.points, mine, strict=True)
        ]
        score = total([point.credit for point in points], [point.weight for point in points], MARKS)
        cards.append(
            QuestionScore(status="scored", score=score, max_score=MARKS, points=points, fingerprint="")
        )
    return cards


def _held(scored: Sequence[ScoredReply], size: int, together: float) -> float:
    drawn = [[one] for one in scored] if size == 1 else coverage.all_alike(scored, size)
    return coverage.covered(drawn, together) or 0.0


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)


if __name__ == "__main__":
    main()
