"""HTML becomes lines: blocks, headings, list items with depth and marker, table rows with their cells.

Markdown and DOCX are turned into HTML first and read here too. Only what is no text of the page is dropped:
scripts, styles, navigation, form controls. Hidden parts stay, because question banks on the web hide answers.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from app.documents.document import DocumentLine
from app.documents.list_markers import BULLET
from app.documents.readers.html_elements import HtmlList, HtmlTable, layout_tables, parse, walk
from app.documents.typesetting import without_breaks

LABEL_CLASS = "list-label-as-printed"
"""A span of this class holds the marker that a converter found for the block it stands in."""

_DROPPED = frozenset((
    "head", "script", "style", "noscript", "template", "nav", "iframe", "object", "svg", "canvas",
    "audio", "video", "button", "select", "textarea", "rt", "rp", "dialog",
))  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr",
    "legend", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    "ul", "li", "td", "th",
)) | frozenset(_HEADINGS)  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")


def html_lines(html: str) -> Iterator[DocumentLine]:
    """The lines of a page, not yet numbered. Raises `BadInputError` when its elements are nested too deep."""
    return _Page(parse(html)).lines()


class _Page:
    def __init__(self, root: LexborNode) -> None:
        self._root = root
        self._layout = layout_tables(walk(root, _DROPPED))
        self._text: list[str] = []
        self._heading = 0
        self._preformatted = 0
        self._lists: list[HtmlList] = []
        self._items = 0
        self._marker = ""
        self._tables: list[HtmlTable | None] = []

    def lines(self) -> Iterator[DocumentLine]:
        inside_label: list[str] | None = None
        for node, begins in walk(self._root, _DROPPED):
            if node.is_text_node:
                (self._text if inside_label is None else inside_label).append(node.text_content or "")
                continue
            tag = node.tag or ""
            if tag == "span" and LABEL_CLASS in (node.attributes.get("class") or "").split():
                if not begins:
                    self._marker = "".join(inside_label or ()).strip()
                inside_label = [] if begins else None
            elif tag == "br":
                if begins:
                    yield from self._line_break()
            elif tag in _BLOCKS:
                yield from self._flush()
                yield from self._begin(tag, node) if begins else self._end(tag)
        yield from self._flush()

    def _line_break(self) -> Iterator[DocumentLine]:
        if self._heading:
            self._text.append(" ")
        elif self._preformatted:
            self._text.append("\n")
        else:
            yield from self._flush()

    def _begin(self, tag: str, node: LexborNode) -> Iterator[DocumentLine]:
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            self._lists.append(HtmlList(tag == "ol", node.attributes))
        elif tag == "li":
            self._items += 1
            self._marker = self._lists[-1].marker(node.attributes) if self._lists else BULLET
        elif tag == "table":
            self._tables.append(None if node.mem_id in self._layout else HtmlTable())
        elif self._table is not None:
            if tag == "tr":
                yield from self._table.begin_row()
            elif tag in ("td", "th"):
                self._table.begin_cell(node.attributes)

    def _end(self, tag: str) -> Iterator[DocumentLine]:
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in ("ol", "ul"):
            self._lists.pop()
        elif tag == "li":
            self._items -= 1
            self._marker = ""
        elif tag == "table":
            table = self._tables.pop()
            if table is not None:
                yield from table.begin_row()
        elif self._table is not None and tag in ("td", "th"):
            self._table.end_cell()

    @property
    def _table(self) -> HtmlTable | None:
        return self._tables[-1] if self._tables else None

    def _flush(self) -> Iterator[DocumentLine]:
        raw, self._text = "".join(self._text), []
        if self._preformatted:
            texts = [text.rstrip() for text in raw.strip("\n").split("\n")]
        else:
            texts = [_SPACE.sub(" ", without_breaks(raw)).strip(" ")]
        for text in texts:
            if not text:
                continue
            marker, self._marker = self._marker, ""
            if self._table is not None and self._table.inside_cell:
                self._table.add(f"{marker} {text}" if marker else text)
            else:
                depth = len(self._lists) if self._items and not self._heading else 0
                yield DocumentLine(text, 0, heading=self._heading, depth=depth, marker=marker)
