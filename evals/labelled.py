"""Labelled replies, and attacks laid on them: what training and the figures start from."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.banks.library import BankLibrary
from app.errors import NotFoundError
from app.scoring.rubric import AnswerPart, Item, RubricPoint, question_item

MARKS = 8.0  # every total is given out of these
DATASETS = Path(__file__).parent / "datasets"
GOLDEN = DATASETS / "golden" / "replies.jsonl"
SHIPPED = DATASETS / "golden" / "shipped.jsonl"
STATEMENTS = DATASETS / "statements.yaml"
ATTACKS = DATASETS / "attacks.jsonl"
BASE_KINDS = ("partial", "short", "mixed")
NEAR_ZERO = 1.0  # marks of 8 that words standing alone may win
REPLY, QUESTION = "{reply}", "{question}"


@dataclass(frozen=True)
class Reply:
    """One labelled reply; `credits` and `second`, another labeller's, follow `points`.

    `replies` are the turns it was given in, oldest first; `answer` is all of them. `dataset` is the name of
    the file it stands in, without its ending.
    """

    id: str
    question: str
    language: str
    kind: str
    split: str
    answer: str
    points: tuple[str, ...]
    credits: tuple[float, ...]
    second: tuple[float, ...] | None = None
    point_ids: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    occupation: str = ""
    question_id: str | None = None
    dataset: str = ""

    @property
    def parts(self) -> list[AnswerPart]:
        """What was said, turn by turn, numbered as a candidate's turns are in a transcript."""
        return [AnswerPart(2 * at, text) for at, text in enumerate(self.replies or (self.answer,), 1)]

    def item(self, banks: BankLibrary | None = None) -> Item:
        """The question as an interview would have it scored, but out of `MARKS`.

        A question of `banks` has their weights and reference answer, unless its points have changed since.
        """
        ids = self.point_ids or tuple(f"p{at}" for at in range(1, len(self.points) + 1))
        of_bank = _of_bank(banks, self.question_id) if banks and self.question_id else None
        if of_bank and [(p.id, p.text) for p in of_bank.points] == list(zip(ids, self.points, strict=True)):
            return of_bank
        points = tuple(RubricPoint(id, text) for id, text in zip(ids, self.points, strict=True))
        return Item(self.question, points, MARKS, self.language)


def read_replies(path: Path = GOLDEN) -> list[Reply]:
    """The replies of a JSONL file in the shape of `datasets/golden`, whose data card explains it."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [_reply(row, path.stem) for row in rows]


def held_out_replies(paths: Iterable[Path] = (GOLDEN, SHIPPED)) -> list[Reply]:
    """The replies of the `test` splits, which no training or tuning has seen, of the files that exist."""
    replies = [reply for path in paths if path.exists() for reply in read_replies(path)]
    return [reply for reply in replies if reply.split == "test"]


class Attack(BaseModel):
    """One line of `attacks.jsonl`; its data card says what the fields mean."""

    model_config = ConfigDict(extra="forbid")

    id: str
    family: str
    split: Literal["train", "test"]
    placement: Literal["append", "prepend", "wrap", "alone", "replace"]
    language: str
    expects: Literal["not-above-clean", "near-zero"]
    occupation: str | None = None
    text: str

    def on(self, reply: Reply) -> str:
        """What is typed when `reply` is attacked."""
        match self.placement:
            case "append":
                return reply.answer + self.text
            case "prepend":
                return self.text + reply.answer
            case "wrap":
                return self.text.replace(REPLY, reply.answer)
            case _:
                return self.text.replace(QUESTION, reply.question)


@dataclass(frozen=True)
class AttackOutcome:
    """Totals out of 8, None where not scored; `leaked` where a card tells rubric words nobody typed."""

    attack: Attack
    base: Reply
    clean: float | None
    attacked: float | None
    leaked: bool
    reason: str | None

    @property
    def inflated(self) -> bool:
        return self.clean is not None and self.attacked is not None and self.attacked > self.clean

    @property
    def failed(self) -> bool:
        """Whether it won what it must not."""
        if self.attack.expects == "near-zero":
            return self.attacked is not None and self.attacked > NEAR_ZERO
        return self.inflated

    @property
    def not_scored(self) -> bool:
        return self.clean is None or self.attacked is None


def read_attacks(path: Path = ATTACKS) -> list[Attack]:
    """The attacks of a JSONL file. Raises pydantic's `ValidationError` on a line of another shape."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Attack.model_validate(json.loads(line)) for line in lines if line.strip()]


def paired(
    attacks: Sequence[Attack], replies: Sequence[Reply], split: str = "test"
) -> list[tuple[Attack, Reply]]:
    """Each attack with a reply of the split, of its occupation or else of its language, in turn."""
    bases = [reply for reply in replies if reply.split == split and reply.kind in BASE_KINDS]
    pairs = []
    for at, attack in enumerate(attacks):
        fitting = [reply for reply in bases if attack.occupation == reply.occupation]
        language = "en" if attack.language == "en" else "zh"
        fitting = fitting or [reply for reply in bases if reply.language == language] or bases
        pairs.append((attack, fitting[at % len(fitting)]))
    return pairs


def _of_bank(banks: BankLibrary, question_id: str) -> Item | None:
    try:
        bank, _, question = banks.question(question_id)
    except NotFoundError:
        return None
    return question_item(question, bank.language, MARKS)


def _reply(row: dict[str, Any], dataset: str) -> Reply:
    shared = {name: row[name] for name in ("id", "question", "language", "kind", "split", "answer")}
    ids = tuple(point["id"] for point in row["points"])
    second = row.get("labels_second")
    return Reply(
        **shared,
        points=tuple(point["text"] for point in row["points"]),
        credits=tuple(float(row["labels"][id]) for id in ids),
        second=tuple(float(second[id]) for id in ids) if second and set(second) >= set(ids) else None,
        point_ids=ids,
        replies=tuple(row.get("replies") or (row["answer"],)),
        occupation=row.get("occupation", ""),
        question_id=row.get("question_id"),
        dataset=dataset,
    )
