"""What candidates type in an interview, each with its kind: for the classifier of kinds to learn from."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.interviews.flow.moves import Intent
from evals.labelled import DATASETS

UTTERANCES = DATASETS / "kinds" / "utterances.jsonl"
MIXED = "mixed"


@dataclass(frozen=True)
class Utterance:
    """One utterance. `kind` is an `Intent` or `MIXED`: an answer with a question beside it.

    `also` is a second kind that is as right; `question` what it was typed at, empty where that is not known.
    """

    id: str
    writer: str
    question: str
    language: str
    kind: str
    also: str | None
    text: str

    @property
    def is_answer(self) -> bool:
        """Whether it has to be judged."""
        return self.kind in (Intent.ANSWER, MIXED)

    @property
    def is_held_out(self) -> bool:
        """Whether it belongs to the third of the questions that training does not see."""
        digest = hashlib.sha256(self.question.encode()).digest()
        return bool(self.question) and digest[0] % 3 == 0


def read_utterances(path: Path = UTTERANCES) -> list[Utterance]:
    """All utterances of a file, in order. Raises `OSError`, `KeyError` or `ValueError` for another file."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        found.append(
            Utterance(
                id=row.get("id") or f"{path.stem}-{number}",
                writer=row.get("writer") or path.stem,
                question=row.get("question") or row.get("asked") or "",
                language=row["language"],
                kind=row["kind"],
                also=row.get("also"),
                text=row["text"],
            )
        )
    return found


def held_out(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Those of the questions that training does not see."""
    return [utterance for utterance in utterances if utterance.is_held_out]
