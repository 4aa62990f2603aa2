"""A document as it was read: lines of text, and what its format says of them, not yet understood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Format = Literal["text", "markdown", "html", "docx", "pdf", "xlsx", "csv", "yaml", "json"]


@dataclass(frozen=True)
class DocumentLine:
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

    def with_text(self, text: str) -> "DocumentLine":
        """The line with another text; its cells are cut anew where the row still has as many."""
        cells = tuple(text.split("\t")) if self.cells and text != self.text else self.cells
        return replace(self, text=text, cells=cells if len(cells) == len(self.cells) else self.cells)


def row(cells: Iterable[str]) -> DocumentLine:
    """A table row as a line: no white space around cells, no tabs in them, no empty cells at the end."""
    kept = [cell.replace("\t", " ").strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return DocumentLine("\t".join(kept), 0, cells=tuple(kept))


@dataclass(frozen=True)
class Document:
    """A file's lines, numbered from 1 in their order.

    `encoding` is the one the text was stored in, where that was to be found out.
    """

    name: str
    format: Format
    lines: tuple[DocumentLine, ...]
    encoding: str | None = None

    def with_texts(self, texts: Iterable[str]) -> "Document":
        """The document with another text for each of its lines."""
        return replace(self, lines=tuple(map(DocumentLine.with_text, self.lines, texts)))

    @property
    def text(self) -> str:
        """All lines, joined by line ends."""
        return "\n".join(line.text for line in self.lines)
