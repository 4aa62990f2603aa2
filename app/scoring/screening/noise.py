"""Replies that are not made of words: mashed keys, one character over and over. Pure."""

from collections.abc import Sequence
from itertools import groupby, pairwise

# Share of letters in mashed groups, set so that no genuine golden reply comes near it.
MASH_SHARE = 0.4

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = set("aeiouy")


def is_noise(reply: Sequence[str]) -> bool:
    """Whether a reply, in `units`, at least one, is not made of words."""
    letters = "".join(reply)
    mashed = _mashed_groups(reply)
    share = sum(map(len, mashed)) / len(letters)
    return (
        _has_short_period(letters)
        or (len(letters) >= 6 and share == 1)
        # A few words among laughter or stammering may be an answer; words among many mashed groups are not.
        or (len(letters) >= 16 and len(mashed) >= 4 and share >= MASH_SHARE)
    )


def _has_short_period(letters: str) -> bool:
    """Whether the whole text is one group of up to 4 characters over and over, at least 4 times."""
    return not letters.isdecimal() and any(
        len(letters) >= 4 * period and letters[period:] == letters[:-period] for period in range(1, 5)
    )


def _mashed_groups(reply: Sequence[str]) -> list[str]:
    """Runs of one character, and words that are keyboard walks or long and without a vowel."""
    groups = [unit for unit in reply if _is_mash(unit)]
    for _, run in groupby(unit for unit in reply if not _is_mash(unit)):
        letters = "".join(run)
        if len(letters) > 1 and len(set(letters)) == 1 and not letters.isdecimal():
            groups.append(letters)
    return groups


def _is_mash(word: str) -> bool:
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return False
    if len(word) >= 6 and not _VOWELS & set(word):
        return True
    steps = [any(a + b in row or b + a in row for row in _KEYBOARD) for a, b in pairwise(word)]
    return sum(steps) / len(steps) >= (0.75 if len(word) > 4 else 1)
