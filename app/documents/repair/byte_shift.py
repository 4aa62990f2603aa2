"""Runs read one byte off: what they may have been, by their bytes alone.

A GBK character is two bytes, lead and trail. Once a lead byte is lost, every trail is taken for a lead, until
a byte below 0x80 or another lost byte brings text and bytes in step again. The export that does this puts its
pinyin in before it decodes, so the pinyin stands among the bytes; it makes full-width punctuation, digits and
letters narrow only afterwards, so each of those may have been two bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.documents.repair.chinese import likelihood
from app.documents.repair.pinyin import sound_after
from app.text.scripts import is_ideograph

_EURO = "€"
# The code page of Windows puts these where GB18030 has other characters: (first, last, octets of the first).
_PRIVATE_USE = (
    ("\ue7e7", "\ue7f3", 0xA989),
    ("\ue815", "\ue843", 0xFE50),
    ("\ue844", "\ue864", 0xFE80),
    ("\ue7c8", "\ue7c8", 0xA8BF),
)
LOST = "?\ufffd"
_LONGEST = 4000
_GLANCE = 24
_READABLE = -8.0  # a character, in natural logarithms; text in step has -4, text out of step -12
_NARROW_TO_FULL = 0x80
_FULL_WIDTH = 0xA3
_ENDS = re.compile(r"[\s\x00-\x1f]")


@dataclass(frozen=True)
class Ending:
    """One way to read a run: `text` follows the first character, of which only the trail byte is known.

    `first` is that byte, None where the caller knew the lead byte and `text` is all of it. At `end` the text
    is in step again. Where the last trail byte was lost, `lead` is its lead byte, and `sound` the pinyin that
    was put behind it, if any.
    """

    end: int
    text: str
    first: int | None
    lead: int | None = None
    sound: str = ""


def endings(line: str, start: int, lead: int | None, narrowed: bool) -> Iterator[Ending]:
    """All readings of the run that begins at `start`, behind a lost lead byte; `lead` where that is known.

    `narrowed` where full-width forms of the document were made narrow.
    """
    read: list[str] = []
    first: int | None = None
    carried = lead

    def ending(end: int, more: str = "", lost: int | None = None, sound: str = "") -> Ending:
        return Ending(end, "".join(read) + more, first, lost, sound)

    for at in range(start, min(len(line), start + _LONGEST)):
        shown = line[at]
        if at == start + _GLANCE and likelihood("".join(read)) < max(
            likelihood(line[start:at]), _READABLE * len(read)
        ):
            return
        if shown in LOST and carried is not None:
            if spoken := sound_after(line, at + 1):
                yield ending(spoken.end(), lost=carried, sound=spoken[1])
                return
            if not is_ideograph(line[at + 1 : at + 2] or " "):
                yield ending(at + 1, lost=carried)
        pair = _octets(shown)
        if pair is None:
            return
        if len(pair) == 1:
            if carried is None and first is None:
                first = pair[0]
                yield ending(at + 1)
                first = None
            elif carried is not None and (whole := character(carried, pair[0])):
                yield ending(at + 1, whole)
            if shown == _EURO or not narrowed:
                return
            pair = bytes((_FULL_WIDTH, pair[0] + _NARROW_TO_FULL))
        if carried is None:
            first = pair[0]
        elif whole := character(carried, pair[0]):
            read.append(whole)
        else:
            return
        carried = pair[1]
        if carried < 0x80:
            yield ending(at + 1, chr(carried))
        if carried <= 0x80 or carried == 0xFF:
            return


def _octets(shown: str) -> bytes | None:
    if shown == "\ufffd" or _ENDS.match(shown):
        return None
    return octets(shown) or None


@lru_cache(maxsize=65536)
def octets(character: str) -> bytes:
    """The one or two bytes of a character in GBK as Windows reads it; none where it has no such bytes."""
    if character == _EURO:
        return b"\x80"
    for first, last, start in _PRIVATE_USE:
        if first <= character <= last:
            return (start + ord(character) - ord(first)).to_bytes(2, "big")
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    return encoded if len(encoded) <= 2 else b""


@lru_cache(maxsize=65536)
def character(lead: int, trail: int) -> str:
    """The character of two bytes; empty where they are none, or only a private-use one."""
    try:
        decoded = bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return decoded if len(decoded) == 1 else ""


def with_lead(lead: int) -> list[str]:
    """All characters that begin with this byte."""
    return [found for trail in range(0x40, 0xFF) if (found := character(lead, trail))]


def with_trail(trail: int) -> list[str]:
    """All characters that end with this byte."""
    return [found for lead in range(0x81, 0xFF) if (found := character(lead, trail))]
