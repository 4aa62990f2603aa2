"""What candidates type in an interview, each with its kind: for the classifier of kinds to learn from."""

import json
from dataclasses import dataclass
from pathlib import Path

from app.interviews.flow.moves import Intent
from evals.labelled import DATASETS

UTTERANCES = DATASETS / "kinds" / "utterances.jsonl"
UNSEEN = DATASETS / "kinds" / "unseen.jsonl"
"""By writers of whom nothing was learnt, and whom nobody read who trains."""
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
