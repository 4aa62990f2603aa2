"""Chinese text: characters, punctuation, and how likely it is, which tells a right reading from a wrong one.

The words are those that the segmenter already carries: 349,046 of Simplified Chinese with their counts, under
the MIT licence. So nothing more is installed, loaded or kept in memory.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import opencc

from app.text.scripts import is_ideograph

_COUNTED = 60_101_967
_UNSEEN = math.log(0.1 / _COUNTED)
# Natural logarithms. Punctuation and foreign words have no counts; these are near their share of prose.
_FREQUENT_MARKS = {"，": -3.0, "。": -3.5, "、": -4.0, "？": -4.5, "！": -6.5}
_MARKS = frozenset("：；？！“”‘’（）《》…—")
_MARK = -5.0
_TWO_STOPS = re.compile("[，、；：。？！](?=[，、；：。？！])")
_SECOND_STOP = -6.0
_FOREIGN = -9.0
_SYMBOL = -14.0
_NO_CHARACTER = -25.0
# How much the document's own habits can add to, or take from, a pair of characters.
_FAMILIAR = 2.0
# Traditional text has one character where Simplified text has two, and the conversion keeps it.
_VARIANTS = {"著": "着著"}
_AMBIGUOUS = re.compile("|".join(_VARIANTS))
FULL_WIDTH = dict(zip(",:;?!()", "，：；？！（）", strict=True))
_HALF_TO_FULL = str.maketrans(FULL_WIDTH)
_BESIDE = frozenset("“”‘’《》、。…「」『』—·□") | frozenset(FULL_WIDTH.values())
_BRACKETS = re.compile(r"\(([^()]*)\)")
# The exports leave hanzi of Big5; a converter may add a few of its own, which are then frequent.
_NEARLY_ALL = 0.98
_FEWEST = 3
_SHARE = 0.0005


@lru_cache(maxsize=1)
def _traditional_to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified characters, one for one; as it was where that can't be."""
    converted = str(_traditional_to_simplified().convert(text))
    if len(converted) != len(text):
        converted = "".join(_simplified_character(character) for character in text)
    return _AMBIGUOUS.sub(lambda found: _likelier(converted, found.start()), converted)


@lru_cache(maxsize=8192)
def _simplified_character(character: str) -> str:
    converted = str(_traditional_to_simplified().convert(character))
    return converted if len(converted) == 1 else character


def _likelier(text: str, at: int) -> str:
    """The character at `at`, or what it is a variant of, whichever makes likelier words of its neighbours."""
    left, right = text[max(0, at - 2) : at], text[at + 1 : at + 3]
    return max(_VARIANTS[text[at]], key=lambda variant: _likelihood(left + variant + right))


@lru_cache(maxsize=65536)
def _of_token(token: str) -> float:
    import rjieba

    if is_ideograph(token[0]):
        counted = rjieba._DEFAULT_JIEBA
        if counted.has_word(token):
            return math.log(max(counted.suggest_freq(token) - 1, 1) / _COUNTED)
        return _UNSEEN * len(token)
    if token in _FREQUENT_MARKS:
        return _FREQUENT_MARKS[token]
    if token in _MARKS:
        return _MARK
    category = unicodedata.category(token[0])
    if category in ("Co", "Cn", "Cc", "Cs") or token[0] == "\ufffd":
        return _NO_CHARACTER * len(token)
    if category[0] == "L" or category == "Nd":
        return _FOREIGN
    return _SYMBOL * len(token)


def likelihood(text: str) -> float:
    """The natural logarithm of the text's probability, as the likeliest sequence of counted words.

    Script and width of the punctuation make no difference.
    """
    return _likelihood(simplified(text).translate(_HALF_TO_FULL))


def _likelihood(folded: str) -> float:
    import rjieba

    words = sum(_of_token(token) for token in rjieba.cut(folded, False))
    return words + _SECOND_STOP * len(_TWO_STOPS.findall(folded))


class Familiarity:
    """Which characters stand beside which in a document: more often than by chance, or less."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._single: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for line in lines:
            folded = simplified(line).translate(_HALF_TO_FULL)
            self._single.update(folded)
            self._pairs.update(map(str.__add__, folded, folded[1:]))
        self._total = max(self._single.total(), 1)

    def of(self, text: str) -> float:
        """The sum over neighbours of the logarithm of times seen to times expected, each one bounded."""
        folded = simplified(text).translate(_HALF_TO_FULL)
        return sum(map(self._of_pair, folded, folded[1:]))

    def _of_pair(self, first: str, second: str) -> float:
        expected = self._single[first] * self._single[second] / self._total
        ratio = math.log((self._pairs[first + second] + 1) / (expected + 1))
        return max(-_FAMILIAR, min(_FAMILIAR, ratio))


class Repertoire:
    """The hanzi of Big5, and others the document has often; any hanzi where it is not in Big5 as a whole."""

    def __init__(self, lines: Iterable[str]) -> None:
        counted: Counter[str] = Counter()
        for line in lines:
            counted.update(line)
        hanzi = {character: count for character, count in counted.items() if is_ideograph(character)}
        total = sum(hanzi.values())
        enough = max(_FEWEST, _SHARE * total)
        self._added = {character for character, count in hanzi.items() if count >= enough}
        held = sum(count for character, count in hanzi.items() if self._holds(character))
        self._open = held <= _NEARLY_ALL * total

    def misses(self, text: str) -> list[int]:
        """Where the text has a character the document can't have: offsets in code points."""
        if self._open:
            return []
        return [at for at, each in enumerate(text) if is_ideograph(each) and not self._holds(each)]

    def _holds(self, hanzi: str) -> bool:
        return hanzi in self._added or _in_big5(hanzi)


@lru_cache(maxsize=32768)
def _in_big5(hanzi: str) -> bool:
    try:
        hanzi.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def widened(line: str) -> str:
    """The line with punctuation beside hanzi, or beside other such punctuation, in full width again.

    Code points keep their places. Brackets are widened in pairs.
    """
    if not any(mark in line for mark in FULL_WIDTH):
        return line
    marks = list(line)
    for found in _BRACKETS.finditer(line):
        opening, closing = found.start(), found.end() - 1
        if any(_is_chinese(line, at) for at in (opening - 1, opening + 1, closing - 1, closing + 1)):
            marks[opening], marks[closing] = FULL_WIDTH["("], FULL_WIDTH[")"]
    for at, mark in enumerate(line):
        if (
            mark in FULL_WIDTH
            and marks[at] == mark
            and (_is_chinese(marks, at - 1) or _is_chinese(line, at + 1))
        ):
            marks[at] = FULL_WIDTH[mark]
    return "".join(marks)


def _is_chinese(text: str | list[str], at: int) -> bool:
    return 0 <= at < len(text) and (is_ideograph(text[at]) or text[at] in _BESIDE)
