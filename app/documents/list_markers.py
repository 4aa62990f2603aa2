"""Numerals and the markers before list items: which style, which number, how long."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Style = Literal[
    "arabic",
    "bracket",
    "half",
    "dotted",
    "han",
    "formal",
    "han-bracket",
    "circled",
    "roman",
    "letter",
    "bullet",
    "word",
]

_HAN = "〇零一二两三四五六七八九十百"
_FORMAL = "壹贰貳叁參肆伍陆陸柒捌玖拾"  # a style of its own: sections in it may hold lists in the other
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_DIGITS |= {c: i for i, same in enumerate(("壹", "贰貳", "叁參", "肆", "伍", "陆陸"), 1) for c in same}
_HAN_DIGITS |= {"柒": 7, "捌": 8, "玖": 9}
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_MARKER = re.compile(
    rf"""
    (?P<dotted>\d{{1,3}}(?:\.\d{{1,3}})+)(?:[.、．)）]|(?=\s))(?!\d)
  | (?P<arabic>\d{{1,5}})[.、．](?!\d)
  | [\#★☆◎▲※](?P<hash>\d{{1,5}})(?:[.、．:：)）]|(?=\s))
  | (?P<spaced>\d{{1,4}})\s{{1,3}}[-–—](?=\s)
  | [（(\[【]\s*(?P<bracket>\d{{1,4}})\s*[)）\]】][.、．]?
  | (?P<half>\d{{1,4}})[)）]
  | [（(]\s*(?P<hanbracket>[{_HAN}]{{1,4}})\s*[)）][.、．]?
  | (?P<han>[{_HAN}]{{1,4}})[、.．]
  | (?P<formal>[{_FORMAL}]{{1,4}})[、.．]
  | (?P<circled>[①-⑳❶-❿⑴-⒇⒈-⒛])[.、．]?
  | (?P<roman>[IVXL]{{1,6}})[.、．)）](?=\s|[^\x00-\x7f])
  | [（(]?(?P<letter>[A-Ha-h])[.、．)）](?=\s|[^\x00-\x7f])
  | (?P<bullet>(?:(?:[-*+•]\s{{1,3}})?(?:\[[ xX✓✔√]?\](?![\[(:])|[☐☑☒◻◯✅🔲])
      |[-–—*+>](?![-–—*+>\d.])|[•·▪●○◆◇■□▶►➤➢✓√※‣◦∙\uf0b7\uf06c\uf0d8])\s*)
    """,
    re.VERBOSE,
)
_BOX = re.compile(r"(?:[-*+•]\s*)?(?:\[[ xX✓✔√]?\]|[☐☑☒◻◯✅🔲])")  # an item of a list to tick
_STYLE = {"hash": "arabic", "spaced": "arabic", "hanbracket": "han-bracket"}


@dataclass(frozen=True, slots=True)
class Marker:
    """`number` is 0 for a bullet; `form` tells bullets apart; `end` is how many code points it takes."""

    style: Style
    number: int
    form: str
    end: int


def read_marker(text: str, start: int = 0) -> Marker | None:
    """The marker that stands at `start`, with the white space behind it."""
    match = _MARKER.match(text, start)
    if match is None or match.lastgroup is None:
        return None
    group, raw = match.lastgroup, match[match.lastgroup]
    number = 0 if group == "bullet" else _number_of(group, raw)
    if number is None:
        return None
    end = match.end()
    while end < len(text) and text[end].isspace():
        end += 1
    style: Style = _STYLE.get(group, group)  # type: ignore[assignment]
    form = _BOX.sub("☐", raw.strip()) if group == "bullet" else ""
    return Marker(style, number, form, end)


def box_end(text: str, start: int, end: int) -> int:
    """Where the text behind a box to tick begins; `start` where there is none."""
    match = _BOX.match(text, start, end)
    if match is None:
        return start
    at = match.end()
    while at < end and text[at].isspace():
        at += 1
    return at


def _number_of(group: str, raw: str) -> int | None:
    if group in ("han", "formal", "hanbracket"):
        return han_number(raw)
    if group == "circled":
        return int(unicodedata.numeric(raw))
    if group == "roman":
        return _roman_number(raw)
    if group == "letter":
        return ord(raw.lower()) - ord("a") + 1
    return int(raw.rpartition(".")[2])


def read_number(raw: str, words: Mapping[str, int]) -> float | None:
    """A numeral in digits, Han characters, Roman letters or in one of the `words`; None if it is none."""
    raw = raw.strip()
    try:
        return float(raw)
    except ValueError:
        pass
    if raw and all(c in _HAN or c in _FORMAL for c in raw):
        return han_number(raw)
    if raw.lower() in words:
        return words[raw.lower()]
    return _roman_number(raw.upper())


def number_in(words: str) -> int:
    """The number in a marker made of words, such as 第三题, Question 3 or Part B; 0 where there is none."""
    for pattern in (r"\d+", f"[{_HAN}]+", r"\b[IVX]+$", r"\b[A-H]$"):
        match = re.search(pattern, words, re.I)
        if match:
            letter = ord(words[-1].upper()) - ord("A") + 1
            return int(read_number(match[0], {}) or letter)
    return 0


def han_number(raw: str) -> int | None:
    """A Han numeral below 1000, such as 二十三; None where the characters make no number."""
    total, digit = 0, None
    for character in raw:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character] if digit is None else digit * 10 + _HAN_DIGITS[character]
        else:
            total += (1 if digit is None else digit) * (100 if character == "百" else 10)
            digit = None
    return total + (digit or 0) or None


def _roman_number(raw: str) -> int | None:
    values = [_ROMAN_DIGITS.get(c, 0) for c in raw]
    if not values or 0 in values:
        return None
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def numeral_pattern(words: Mapping[str, int]) -> str:
    """The regular expression, without groups, of what `read_number` reads in running text."""
    spelled = "|".join(sorted(words, key=len, reverse=True))
    return rf"(?:\d+(?:\.\d+)?|[{_HAN}]+" + (rf"|\b(?:{spelled})\b" if spelled else "") + ")"
