"""Changing how a reply is worded without changing what it says. Pure, and the same for the same seed.

What may be exchanged in a language is data: `datasets/rewording/<language>.yaml`.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import opencc
from pydantic import Field, StrictStr

from app.languages.files import Strict
from evals.labelled import DATASETS
from evals.language_file import read_language_file

FOLDER = DATASETS / "rewording"
# Heavy, but still readable: about as many wrong characters as the golden replies of that kind have.
CHARACTERS_A_TYPO = 12
CLAUSES_A_HESITATION = 2
_CLAUSE_END = re.compile(r"[，。！？；,.!?;]\s*(?=\w)")
_ASCII = range(0x21, 0x7F)
_TO_FULL_WIDTH = 0xFEE0

Words = dict[StrictStr, StrictStr]
Phrases = Annotated[list[StrictStr], Field(min_length=1)]


class Padding(Strict):
    """Sentences without content, to stand before a reply and after it."""

    before: Phrases
    after: Phrases


class Rewording(Strict):
    """One language's file.

    Maps go from a word to what replaces it; a word mapped to itself is protected from shorter ones inside it.
    `script` names an OpenCC conversion into the language's other script, if it has one.
    """

    sentences_joined_by: str
    script: str | None = None
    synonyms: Words
    typos: Words
    dialects: dict[str, Words] = Field(min_length=1)
    swaps: Words
    hesitations: Phrases
    padding: Padding


def read_rewording(language: str, folder: Path = FOLDER) -> Rewording:
    """The file for `language`; `zh-CN` finds `zh`. Raises `SetupError` naming the file and its fault."""
    return read_language_file(Rewording, folder, language)


def replaced(text: str, words: Mapping[str, str], *, most: int | None = None, seed: str = "") -> str:
    """`text` with each word of `words` replaced in one pass, longest first; at most `most`, drawn by `seed`.

    Words in letters are matched whole, in any case; a capital at their beginning is kept.
    """
    places = [
        place for place in _pattern(tuple(words)).finditer(text) if _replacement(place[0], words) != place[0]
    ]
    if most is not None and most < len(places):
        places = sorted(random.Random(seed).sample(places, most), key=lambda place: place.start())
    pieces, end = [], 0
    for place in places:
        pieces += [text[end : place.start()], _replacement(place[0], words)]
        end = place.end()
    return "".join([*pieces, text[end:]])


def synonyms(text: str, rewording: Rewording, seed: str) -> str:
    return replaced(text, rewording.synonyms)


def typos(text: str, rewording: Rewording, seed: str) -> str:
    """One word in twelve characters mistyped, as far as the list knows words of the text."""
    return replaced(text, rewording.typos, most=max(1, len(text) // CHARACTERS_A_TYPO), seed=seed)


def dialect(text: str, rewording: Rewording, seed: str) -> str:
    """Words of one dialect, drawn by `seed`."""
    name = random.Random(seed).choice(sorted(rewording.dialects))
    return replaced(text, rewording.dialects[name])


def names(text: str, rewording: Rewording, seed: str) -> str:
    """Names, forms of address and pronouns exchanged for another gender's or family's."""
    return replaced(text, rewording.swaps)


def hesitations(text: str, rewording: Rewording, seed: str) -> str:
    """The small words of people who think while they speak, at every second beginning of a clause."""
    chance = random.Random(seed)
    starts = [0, *(end.end() for end in _CLAUSE_END.finditer(text))][::CLAUSES_A_HESITATION]
    pieces = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        pieces.append(chance.choice(rewording.hesitations) + text[start:end])
    return "".join(pieces)


def padding(text: str, rewording: Rewording, seed: str) -> str:
    """Courtesies, boasts and flattery before and after."""
    chance = random.Random(seed)
    around = [chance.choice(rewording.padding.before), text, chance.choice(rewording.padding.after)]
    return rewording.sentences_joined_by.join(around)


def other_script(text: str, rewording: Rewording, seed: str) -> str:
    """The language's other script, such as Traditional for Simplified Chinese."""
    return text if rewording.script is None else str(_converter(rewording.script).convert(text))


def swapped_widths(text: str, rewording: Rewording, seed: str) -> str:
    """Half-width characters made full-width and the other way round (Unicode TR 11)."""
    return "".join(map(_other_width, text))


Change = Callable[[str, Rewording, str], str]

REWORDINGS: Mapping[str, Change] = {
    "synonyms": synonyms,
    "typos": typos,
    "padding": padding,
    "hesitations": hesitations,
    "script": other_script,
    "width": swapped_widths,
    "names": names,
    "dialect": dialect,
}


def reworded(name: str, text: str, rewording: Rewording, seed: str) -> str | None:
    """`text` after the named change; None if the change finds nothing to change in it."""
    changed = REWORDINGS[name](text, rewording, seed)
    return None if changed == text else changed


@lru_cache
def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    spelled = [
        rf"(?<!\w){re.escape(word)}(?!\w)" if word[0].isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(spelled) or r"(?!)", re.IGNORECASE)


def _replacement(found: str, words: Mapping[str, str]) -> str:
    replacement = words.get(found)
    if replacement is None:
        replacement = {word.casefold(): other for word, other in words.items()}[found.casefold()]
        return replacement[:1].upper() + replacement[1:] if found[0].isupper() else replacement
    return replacement


def _other_width(character: str) -> str:
    if ord(character) in _ASCII:
        return chr(ord(character) + _TO_FULL_WIDTH)
    if 0 <= ord(character) - _TO_FULL_WIDTH - _ASCII.start < len(_ASCII):
        return chr(ord(character) - _TO_FULL_WIDTH)
    return _OTHER_PUNCTUATION.get(character, character)


# Punctuation of East Asian scripts with a half-width form of its own: U+FF61 to U+FF65.
_HALF_WIDTH = [chr(code) for code in range(0xFF61, 0xFF66)]
_OTHER_PUNCTUATION = {
    one: other
    for half in _HALF_WIDTH
    for one, other in (
        (half, unicodedata.normalize("NFKC", half)),
        (unicodedata.normalize("NFKC", half), half),
    )
}


@lru_cache
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)
