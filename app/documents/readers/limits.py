"""What reading one document may cost. Beyond a limit a document is refused with what to change, never cut."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.document import DocumentLine
from app.errors import BadInputError


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes and code points, times in seconds.

    `unpacked` is what the parts of a DOCX or XLSX may add up to, `ratio` how many times the file's own size
    that may be. `memory`, `cpu_seconds` and `wall_seconds` are those of the child that runs the converters;
    the wall clock is generous, because on a busy machine a fair document waits too.
    """

    file: int = 20_000_000
    unpacked: int = 200_000_000
    ratio: int = 100
    pages: int = 5_000
    lines: int = 1_000_000
    characters: int = 20_000_000
    line: int = 1_000_000
    memory: int = 1_500_000_000
    cpu_seconds: int = 60
    wall_seconds: float = 120.0


LIMITS = Limits()
SAVE_AS = "save it as .docx, .xlsx, .pdf, .html, .md or .txt, and import that"

CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def refused(detail: str, hint: str) -> BadInputError:
    """The error of a document that can't be read: what is wrong with it, and what to do."""
    return BadInputError(detail, hint=hint, title="The document can't be read")


def too_large(limits: Limits) -> BadInputError:
    """The error of a file above the size limit."""
    return refused(
        f"The file is larger than {limits.file / 1_000_000:g} MB",
        "split it into several documents, or take the pictures out",
    )


def gather(lines: Iterable[DocumentLine], limits: Limits) -> tuple[DocumentLine, ...]:
    """The lines numbered from 1, controls in them as U+FFFD, so that they are seen and flagged.

    Raises `BadInputError` when there are too many, or none with text.
    """
    gathered: list[DocumentLine] = []
    characters = 0
    for number, line in enumerate(lines, 1):
        characters += len(line.text)
        if number > limits.lines or characters > limits.characters:
            raise refused(
                f"The document has more than {limits.lines:,} lines or {limits.characters:,} characters",
                "split it into several documents",
            )
        if len(line.text) > limits.line:
            raise refused(
                f"Line {number} is longer than {limits.line:,} characters",
                "break the text into lines; in a table, look for a quotation mark that is never closed",
            )
        cells = tuple(map(_shown, line.cells)) if line.cells else ()
        gathered.append(
            DocumentLine(_shown(line.text), number, line.heading, line.depth, line.marker, cells, line.page)
        )
    if not any(line.text and not line.text.isspace() for line in gathered):
        raise refused("The document holds no text", "choose a document that has text in it")
    return tuple(gathered)


def _shown(text: str) -> str:
    return text if text.isprintable() else CONTROL.sub("\ufffd", text)
