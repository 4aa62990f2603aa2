"""Full-width punctuation that an export made narrow."""

import re

from app.documents.repair.chinese import is_hanzi

WIDE = dict(zip(",:;?!()", "，：；？！（）", strict=True))
_BESIDE = frozenset("“”‘’《》、。…「」『』—·□") | frozenset(WIDE.values())
_BRACKETS = re.compile(r"\(([^()]*)\)")


def widened(line: str) -> str:
    """The line with punctuation beside hanzi, or beside other such punctuation, in full width again.

    Code points keep their places. Brackets are widened in pairs.
    """
    if not any(mark in line for mark in WIDE):
        return line
    marks = list(line)
    for found in _BRACKETS.finditer(line):
        opening, closing = found.start(), found.end() - 1
        if any(_is_chinese(line, at) for at in (opening - 1, opening + 1, closing - 1, closing + 1)):
            marks[opening], marks[closing] = WIDE["("], WIDE[")"]
    for at, mark in enumerate(line):
        if mark in WIDE and marks[at] == mark and (_is_chinese(marks, at - 1) or _is_chinese(line, at + 1)):
            marks[at] = WIDE[mark]
    return "".join(marks)


def _is_chinese(text: str | list[str], at: int) -> bool:
    return 0 <= at < len(text) and (is_hanzi(text[at]) or text[at] in _BESIDE)
