"""HTML tables become rows of cells; tables that only lay out a page are told apart."""

from collections.abc import Iterable, Iterator, Mapping

from selectolax.lexbor import LexborNode

from app.documents.document import Line
from app.documents.readers.rows import row

_MAX_SPAN = 1_000
_PAGE_PARTS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def layout_tables(walked: Iterable[tuple[LexborNode, bool]]) -> set[int]:
    """The memory ids of tables that hold headings or other tables, or never have two cells in a row."""
    layout: set[int] = set()
    open_tables: list[tuple[int, list[int]]] = []
    for node, begins in walked:
        tag = node.tag
        if tag == "table":
            if begins:
                layout.update(outer for outer, _ in open_tables[-1:])
                open_tables.append((node.mem_id, [0, 0]))
            else:
                table, (_, widest) = open_tables.pop()
                if widest < 2:
                    layout.add(table)
        elif begins and open_tables:
            table, cells = open_tables[-1]
            if tag in _PAGE_PARTS:
                layout.add(table)
            elif tag == "tr":
                cells[0] = 0
            elif tag in ("td", "th"):
                cells[0] += 1
                cells[1] = max(cells)
    return layout


class Table:
    """The open row of a table. Of the places that a cell spans, the first has its text, the rest ""."""

    def __init__(self) -> None:
        self._cells: list[str] = []
        self._lines: list[str] = []
        self._spans = (1, 1)
        self._held: dict[int, int] = {}  # column → rows it is still taken in, the open one counted
        self.inside_cell = False

    def begin_row(self) -> Iterator[Line]:
        """The row before, if it had any text."""
        self._skip_held()
        if any(self._cells):
            yield row(self._cells)
        self._cells = []
        self._held = {column: rows - 1 for column, rows in self._held.items() if rows > 1}

    def begin_cell(self, attributes: Mapping[str, str | None]) -> None:
        self._skip_held()
        self._spans = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._lines = []
        self.inside_cell = True

    def end_cell(self) -> None:
        rows, columns = self._spans
        for column in range(columns):
            if rows > 1:
                self._held[len(self._cells)] = rows
            self._cells.append("" if column else "\n".join(self._lines))
        self._lines = []
        self.inside_cell = False

    def add(self, text: str) -> None:
        """A line of the open cell."""
        self._lines.append(text)

    def _skip_held(self) -> None:
        while len(self._cells) in self._held:
            self._cells.append("")


def _span(raw: str | None) -> int:
    try:
        return min(max(int(raw or 1), 1), _MAX_SPAN)
    except ValueError:
        return 1
