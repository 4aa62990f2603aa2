"""Page furniture: what a page, a web site or a printer put around the text, told by words or repetition."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.documents.document import DocumentLine
from app.documents.structure.vocabulary import Vocabulary
from app.documents.typesetting import masked, running_heads

_BULLET = re.compile(r"^[\s•·▪●*+\-–—>|]*(?:\d{1,3}[.、]\s*)?")
_BARE_NUMBER = re.compile(r"[-–—\s]*\d{1,4}(?:\s*[/／]\s*\d{1,4})?[-–—\s]*")
_RULE = re.compile(r"[\s\-–—_=*·.~#|+]{3,}")
_LEADERS = re.compile(r".{1,80}?(?:[.·…]\s?){4,}\s*\d+\s*")  # a line of a table of contents
_PARTS = re.compile(r"\s*[|｜·>›»]\s*|\u3000+|\s{2,}")
_CODE = re.compile(r"\s*(?:```.*|</?[a-z][^>]{0,80}>)\s*")
_EDGE = 2  # lines at the head and foot of a page that may be a header or footer
_LONGEST_HEADER = 100


def furniture(lines: Sequence[DocumentLine], known: Vocabulary) -> set[int]:
    """Positions in `lines` that are furniture, blank lines not among them. Takes linear time."""
    return _by_words(lines, known) | _running_headers(lines)


def tail_of(lines: Sequence[DocumentLine], removed: set[int], known: Vocabulary, last: int) -> set[int]:
    """What follows the first closing phrase (such as a list of related documents) behind position `last`,
    that of the last line with a question or a label."""
    for position in range(last + 1, len(lines)):
        if _is_closer(lines[position].text, known):
            return {i for i in range(position, len(lines)) if lines[i].text.strip()} | removed
    return removed


def _is_closer(text: str, known: Vocabulary) -> bool:
    bare = re.sub(r"\s*[（(]\d*[）)]$|[：:]$", "", _BULLET.sub("", text).strip())
    word = re.split(r"\s*[:：]", bare, maxsplit=1)[0]
    return bare.lower() in known.closers or word.lower() in known.closers


def _by_words(lines: Sequence[DocumentLine], known: Vocabulary) -> set[int]:
    found = set()
    for position, line in enumerate(lines):
        text = line.text.strip()
        if not text or line.cells or len(text) > 300:
            continue
        bare = _BULLET.sub("", text).strip()
        parts = [part for part in _PARTS.split(bare) if part]
        if (
            (
                known.furniture_line.fullmatch(bare or text)
                or (len(parts) > 1 and all(known.furniture_line.fullmatch(part) for part in parts))
                or _RULE.fullmatch(text)
                or _LEADERS.fullmatch(text)
                or _CODE.fullmatch(text)
                or known.furniture_phrase.search(bare)
                or len({match[0] for match in known.furniture_hint.finditer(bare)}) > 1
            )
            or _BARE_NUMBER.fullmatch(text)
            or text.lstrip("•·* ").isdecimal()
        ):
            found.add(position)
    return found


def _running_headers(lines: Sequence[DocumentLine]) -> set[int]:
    """Lines at the edges of pages that come back, numbers apart, on at least three pages (two of two)."""
    pages: dict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        if line.page is not None and not line.cells and line.text.strip():
            pages[line.page].append(position)
    texts = [[lines[position].text for position in page] for page in pages.values()]
    running = running_heads(texts, _EDGE, fewest=3 if len(pages) > 2 else 2)
    edges = [position for page in pages.values() for position in (*page[:_EDGE], *page[-_EDGE:])]
    keys = {position: masked(lines[position].text) for position in edges}
    return {position for position, key in keys.items() if key in running and len(key) <= _LONGEST_HEADER}


def kept(lines: Sequence[DocumentLine], removed: Iterable[int]) -> list[int]:
    """Positions of the lines that are left, blank ones not among them."""
    gone = set(removed)
    return [i for i, line in enumerate(lines) if i not in gone and line.text.strip()]
