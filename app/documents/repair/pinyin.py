"""Pinyin in brackets behind characters, as exports of some document sites put it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.documents.repair.chinese import simplified
from app.text.scripts import is_ideograph

_LETTERS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿüêề"
_BRACKETED = re.compile(rf"(?<=(.))[(（]([{_LETTERS}]{{1,7}})[)）]")
_SOUND = re.compile(rf"([{_LETTERS}]{{1,7}})[)）]")
_TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}

# A few glosses are a text's own; a damaged export has them behind the same Traditional characters every time.
_FEWEST = 5
_HANZI_A_PLACE = 300
_TRADITIONAL = 0.9
_EVERY_TIME = 0.8


@dataclass(frozen=True)
class Gloss:
    """Bracketed pinyin at `start` to `end` of a line, in code points, behind `character`."""

    character: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def syllable(sound: str) -> str:
    """Pinyin without its tone."""
    return unicodedata.normalize(
        "NFC", "".join(mark for mark in unicodedata.normalize("NFD", sound) if mark not in _TONES)
    )


@lru_cache(maxsize=8192)
def _neutral(character: str) -> frozenset[str]:
    """Readings of a character that have no tone."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(sound for sound in pinyin_dict.get(ord(character), "").split(",") if not has_tone(sound))


def has_tone(sound: str) -> bool:
    """True where one of the four tone marks is written."""
    return syllable(sound) != sound


@lru_cache(maxsize=8192)
def syllables(character: str) -> frozenset[str]:
    """All readings of a character, without tones; none for what is no hanzi."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(syllable(sound) for sound in pinyin_dict.get(ord(character), "").split(",") if sound)


def sound_after(line: str, at: int) -> re.Match[str] | None:
    """The rest of a bracketed pinyin whose opening bracket was lost, its letters in group 1."""
    found = _SOUND.match(line, at)
    return found if found and has_tone(found[1]) else None


def is_reading(sound: str, character: str) -> bool:
    """True where `sound` is one of the character's readings, whatever its tone.

    Letters without a tone mark are a reading only where the character has one without a tone.
    """
    toneless = syllable(sound)
    return toneless in syllables(character) and (toneless != sound or sound in _neutral(character))


def glosses(line: str) -> Iterator[Gloss]:
    """Where a bracket holds a reading of the character before it."""
    for found in _BRACKETED.finditer(line):
        if is_ideograph(found[1]) and is_reading(found[2], found[1]):
            yield Gloss(found[1], found.start(), found.end())


def without(line: str) -> str:
    """The line without its pinyin."""
    kept: list[str] = []
    end = 0
    for gloss in glosses(line):
        kept.append(line[end : gloss.start])
        end = gloss.end
    return "".join([*kept, line[end:]])


def glossed(lines: Iterable[str]) -> frozenset[str]:
    """The characters an export put pinyin behind; none where the pinyin, if any, is the author's own.

    An export does it to Traditional characters only, to the same ones at nearly every place.
    """
    behind: Counter[str] = Counter()
    occurring: Counter[str] = Counter()
    for line in lines:
        occurring.update(line)
        if "(" in line or "（" in line:
            behind.update(gloss.character for gloss in glosses(line))
    total = behind.total()
    if total < _FEWEST:
        return frozenset()
    hanzi = sum(count for character, count in occurring.items() if is_ideograph(character))
    traditional = sum(count for character, count in behind.items() if simplified(character) != character)
    every = sum(occurring[character] for character in behind)
    damaged = (
        total * _HANZI_A_PLACE >= hanzi
        and traditional >= _TRADITIONAL * total
        and total >= _EVERY_TIME * every
    )
    return frozenset(behind) if damaged else frozenset()
