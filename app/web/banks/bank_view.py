"""Banks as the recruiter's pages show them: on the shelf, their questions by page, what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from app.authoring.difference import BankDiff, FieldChange, PointChange, QuestionChange
from app.authoring.schemas import VersionView
from app.banks.schema import Bank, Question, Section
from app.search.service import Hit
from app.web.banks.excerpt import Piece, compared
from app.web.rendering import marks

PAGE_LENGTH = 50
SHOWN_CHANGES = 100


@dataclass(frozen=True)
class ShelfBank:
    """A bank in the list; `published_at` is None for one that stands in a file."""

    id: str
    title: str
    role: str
    language: str
    version: str
    questions: int
    points: int
    published_at: datetime | None
    published_by: str | None


def shelf_bank(bank: Bank, versions: Sequence[VersionView]) -> ShelfBank:
    """The bank with when and by whom its current version was published."""
    questions = [question for _, question in bank.questions()]
    current = next((version for version in versions if version.current), None)
    return ShelfBank(
        id=bank.id,
        title=bank.title,
        role=bank.role,
        language=bank.language,
        version=bank.version,
        questions=len(questions),
        points=sum(len(question.points) for question in questions),
        published_at=current.published_at if current else None,
        published_by=current.published_by if current else None,
    )


@dataclass(frozen=True)
class HitRow:
    """A question found by trying a search."""

    question_id: str
    bank: str
    bank_title: str
    language: str
    section: str
    text: str
    score: float
    points: int


def hit_row(hit: Hit, bank: Bank, section: Section, question: Question) -> HitRow:
    """The hit with what its bank says of it."""
    return HitRow(
        hit.question_id,
        bank.id,
        bank.title,
        bank.language,
        section.title,
        hit.text,
        hit.score,
        len(question.points),
    )


@dataclass(frozen=True)
class QuestionPage:
    """Questions of a bank with their sections; `page` counts from 1."""

    rows: tuple[tuple[int, Section, Question], ...]
    page: int
    pages: int


def question_page(bank: Bank, page: int, question_id: str = "") -> QuestionPage:
    """The page of that number, or the one that holds a question."""
    numbered = [(number, section, question) for number, (section, question) in enumerate(bank.questions(), 1)]
    wanted = next((number for number, _, question in numbered if question.id == question_id), None)
    pages = max(1, -(-len(numbered) // PAGE_LENGTH))
    page = (wanted - 1) // PAGE_LENGTH + 1 if wanted else min(max(page, 1), pages)
    return QuestionPage(tuple(numbered[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]), page, pages)


@dataclass(frozen=True)
class ShownField:
    """A field with its wordings, what differs marked; None where there is, or was, nothing."""

    name: str
    before: tuple[Piece, ...] | None
    after: tuple[Piece, ...] | None


@dataclass(frozen=True)
class ShownPoint:
    change: str
    text: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True)
class ShownChange:
    """A question that changed."""

    section: str
    text: str
    fields: tuple[ShownField, ...]
    points: tuple[ShownPoint, ...]


@dataclass(frozen=True)
class ShownDiff:
    """A difference as the page lists it: at most 100 questions of each sort, with how many more there are."""

    diff: BankDiff
    details: tuple[ShownField, ...]
    added: Sequence[Any]
    removed: Sequence[Any]
    changed: tuple[ShownChange, ...]

    def more(self, sort: str) -> int:
        """How many questions of that sort are not listed."""
        return max(0, len(getattr(self.diff, sort)) - SHOWN_CHANGES)


def shown_diff(diff: BankDiff) -> ShownDiff:
    """The difference with wordings compared letter by letter."""
    return ShownDiff(
        diff=diff,
        details=tuple(map(_field, diff.details)),
        added=diff.added[:SHOWN_CHANGES],
        removed=diff.removed[:SHOWN_CHANGES],
        changed=tuple(map(_change, diff.changed[:SHOWN_CHANGES])),
    )


def _change(change: QuestionChange) -> ShownChange:
    return ShownChange(
        section=change.section,
        text=change.text,
        fields=tuple(map(_field, change.fields)),
        points=tuple(map(_point, change.points)),
    )


def _point(change: PointChange) -> ShownPoint:
    return ShownPoint(change.change, change.text, tuple(map(_field, change.fields)))


def _field(change: FieldChange) -> ShownField:
    old, new = _words(change.before), _words(change.after)
    if old is None or new is None:
        return ShownField(
            change.field, None if old is None else (Piece(old),), None if new is None else (Piece(new),)
        )
    before, after = compared(old, new)
    return ShownField(change.field, before, after)


def _words(value: JsonValue) -> str | None:
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return marks(value) if isinstance(value, int | float) else str(value)
