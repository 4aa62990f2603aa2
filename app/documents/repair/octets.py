"""What bytes a character had when Chinese text was read as GBK, and what characters bytes are."""

from functools import lru_cache

EURO = "€"
# The code page of Windows puts these where GB18030 has other characters: (first, last, octets of the first).
_PRIVATE_USE = (
    ("\ue7e7", "\ue7f3", 0xA989),
    ("\ue815", "\ue843", 0xFE50),
    ("\ue844", "\ue864", 0xFE80),
    ("\ue7c8", "\ue7c8", 0xA8BF),
)


@lru_cache(maxsize=65536)
def octets(character: str) -> bytes:
    """The one or two bytes of a character in GBK as Windows reads it; none where it has no such bytes."""
    if character == EURO:
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
