"""A report as Markdown, for keeping and sending."""

import re

from app.db.tables import Interview
from app.web.scores.report_blocks import Block, Box, Figure, Heading, Point, Said, Table, Text, report_blocks
from app.web.scores.report_view import ReportView
from app.web.wording import Wording

_SIGNS = {"hit": "●", "partial": "◐", "miss": "○", "unjudged": "?"}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_AT_LINE_START = re.compile(r"(?m)^(\s*)([-+=]|\d+[.)])(?=\s|$|[-+=])")


def report_markdown(view: ReportView, interview: Interview, t: Wording) -> str:
    """The whole report. What people typed can't become markup."""
    return "\n\n".join(filter(None, map(_set, report_blocks(view, interview, t)))) + "\n"


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    escaped = _MARKUP.sub(r"\\\1", text)
    return _AT_LINE_START.sub(
        lambda found: (
            f"{found[1]}\\{found[2]}"
            if not found[2][0].isdigit()
            else f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"
        ),
        escaped,
    )


def _set(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {plain(_line(block.text))}"
        case Text():
            return f"**{plain(block.text)}**" if block.tone == "strong" else plain(block.text)
        case Point():
            return _point(block)
        case Figure():
            return ""
        case Table():
            rows = "\n".join(f"| {plain(name)} | {figure} |" for name, _, figure in block.rows)
            return f"| {plain(block.head[0])} | {plain(block.head[1])} |\n| --- | ---: |\n{rows}"
        case Box():
            return _quoted(f"**{plain(block.title)}**\n\n" + "\n\n".join(map(plain, block.texts)))
        case Said():
            return f"**{plain(block.speaker)}**\n\n{_quoted(plain(block.text))}"


def _point(point: Point) -> str:
    notes = "".join(f" · {plain(_line(note))}" for note in point.notes)
    lines = [f"- {_SIGNS[point.outcome]} {plain(_line(point.text))} — **{plain(point.verdict)}**{notes}"]
    lines += [f"  > {plain(_line(quote))}" for quote in point.quotes]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _line(text: str) -> str:
    return " ".join(text.split())
