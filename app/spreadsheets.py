"""Cells that a spreadsheet program shows as text and never runs."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """The text, with a leading apostrophe if a spreadsheet would read it as a formula (CWE-1236).

    Only for text that people typed: a negative number of our own stays a number.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given: its apostrophe is taken off again."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text
