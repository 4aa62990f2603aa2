"""A document as it was read: lines of text, and what its format says of them, not yet understood."""

from dataclasses import dataclass
from typing import Literal

Format = Literal["text", "markdown", "html", "docx", "pdf", "xlsx", "csv", "yaml", "json"]


@dataclass(frozen=True)
class Line:
    """A line of a text, a paragraph, a list item or a table row.

    `number` counts from 1 in the document. `heading` is 1..6 where the format marks one, else 0. `depth` is
    the nesting of a list item from 1, else 0; `marker` what the format puts before it, such as "2.", where
    that is no part of `text`. A table row has its `cells`, and `text` is them joined by tabs. `page` counts
    from 1 where the format has pages or sheets.
    """

    text: str
    number: int
    heading: int = 0
    depth: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """`encoding` is the one the text was stored in, where that was to be found out."""

    name: str
    format: Format
    lines: tuple[Line, ...]
    encoding: str | None = None

    @property
    def text(self) -> str:
        """All lines, joined by line ends."""
        return "\n".join(line.text for line in self.lines)
