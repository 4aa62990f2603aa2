"""Documents made in a test: from a text, from rows, from lines with what a format says of them."""

from collections.abc import Sequence

from app.documents.document import Document, DocumentLine, Format
from app.documents.draft import DraftQuestion
from app.documents.structure.structure import Structured, structure


def text_document(text: str, name: str = "bank.txt") -> Document:
    """A plain text, one line a line."""
    return Document(name, "text", tuple(DocumentLine(line, n) for n, line in enumerate(text.split("\n"), 1)))


def row_document(*rows: Sequence[str]) -> Document:
    """A sheet, one row a line."""
    lines = tuple(DocumentLine("\t".join(row), n, cells=tuple(row)) for n, row in enumerate(rows, 1))
    return Document("bank.xlsx", "xlsx", lines)


def line_document(*lines: tuple[str, int, int, str], form: Format = "docx") -> Document:
    """Lines as (text, heading, depth, marker)."""
    made = tuple(
        DocumentLine(text, n, heading=heading, depth=depth, marker=marker)
        for n, (text, heading, depth, marker) in enumerate(lines, 1)
    )
    return Document(f"bank.{form}", form, made)


def understood(text: str) -> Structured:
    return structure(text_document(text))


def questions_of(structured: Structured) -> list[DraftQuestion]:
    return [question for section in structured.sections for question in section.questions]


def reasons(question: DraftQuestion) -> list[str]:
    return [flag.reason for flag in question.flags]
