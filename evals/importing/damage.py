"""Damaging clean Simplified text the way one kind of web export does, reproducibly, to measure its repair by.

What that export does, found by comparing the bytes of its damaged runs: the text becomes Traditional; in its
GBK bytes every occurrence of certain pairs of bytes gets pinyin in brackets behind it, and before some of the
punctuation something is put in and later taken out, both without regard to where characters begin; the bytes
are decoded as the Chinese code page of Windows, a lead byte without its trail shown as "?"; full-width forms
become narrow. Where a pair of bytes was the end of one character and the beginning of the next, the text runs
on one byte off.
"""

import random
from dataclasses import dataclass

import opencc
from pypinyin import Style, pinyin

_BROKEN_BEFORE = tuple(mark.encode("gbk") for mark in "，。！？")
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
_TO_TRADITIONAL = opencc.OpenCC("s2t")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


@dataclass(frozen=True)
class Run:
    """Characters of the clean text that were not decoded as they were: a half-open range of one line.

    `line` counts from 0, `start` and `end` are code points of that line.
    """

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Damaged:
    """The damaged text, of as many lines as the clean one, and its shifted runs."""

    text: str
    runs: list[Run]


@dataclass(frozen=True)
class _Damage:
    chance: random.Random
    sounds: dict[bytes, str]
    ranks: dict[bytes, int]
    breaks: float
    losses: float


def damage(
    text: str, seed: int, *, glossed: float = 0.2, breaks: float = 0.3, losses: float = 0.0
) -> Damaged:
    """Damage clean Simplified text. The same arguments give the same damage.

    `glossed` is the share of its distinct Traditional characters that get pinyin, `breaks` how likely each
    place that looks like punctuation is to be broken before, `losses` how likely a byte is to be lost for
    no reason, the first one of its character and one a line at most. Without `glossed` script and punctuation
    stay.
    """
    chance = random.Random(seed)
    lines = text.split("\n")
    if glossed:
        lines = [_traditional(line) for line in lines]
    differing = sorted(
        character
        for character in set("".join(lines))
        if _encoded(character)[1:] and _TO_SIMPLIFIED.convert(character) != character
    )
    chosen = chance.sample(differing, round(glossed * len(differing)))
    sounds = {
        _encoded(character): pinyin(character, style=Style.TONE, heteronym=False)[0][0]
        for character in chosen
    }
    ranks = {pair: rank for rank, pair in enumerate(sounds)}
    how = _Damage(chance, sounds, ranks, breaks if glossed else 0.0, losses)
    shown: list[str] = []
    runs: list[Run] = []
    for number, line in enumerate(lines):
        damaged, wrong = _damaged_line(line, how)
        shown.append(damaged.translate(_NARROW) if glossed else damaged)
        runs.extend(Run(number, start, end) for start, end in _joined(wrong))
    return Damaged("\n".join(shown), runs)


def _traditional(line: str) -> str:
    """The same number of characters in Traditional script, those it has in GBK."""
    converted = str(_TO_TRADITIONAL.convert(line))
    if len(converted) != len(line):
        converted = "".join(str(_TO_TRADITIONAL.convert(character)) for character in line)
    return "".join(new if _encoded(new) else old for old, new in zip(line, converted, strict=True))


def _encoded(character: str) -> bytes:
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return b""


def _damaged_line(line: str, how: _Damage) -> tuple[str, list[int]]:
    """The damaged line, and which of its clean characters were not decoded as they were."""
    shown: list[str] = []
    whole: set[int] = set()
    start = 0
    for end in range(len(line) + 1):
        if end < len(line) and _encoded(line[end]):
            continue
        _decode(line[start:end], start, how, shown, whole)
        if end < len(line):
            shown.append(line[end])
            whole.add(end)
        start = end + 1
    return "".join(shown), [at for at in range(len(line)) if at not in whole]


def _decode(text: str, offset: int, how: _Damage, shown: list[str], whole: set[int]) -> None:
    """Put the damaged text at the end of `shown`, and what survived of the clean one into `whole`."""
    encoded = text.encode("gbk")
    owners = [offset + at for at, character in enumerate(text) for _ in range(len(_encoded(character)))]
    lost = _lost(encoded, owners, how)
    inserted = _inserted(encoded, how)
    pending: int | None = None
    for at, byte in enumerate([*encoded, None]):
        if at in inserted:
            sound = inserted[at]
            if pending is not None:
                shown.append("?")
            elif sound:
                shown.append("(")
            if sound:
                shown.append(f"{sound})")
            pending = None
        if byte is None:
            break
        if at == lost:
            shown.append("?")
        elif pending is not None:
            character = _character(encoded[pending], byte)
            if character:
                shown.append(character)
                if owners[pending] == owners[at]:
                    whole.add(owners[at])
            elif byte < 0x80:
                shown.extend(("?", chr(byte)))
                whole.add(owners[at])
            else:
                shown.append("?")
            pending = None
        elif byte < 0x80:
            shown.append(chr(byte))
            if text[owners[at] - offset] == chr(byte):
                whole.add(owners[at])
        elif byte == 0x80:
            shown.append("€")
        else:
            pending = at
    if pending is not None:
        shown.append("?")


def _lost(encoded: bytes, owners: list[int], how: _Damage) -> int | None:
    """Which lead byte is lost, if any; a second one in the same line would hide the first."""
    if how.chance.random() >= how.losses * len(encoded):
        return None
    leads = [
        at
        for at in range(len(encoded) - 1)
        if owners[at] == owners[at + 1] and (at == 0 or owners[at - 1] != owners[at])
    ]
    return how.chance.choice(leads) if leads else None


def _inserted(encoded: bytes, how: _Damage) -> dict[int, str]:
    """What is put before which byte: pinyin, or nothing that stays."""
    inserted: dict[int, str] = {}
    pairs = [(encoded[at : at + 2], at) for at in range(len(encoded) - 1)]
    for pair, at in sorted(
        (found for found in pairs if found[0] in how.ranks), key=lambda found: how.ranks[found[0]]
    ):
        if at + 1 not in inserted:
            inserted[at + 2] = how.sounds[pair]
    for pair, at in pairs:
        if pair in _BROKEN_BEFORE and how.chance.random() < how.breaks and not {at, at + 1} & inserted.keys():
            inserted[at] = ""
    return inserted


def _character(lead: int, trail: int) -> str:
    """What the code page shows for two bytes; empty where that is nothing."""
    if lead == 0xFE and 0x50 <= trail <= 0xA0 and trail != 0x7F:
        return chr(0xE815 + trail - 0x50 - (trail > 0x7F))
    pair = bytes((lead, trail))
    for encoding in ("gbk", "gb18030"):
        try:
            decoded = pair.decode(encoding)
        except UnicodeDecodeError:
            continue
        return decoded if len(decoded) == 1 else ""
    return ""


def _joined(wrong: list[int]) -> list[tuple[int, int]]:
    """Ranges of neighbouring characters."""
    ranges: list[tuple[int, int]] = []
    for at in wrong:
        if ranges and ranges[-1][1] >= at - 1:
            ranges[-1] = (ranges[-1][0], at + 1)
        else:
            ranges.append((at, at + 1))
    return ranges
