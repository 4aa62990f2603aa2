"""Folding and offsets: the only text normalisation, so that two spellings of the same words compare equal."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

# Cc other than tab and line ends, Cf (zero-width, bidi marks, BOM) and Cs (lone surrogates) carry no words.
INVISIBLE = {"Cc", "Cf", "Cs"}
LONG = 200  # code points of a text whose folding is worth keeping


@lru_cache(maxsize=1)
def _traditional_to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    normalised = unicodedata.normalize("NFKC", cluster)
    kept = "".join(c for c in normalised if unicodedata.category(c) not in INVISIBLE or c in "\t\n\r")
    return str(_traditional_to_simplified().convert(kept)).casefold() if kept else ""


@dataclass(frozen=True)
class FoldedText:
    """Folded text and, for each of its code points, the half-open source span it came from."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the source that folded to `text[start:end]`, in code points."""
        return self.spans[start][0], self.spans[end - 1][1]


def fold(source: str | FoldedText) -> FoldedText:
    """NFKC, Traditional to Simplified, case folded, invisible characters dropped, white space collapsed.

    Works one base character with its combining marks at a time, so that every folded code point can be
    traced to the source. What is folded already is returned as it is: a reply need be folded only once.
    """
    if isinstance(source, FoldedText):
        return source
    return _fold_long(source) if len(source) >= LONG else _fold(source)


def _fold(source: str) -> FoldedText:
    folded: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, cluster in _clusters(source):
        for character in _fold_cluster(cluster):
            if character.isspace():
                if not folded or folded[-1] == " ":
                    continue
                character = " "
            folded.append(character)
            spans.append((start, start + len(cluster)))
    if folded and folded[-1] == " ":
        folded.pop()
        spans.pop()
    return FoldedText("".join(folded), tuple(spans))


# A long reply is searched once for each point and quote.
_fold_long = lru_cache(maxsize=8)(_fold)


def _clusters(source: str) -> list[tuple[int, str]]:
    clusters: list[tuple[int, str]] = []
    for offset, character in enumerate(source):
        if clusters and unicodedata.combining(character):
            start, cluster = clusters[-1]
            clusters[-1] = (start, cluster + character)
        else:
            clusters.append((offset, character))
    return clusters


def words(text: str | FoldedText) -> str:
    """Only letters, digits and ideographs of the folded text, for comparing what two texts say."""
    return "".join(c for c in fold(text).text if c.isalnum())
