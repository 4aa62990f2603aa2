"""How often the production scorer agrees with labelled replies: `python -m evals.agreement`.

The labels of `datasets/golden` were made by a language model from written rules (see its data card). Only the
`test` split is scored by default: its questions were never used for training or tuning.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score, f1_score
from tqdm import tqdm

from app.banks.embedding import build_embedder
from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.card import QuestionScore
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.scoring.scorer import Scorer, build_scorer
from app.settings import get_settings
from evals.labelled import GOLDEN

REPORTS = Path(__file__).parent / "reports"
MAX_SCORE = 8.0


@dataclass(frozen=True)
class Agreement:
    """Over all scored points: macro-F1 and Cohen's κ of "at least partly covered", macro-F1 of the three
    credits; over replies: mean absolute error of totals out of `MAX_SCORE`. 0..1 but for the last."""

    replies: int
    not_scored: int
    points: int
    macro_f1: float
    kappa: float
    macro_f1_three_credits: float
    total_error: float
    flagged: float


def agreement(scored: Sequence[tuple[dict[str, Any], QuestionScore]]) -> Agreement:
    """The figures of labelled replies and their scores. Replies that were not scored only count as such."""
    judged = [(reply, score) for reply, score in scored if score.score is not None]
    pairs = [
        (float(reply["labels"][point.id]), float(point.credit or 0), point.needs_review)
        for reply, score in judged
        for point in score.points
    ]
    truth, given, flagged = zip(*pairs, strict=True)
    touched = [value >= 0.5 for value in truth], [value >= 0.5 for value in given]
    as_text = [str(value) for value in truth], [str(value) for value in given]
    errors = [
        abs(MAX_SCORE * statistics.mean(map(float, reply["labels"].values())) - (score.score or 0.0))
        for reply, score in judged
    ]
    return Agreement(
        replies=len(scored),
        not_scored=len(scored) - len(judged),
        points=len(pairs),
        macro_f1=float(f1_score(*touched, average="macro")),
        kappa=float(cohen_kappa_score(*touched)),
        macro_f1_three_credits=float(f1_score(*as_text, average="macro")),
        total_error=statistics.mean(errors),
        flagged=statistics.mean(flagged),
    )


async def score_all(scorer: Scorer, replies: Sequence[dict[str, Any]]) -> list[QuestionScore]:
    """Every reply's score by the scorer that interviews use, in order."""
    return [
        await scorer.score(_item(reply), [AnswerPart(1, reply["answer"])])
        for reply in tqdm(replies, unit="reply", file=sys.stderr)
    ]


def _item(reply: dict[str, Any]) -> Item:
    points = tuple(RubricPoint(point["id"], point["text"]) for point in reply["points"])
    return Item(reply["question"], points, MAX_SCORE, reply["language"])


async def _run(replies: Sequence[dict[str, Any]]) -> list[QuestionScore]:
    settings = get_settings()
    llm = build_llm(settings, lambda usage: None)
    await llm.start()
    try:
        scorer = build_scorer(settings, llm, PromptLibrary(settings.prompts_dir), build_embedder(settings))
        return await score_all(scorer, replies)
    finally:
        await llm.close()


def main() -> None:
    """Score a split, print the figures and keep them with every verdict under `evals/reports`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, default=GOLDEN)
    parser.add_argument("--split", default="test")
    parser.add_argument("--limit", type=int, default=None, help="only the first replies")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.dataset.read_text(encoding="utf-8").splitlines()]
    replies = [row for row in rows if row["split"] == given.split][: given.limit]
    scored = list(zip(replies, asyncio.run(_run(replies)), strict=True))
    figures = asdict(agreement(scored))
    for name, figure in figures.items():
        print(f"{name:<24} {figure:.3f}" if isinstance(figure, float) else f"{name:<24} {figure}")
    folder = REPORTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-agreement"
    folder.mkdir(parents=True)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    with (folder / "verdicts.jsonl").open("w", encoding="utf-8") as out:
        for reply, score in scored:
            out.write(json.dumps({"id": reply["id"], **score.model_dump()}, ensure_ascii=False) + "\n")
    print(f"verdicts: {folder}")


if __name__ == "__main__":
    main()
