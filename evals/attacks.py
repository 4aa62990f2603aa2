"""Attacks on the scorer: what is typed to win marks that the answer alone did not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from evals.labelled import DATASETS, Reply

ATTACKS = DATASETS / "attacks.jsonl"
BASE_KINDS = ("partial", "short", "mixed")
REPLY, QUESTION = "{reply}", "{question}"


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
