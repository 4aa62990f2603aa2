"""An HTML tree walked without recursion, and refused while it is still text when it nests too deep."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
