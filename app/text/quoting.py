"""What is quoted: found again in what was typed, made storable, and made harmless inside a prompt."""

import re
import unicodedata

from app.text.fold import INVISIBLE, FoldedText, fold

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085]")


def find(quote: str | FoldedText, source: str | FoldedText) -> tuple[int, int] | None:
    """Where `quote` occurs in `source` after folding both: a half-open span of the source in code points."""
    needle = fold(quote).text
    if not needle:
        return None
    haystack = fold(source)
    start = haystack.text.find(needle)
    return None if start < 0 else haystack.source_span(start, start + len(needle))


def clean(source: str) -> str:
    """Typed text made storable: line ends unified, invisible controls and lone surrogates dropped, trimmed.

    Zero-width joiners stay, because emoji are built with them; everything else that shows stays as typed.
    """
    unified = _LINE_ENDS.sub("\n", source)
    return "".join(
        c for c in unified if unicodedata.category(c) not in INVISIBLE or c in "\t\n\u200d"
    ).strip()


def as_quoted_data(text: str) -> str:
    """Text that may stand inside a prompt's tag: cleaned, its angle brackets made full-width.

    It can then neither close the tag nor spell a chat template's control token; folding undoes the change,
    so quotes taken from it are still found in the source.
    """
    return clean(text).replace("<", "＜").replace(">", "＞")
