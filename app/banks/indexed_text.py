"""What the index holds: one entry for each question and for each rubric point."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.banks.fingerprint import content_hash
from app.banks.schema import Bank, Question, Section

EntryKind = Literal["questions", "points"]


@dataclass(frozen=True)
class IndexedText:
    """A searchable text with what it can be filtered by."""

    id: str
    text: str
    question_id: str
    point_id: str
    bank: str
    section: str
    kind: str
    difficulty: str
    language: str

    @cached_property
    def hash(self) -> str:
        """Changes when the entry must be written again."""
        return content_hash(self.id, self.text, self.metadata)

    @property
    def metadata(self) -> dict[str, str]:
        return {
            "question_id": self.question_id,
            "point_id": self.point_id,
            "bank": self.bank,
            "section": self.section,
            "kind": self.kind,
            "difficulty": self.difficulty,
            "language": self.language,
        }


def indexed_texts(banks: Iterable[Bank]) -> dict[EntryKind, list[IndexedText]]:
    """All entries of the banks, in their order."""
    questions: list[IndexedText] = []
    points: list[IndexedText] = []
    for bank in banks:
        for section in bank.sections:
            for question in section.questions:
                questions.append(_entry(bank, section, question, "", question.text))
                points += (_entry(bank, section, question, point.id, point.text) for point in question.points)
    return {"questions": questions, "points": points}


def _entry(bank: Bank, section: Section, question: Question, point_id: str, text: str) -> IndexedText:
    return IndexedText(
        id=f"{question.id}#{point_id}" if point_id else question.id,
        text=text,
        question_id=question.id,
        point_id=point_id,
        bank=bank.id,
        section=section.id,
        kind=question.kind,
        difficulty=question.difficulty,
        language=bank.language,
    )
