"""How a text is set in lines and pages: what stands where a line was broken, and what comes back on pages."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from app.documents.list_markers import read_marker
from app.text.scripts import UNSPACED, WIDE

# Full-width punctuation and its quotation marks.
_SIGNS = "\u3000-\u303f\uff00-\uff60“”‘’"
_UNSPACED = f"{UNSPACED}{_SIGNS}…—"
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_BREAK_IN_UNSPACED = re.compile(rf"(?<=[{_UNSPACED}])[ \t]*\n\s*(?=[{_UNSPACED}])")
_IS_WIDE = re.compile(f"[{WIDE}{_SIGNS}]")
_HYPHEN = re.compile(r"\w-$")
_LABEL = re.compile(r"[^\s:：。，,;；.?？!！]{1,12}\s?[:：]")
_CLOSING = re.compile(r"[^\w\s]*")
_LATIN_WORD = re.compile(r"[^\s\u2e80-\U0003ffff]+")
_DIGITS = re.compile(r"\d+")


def without_breaks(text: str) -> str:
    """The text without line ends between characters of scripts that are not written with spaces."""
    return _BREAK_IN_UNSPACED.sub("", text) if "\n" in text else text


def gap(first: str, second: str) -> str:
    """What stands between the halves of a broken line: a space between words, nothing in unspaced scripts."""
    if not first or not second or _HYPHEN.search(first):
        return ""
    return "" if _IS_UNSPACED.match(first[-1]) or _IS_UNSPACED.match(second[0]) else " "


def joined(first: str, second: str) -> str:
    """The halves of a broken line as one."""
    return f"{first}{gap(first, second)}{second}"


def begins_anew(text: str) -> bool:
    """Whether the line begins something of its own: it carries a marker or a short label with a colon."""
    text = text.lstrip()
    return read_marker(text) is not None or _LABEL.match(text) is not None


def first_word(text: str) -> str:
    """What could not be parted from the line's first character when the line was broken before it."""
    match = _LATIN_WORD.match(text)
    if match is not None:
        return match[0]
    return text[:1] + (_CLOSING.match(text, 1) or [""])[0]


def columns(text: str) -> int:
    """The text's width in columns of a terminal or editor: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def is_wide(text: str) -> bool:
    """Whether a text has East Asian characters, so that full-width punctuation suits it."""
    return _IS_WIDE.search(text) is not None


def masked(text: str) -> str:
    """The text with every number as 0 and white space as single spaces: page numbers make no difference."""
    return _DIGITS.sub("0", " ".join(text.split()))


def running_heads(pages: Sequence[Sequence[str]], edge: int, fewest: int) -> set[str]:
    """What stands within `edge` lines of the top or bottom of half of the pages, `fewest` at least; `masked`.

    `pages` are the texts of each page's lines.
    """
    counts = Counter(
        text for page in pages for text in {masked(line) for line in (*page[:edge], *page[-edge:])}
    )
    return {text for text, times in counts.items() if times >= fewest and 2 * times >= len(pages)}
