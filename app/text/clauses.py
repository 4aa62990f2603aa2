"""The marks that end sentences and clauses, and the patterns made of them.

Callers differ in whether semicolons, ellipses and line ends close a sentence, and in which dots do: those
of "2.5 s" and "app.main" need not.
"""

import re
from enum import StrEnum

STOPS = "。！？!?"
SEMICOLONS = "；;"
COMMAS = "，,"
COLONS = "：:"
ELLIPSIS = "…"


class Dot(StrEnum):
    """Which dots end a sentence; `WITH_SPACE` takes the white space too."""

    WITH_SPACE = r"\.\s"
    BEFORE_SPACE = r"\.(?=\s)"
    NOT_IN_NUMBER = r"\.(?!\d)"


def ends(marks: str, dot: Dot | None = None, *, together: bool = False) -> re.Pattern[str]:
    """A pattern of one of the `marks`, or with `together` of all that follow each other, or of a dot."""
    either = [f"[{re.escape(marks)}]{'+' if together else ''}", *([dot] if dot else [])]
    return re.compile("|".join(either))
