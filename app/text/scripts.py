"""The scripts that are not cut into words: the one table of them, from which every pattern is made.

In most scripts a word is what stands between spaces. Where words are not spaced, or carry their grammar
within them, as in Korean, what two texts can have in common are characters, each with its combining marks.
"""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """A script that is counted by character. `characters` is the inside of a character class of `re`.

    `spaced` tells whether its words have spaces between them, `wide` whether its punctuation is full-width.
    """

    name: str
    characters: str
    spaced: bool = False
    wide: bool = False


# The ideographs of everyday text, and those of all planes; no radicals, nor signs that stand for words.
EVERYDAY_HAN = "\u4e00-\u9fff"
IDEOGRAPHS = f"\u3400-\u4dbf{EVERYDAY_HAN}\uf900-\ufaff\U00020000-\U0003ffff"

SCRIPTS = (
    Script("Han", f"\u2e80-\u2fdf\u3005-\u3007{IDEOGRAPHS}", wide=True),
    Script("Kana", "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f", wide=True),
    Script("Hangul", "\uac00-\ud7af", spaced=True, wide=True),
    Script("Thai", "\u0e00-\u0e7f"),
    Script("Lao", "\u0e80-\u0eff"),
    Script("Khmer", "\u1780-\u17ff"),
    Script("Myanmar", "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"),
)

# Insides of character classes.
HAN = SCRIPTS[0].characters
BY_CHARACTER = "".join(script.characters for script in SCRIPTS)
UNSPACED = "".join(script.characters for script in SCRIPTS if not script.spaced)
WIDE = "".join(script.characters for script in SCRIPTS if script.wide)
# Whole blocks from the radicals to the ideographs: Han, kana, and the signs and letters among them.
EAST_ASIAN = "\u2e80-\u9fff\uf900-\ufaff"
# Marks that any letter may carry. Folding makes one of a letter and its marks where Unicode has such a
# letter, so that what is left only decorates.
DECORATION = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef"
)
# The blocks of scripts that have marks of their own, such as vowels over and under their letters.
_WITH_MARKS = (range(0x590, 0x1AB0), range(0x1B00, 0x1D00), range(0xA800, 0xAC00), range(0x10A00, 0x12000))
MARKS = f"{DECORATION}\u3099\u309a" + "".join(
    character
    for block in _WITH_MARKS
    for character in map(chr, block)
    if unicodedata.category(character)[0] == "M"
)

_BY_CHARACTER = re.compile(f"[{BY_CHARACTER}]")
_HAN = re.compile(f"[{HAN}]")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_SEGMENTED = re.compile(f"[{SCRIPTS[0].characters}{SCRIPTS[1].characters}]")


def is_by_character(unit: str) -> bool:
    """Whether a character, or a unit by its first one, is of a script that is counted by character."""
    return _BY_CHARACTER.match(unit) is not None


def is_han(character: str) -> bool:
    """Whether a character is of the Han script: an ideograph, a radical or a sign that stands for a word."""
    return _HAN.match(character) is not None


def is_ideograph(character: str) -> bool:
    """Whether a character is an ideograph, of any plane; neither a radical nor a sign such as 々."""
    return _IDEOGRAPH.match(character) is not None


def is_segmented(unit: str) -> bool:
    """Whether a character, or a unit by its first one, is of a script that the segmenter finds words in."""
    return _SEGMENTED.match(unit) is not None
