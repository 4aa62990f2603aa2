"""The marks that end sentences and clauses: the insides of character classes, of which patterns are made.

Callers differ in whether semicolons, ellipses and line ends close a sentence, and in which dots do: those
of "2.5 s" and "app.main" need not.
"""

import re
from enum import StrEnum

STOPS = "。！？!?"
SEMICOLONS = "；;"
COMMAS = "，,"
LIST_COMMA = "、"
COLONS = "：:"
ELLIPSIS = "…"
# What may follow a stop and still belongs to its sentence.
CLOSING = r"”’\"'」』）)】\]"


class Dot(StrEnum):
    """Which dots end a sentence; `WITH_SPACE` takes the white space too."""

    WITH_SPACE = r"\.\s"
    BEFORE_SPACE = r"\.(?=\s)"
    NOT_IN_NUMBER = r"\.(?!\d)"
    NOT_IN_WORD = r"\.(?!\w)"


def ends(marks: str, dot: Dot | None = None, *, together: bool = False) -> re.Pattern[str]:
    """A pattern of one of the `marks`, or with `together` of all that follow each other, or of a dot."""
    either = [f"[{re.escape(marks)}]{'+' if together else ''}", *([dot] if dot else [])]
    return re.compile("|".join(either))
