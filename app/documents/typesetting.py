"""Broken lines joined again: what stands between two halves of a sentence, and what tells them apart."""

import re
import unicodedata

from app.documents.list_markers import read_marker

_WIDE = "\u2e80-\u303f\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff“”‘’…—"
_IS_WIDE = re.compile(f"[{_WIDE}]")
_BREAK_IN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")
_LABEL = re.compile(r"[^\s:：。，,;；.?？!！]{1,12}\s?[:：]")
_CLOSING = re.compile(r"[^\w\s]*")
_LATIN_WORD = re.compile(r"[^\s\u2e80-\U0003ffff]+")


def without_breaks_in_wide_text(text: str) -> str:
    """The text without line ends between two East Asian characters, which are not written with spaces."""
    return _BREAK_IN_WIDE.sub("", text) if "\n" in text else text


def gap(first: str, second: str) -> str:
    """What stands between two halves of a broken line: a space, nothing beside an East Asian character."""
    if not first or not second or _IS_WIDE.match(first[-1]) or _IS_WIDE.match(second[0]):
        return ""
    return " "


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
