"""The markers before list items: which style, which number, how long; and runs of them inside a line."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.documents.numerals import FORMAL, HAN, han_number, roman_number

BULLET = "•"
"""What is put before items of lists whose markers the format does not name."""

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

_MARKER = re.compile(
    rf"""
    (?P<dotted>\d{{1,3}}(?:\.\d{{1,3}})+)(?:[.、．)）]|(?=\s))(?!\d)
  | (?P<arabic>\d{{1,5}})[.、．](?!\d)
  | [\#★☆◎▲※](?P<hash>\d{{1,5}})(?:[.、．:：)）]|(?=\s))
  | (?P<spaced>\d{{1,4}})\s{{1,3}}[-–—](?=\s)
  | [（(\[【]\s*(?P<bracket>\d{{1,4}})\s*[)）\]】][.、．]?
  | (?P<half>\d{{1,4}})[)）]
  | [（(]\s*(?P<hanbracket>[{HAN}]{{1,4}})\s*[)）][.、．]?
  | (?P<han>[{HAN}]{{1,4}})[、.．]
  | (?P<formal>[{FORMAL}]{{1,4}})[、.．]
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
_ENUMERATOR = re.compile(r"[①-⑳❶-❿⑴-⒇⒈-⒛]|[（(]\d{1,2}[）)]|(?<![\d.,，])\d{1,2}(?:[)）、．]|\.(?!\d))")
_FEWEST_ITEMS = 3  # items of a run
_SHORTEST_ITEM = 4  # code points of an item; shorter ones are a formula's or a table's


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
        return roman_number(raw)
    if group == "letter":
        return ord(raw.lower()) - ord("a") + 1
    return int(raw.rpartition(".")[2])


def run_starts(text: str) -> Iterator[int]:
    """Offsets where the items of a run begin, whatever stands before them. Time linear in the text."""
    open_runs: dict[str, list[int]] = {}
    ends: dict[str, int] = {}
    for match in _ENUMERATOR.finditer(text):
        marker = read_marker(text, match.start())
        if marker is None or not marker.number:
            continue
        run = open_runs.get(marker.style, [])
        near = bool(run) and match.start() - ends[marker.style] < _SHORTEST_ITEM
        if marker.number == len(run) + 1 and not near:
            open_runs.setdefault(marker.style, []).append(match.start())
        elif marker.number == 1:
            yield from _long_enough(run)
            open_runs[marker.style] = [match.start()]
        else:
            continue
        ends[marker.style] = match.end()
    for run in open_runs.values():
        yield from _long_enough(run)


def _long_enough(run: list[int]) -> list[int]:
    return run if len(run) >= _FEWEST_ITEMS else []
