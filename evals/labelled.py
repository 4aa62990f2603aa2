"""Labelled replies: what training and the agreement figures start from."""

import json
from dataclasses import dataclass
from pathlib import Path

GOLDEN = Path(__file__).parent / "datasets" / "golden" / "replies.jsonl"


@dataclass(frozen=True)
class Reply:
    """One labelled reply; `credits` follow `points`."""

    id: str
    question: str
    language: str
    kind: str
    split: str
    answer: str
    points: tuple[str, ...]
    credits: tuple[float, ...]


def read_replies(path: Path = GOLDEN) -> list[Reply]:
    """The replies of a JSONL file in the shape of `datasets/golden`, whose data card explains it."""
    replies = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        shared = {name: row[name] for name in ("id", "question", "language", "kind", "split", "answer")}
        texts = tuple(point["text"] for point in row["points"])
        credits = tuple(float(row["labels"][point["id"]]) for point in row["points"])
        replies.append(Reply(**shared, points=texts, credits=credits))
    return replies
