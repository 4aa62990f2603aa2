"""Ids made from texts, and version numbers. Pure."""

import hashlib
import re
from collections.abc import Collection

from app.text.fold import fold, words

LONGEST_BANK_ID = 60
_UNFIT = re.compile(r"[^a-z0-9]+")
_DIGITS = 8


def slug(text: str, longest: int = LONGEST_BANK_ID) -> str:
    """The text in a-z, 0-9 and hyphens, Chinese as pinyin; empty when nothing is left. Cut at a hyphen."""
    # Its dictionary takes a tenth of a second to load, and only imports need it.
    from pypinyin import lazy_pinyin

    spelt = _UNFIT.sub("-", " ".join(lazy_pinyin(fold(text).text)).casefold()).strip("-")
    if len(spelt) <= longest:
        return spelt
    return spelt[: longest + 1].rpartition("-")[0] or spelt[:longest]


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number behind it that is not taken."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def question_id(bank_id: str, text: str, taken: Collection[str]) -> str:
    """The bank's id and 8 hexadecimal digits of what the question says; more where these are taken."""
    bank_id = bank_id[:LONGEST_BANK_ID]
    digest = hashlib.sha256((words(text) or text).encode()).hexdigest()
    for digits in range(_DIGITS, 17):
        if (found := f"{bank_id}-{digest[:digits]}") not in taken:
            return found
    return free_id(f"{bank_id}-{digest[:_DIGITS]}", taken)


def version_key(version: str) -> tuple[int, ...]:
    """What versions are ordered by."""
    return tuple(int(part) for part in version.split("."))


def raised(version: str, *, minor: bool) -> str:
    """The next minor version, or the next patch."""
    major, middle, patch = version_key(version)
    return f"{major}.{middle + 1}.0" if minor else f"{major}.{middle}.{patch + 1}"
