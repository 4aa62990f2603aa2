"""How likely a run of characters is as Chinese or Western text: a unigram model made of character classes.

A class has a share of all text, spread evenly over its characters. Which Han characters are common is not
counted but taken from the encodings' own planes: GB 2312 and Big5 both put the common ones first.
"""

import math
import re
import unicodedata
from functools import cache

from app.text.scripts import EVERYDAY_HAN

IMPOSSIBLE = -25.0
"""Log-probability of what no readable text holds: controls, unassigned code points, U+FFFD."""

_PRIVATE = -22.0
_UNLISTED = -18.0
_LONE_HAN = 3.0
_HAN_IN_WORD = re.compile(f"(?<=[a-z])[{EVERYDAY_HAN}]|[{EVERYDAY_HAN}](?=[a-z])")
_HAN_PUNCTUATION = "，。、；：？！“”‘’（）《》…—·「」『』【】\u3000"

# (first, last, share of text): the first range that holds a code point decides.
_RANGES = (
    (0x20, 0x7E, 0.25),
    (0xA0, 0xBF, 0.003),
    (0xC0, 0xFF, 0.03),
    (0x100, 0x17F, 0.001),
    (0x370, 0x52F, 0.002),
    (0x2010, 0x203A, 0.01),
    (0x20AC, 0x20AC, 0.0002),
    (0x2000, 0x2BFF, 0.005),
    (0x3000, 0x303F, 0.005),
    (0x3040, 0x30FF, 0.002),
    (0x4E00, 0x9FFF, 0.0015),
    (0xAC00, 0xD7A3, 0.0005),
    (0xFF01, 0xFF5E, 0.006),
)


class _LogProbabilities(dict[str, float]):
    def __missing__(self, character: str) -> float:
        value = self[character] = _log_probability(character)
        return value


_log_probabilities = _LogProbabilities()


def log_likelihood(text: str) -> float:
    """The natural logarithm of the text's probability: at most 0, the higher the likelier."""
    if text.isascii() and text.isprintable():
        return len(text) * _log_probabilities["a"]
    return sum(map(_log_probabilities.__getitem__, text)) - _LONE_HAN * len(_HAN_IN_WORD.findall(text))


def _log_probability(character: str) -> float:
    code = ord(character)
    if character in "\t\n\r":
        return math.log(0.02 / 3)
    if 0xE000 <= code <= 0xF8FF:
        return _PRIVATE
    if character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co", "Cs", "Cc"):
        return IMPOSSIBLE
    if character in _HAN_PUNCTUATION:
        return math.log(0.1 / len(_HAN_PUNCTUATION))
    common, rarer = _han_planes()
    if character in common:
        return math.log(0.5 / len(common))
    if character in rarer:
        return math.log(0.01 / len(rarer))
    for first, last, share in _RANGES:
        if first <= code <= last:
            return math.log(share / (last - first + 1))
    return _UNLISTED


@cache
def _han_planes() -> tuple[frozenset[str], frozenset[str]]:
    """The common and the rarer Han characters of the two national character sets."""
    common = _plane("gb2312", 0xB0, 0xD7) | _plane("big5", 0xA4, 0xC6)
    rarer = _plane("gb2312", 0xD8, 0xF7) | _plane("big5", 0xC9, 0xF9)
    return common, rarer - common


def _plane(encoding: str, first: int, last: int) -> frozenset[str]:
    pairs = bytes(
        byte for lead in range(first, last + 1) for trail in range(0x40, 0xFF) for byte in (lead, trail)
    )
    decoded = (pairs[at : at + 2].decode(encoding, "ignore") for at in range(0, len(pairs), 2))
    return frozenset(
        text for text in decoded if len(text) == 1 and EVERYDAY_HAN[0] <= text <= EVERYDAY_HAN[-1]
    )
