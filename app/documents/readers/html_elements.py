"""What an HTML page is made of: its tree, walked without recursion and refused while it is still text when it
nests too deep; its lists, counted as a browser counts them; and its tables, those that only lay out apart."""

import re
from collections.abc import Iterable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.documents.document import DocumentLine, row
from app.documents.list_markers import BULLET
from app.documents.numerals import letters, roman
from app.documents.readers.limits import refused

MAX_DEPTH = 5_000
"""Building the tree takes quadratic time in its depth: 0.05 s at 5,000, hours at a million."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that have no end tag, or whose end tag authors leave out.
_UNCLOSED = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option",
    "optgroup", "rb", "rt", "rp", "html", "head", "body",
))  # fmt: skip

_MAX_SPAN = 1_000
_PAGE_PARTS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def parse(html: str) -> LexborNode:
    """The root of the document's tree. Raises `BadInputError` when elements are nested too deep."""
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _UNCLOSED:
            depth = max(depth - 1, 0) if match[1] else depth + 1
            if depth > MAX_DEPTH:
                raise refused(
                    f"The web page nests more than {MAX_DEPTH:,} elements in one another",
                    "open the page in a browser and copy its text into a document",
                )
    root = LexborHTMLParser(html).root
    if root is None:
        raise refused("The web page holds no text", "choose a document that has text in it")
    return root


def walk(root: LexborNode, dropped: frozenset[str] = frozenset()) -> Iterator[tuple[LexborNode, bool]]:
    """Every node as it begins (True) and, unless it is text, as it ends (False); without `dropped` tags."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, begins = stack.pop()
        if begins and node is not root and node.next is not None:
            stack.append((node.next, True))
        if begins and (node.tag in dropped or node.is_comment_node):
            continue
        yield node, begins
        if begins and not node.is_text_node:
            stack.append((node, False))
            if node.first_child is not None:
                stack.append((node.first_child, True))


class HtmlList:
    """An open `ol` or `ul` and the number of its next item."""

    def __init__(self, ordered: bool, attributes: Mapping[str, str | None]) -> None:
        self._ordered = ordered
        self._form = attributes.get("type") or "1"
        self._next = _integer(attributes.get("start"), 1)
        self._step = -1 if "reversed" in attributes and "start" in attributes else 1

    def marker(self, attributes: Mapping[str, str | None]) -> str:
        """The marker of the item that begins now, such as "2." or "b."; `value` is honoured."""
        if not self._ordered:
            return BULLET
        number = _integer(attributes.get("value"), self._next)
        self._next = number + self._step
        if self._form in ("a", "A"):
            return f"{letters(number, self._form)}."
        if self._form in ("i", "I"):
            return f"{roman(number, self._form)}."
        return f"{number}."


def _integer(raw: str | None, default: int) -> int:
    try:
        return int(raw or "")
    except ValueError:
        return default


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


class HtmlTable:
    """The open row of a table. Of the places that a cell spans, the first has its text, the rest ""."""

    def __init__(self) -> None:
        self._cells: list[str] = []
        self._lines: list[str] = []
        self._spans = (1, 1)
        self._held: dict[int, int] = {}  # column → rows it is still taken in, the open one counted
        self.inside_cell = False

    def begin_row(self) -> Iterator[DocumentLine]:
        """The row before, if it had any text."""
        self._skip_held()
        if any(self._cells):
            yield row(self._cells)
        self._cells = []
        self._held = {column: rows - 1 for column, rows in self._held.items() if rows > 1}

    def begin_cell(self, attributes: Mapping[str, str | None]) -> None:
        """Opens a cell behind those that earlier rows still take."""
        self._skip_held()
        self._spans = _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        self._lines = []
        self.inside_cell = True

    def end_cell(self) -> None:
        """Puts the open cell's lines into the row, once a column that it spans."""
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
