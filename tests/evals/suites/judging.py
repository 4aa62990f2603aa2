"""A bench whose judge is a small class of a test's own: no model, the production scorer around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.llm.prompts import PromptLibrary
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.scorer import Scorer
from app.settings import Settings
from app.text.fold import words
from evals.bench import Bench
from evals.recording import JsonLinesStore
from evals.variations.statements import Statements, read_statements
from tests.fakes.scripted import ScriptedLLM

MOST_SHARED = 0.5


@dataclass
class StatementsJudge:
    """Credits a point when the reply holds half of the character pairs of one of its statements."""

    statements: Mapping[str, Statements]
    asked: list[str] = field(default_factory=list)

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "statements"}

    async def prepare(self, item: Item) -> None:
        """Nothing to prepare."""

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        reply = "\n".join(part.text for part in answer)
        self.asked.append(reply)
        said = _pairs(reply)
        known = self.statements.get(item.question)
        credited = [
            any(
                len(_pairs(text) & said) >= MOST_SHARED * len(_pairs(text))
                for text in (known.points[point.id] if known else (point.text,))
            )
            for point in points
        ]
        quotes = [
            next((text for text in (known.points[point.id] if known else ()) if text in reply), reply)
            for point in points
        ]
        return [
            Judgement(1.0, 0.9, (quote,)) if found else Judgement(0.0, 0.9)
            for found, quote in zip(credited, quotes, strict=True)
        ]


class EvenEmbedder:
    """Gives every text nearly the same vector: it tells nothing."""

    name = "even"
    dimension = 4

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = np.array([[1, 1, 1, 1 + 0.01 * (len(text) % 3)] for text in texts], dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    embed_passages = embed_queries


def statements_judge(banks: BankLibrary) -> StatementsJudge:
    """A judge that knows the statements of all shipped questions."""
    questions = {
        question.id: question
        for bank in banks.banks.values()
        for section in bank.sections
        for question in section.questions
    }
    known = read_statements(questions)
    return StatementsJudge({questions[id].text: known[id] for id in known})


def bench_with(judge: Judge, settings: Settings, folder: Path, limit: int | None = None) -> Bench:
    """A bench on `judge`, which remembers nothing; its LLM acknowledges every reply the same way."""
    return Bench(
        settings=settings,
        prompts=PromptLibrary(settings.prompts_dir),
        llm=ScriptedLLM(default="您说了您的做法。"),
        embedder=EvenEmbedder(),
        folder=folder,
        store=JsonLinesStore(folder / "judgements.jsonl"),
        limit=limit,
        make_scorer=lambda store: Scorer(judge),
    )


def _pairs(text: str) -> set[str]:
    kept = words(text)
    return {kept[at : at + 2] for at in range(len(kept) - 1)}
