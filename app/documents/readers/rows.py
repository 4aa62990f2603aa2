"""A table row as a line, the same for every format that has tables."""

from collections.abc import Iterable

from app.documents.document import Line


def row(cells: Iterable[str]) -> Line:
    """A table row as a line: no white space around cells, no tabs in them, no empty cells at the end."""
    kept = [cell.replace("\t", " ").strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return Line("\t".join(kept), 0, cells=tuple(kept))
