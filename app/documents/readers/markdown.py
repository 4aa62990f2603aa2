"""Markdown becomes HTML, and is read as that."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.documents.document import DocumentLine
from app.documents.readers.html import html_lines
from app.documents.typesetting import begins_anew, columns, first_word, gap

# A text is wrapped when this many line ends are where no further word fitted, and hardly any are not.
_WIDEST_WRAP = 120
_FEWEST_BREAKS = 3
_TIMES_INSIDE = 4
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
# A bullet is often indented by two or three columns where CommonMark wants the width of "1. ".
_SHALLOW_BULLET = re.compile(r"^ {2}(?=[-*+] )", re.MULTILINE)


def markdown_lines(markdown: str) -> Iterator[DocumentLine]:
    """The lines of a CommonMark text with tables, not yet numbered.

    A line end within a paragraph stays one, unless the whole text is wrapped at some width. Indented text is
    no code: word processors indent paragraphs.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    if front := _FRONT_MATTER.match(markdown):
        yield from (DocumentLine(text.strip(), 0) for text in front[1].split("\n") if text.strip())
        markdown = markdown[front.end() :]
    reader = (
        MarkdownIt("commonmark", {"html": True, "breaks": True, "maxNesting": 100})
        .enable("table")
        .disable("code")
    )
    environment: dict[str, object] = {}
    tokens = reader.parse(_SHALLOW_BULLET.sub("   ", markdown), environment)
    _join_wrapped([token.children for token in tokens if token.children])
    yield from html_lines(reader.renderer.render(tokens, reader.options, environment))


def _join_wrapped(paragraphs: list[list[Token]]) -> None:
    """Joins lines where the next one's first word did not fit any more, if that is how the text is broken."""
    texts = [_lines(paragraph) for paragraph in paragraphs]
    wrap = max((columns(text) for lines in texts for text in lines), default=0)
    breaks, inside = [], 0
    for paragraph, lines in zip(paragraphs, texts, strict=True):
        tokens = (token for token in paragraph if token.type == "softbreak")
        for token, line, following in zip(tokens, lines, lines[1:], strict=False):
            if begins_anew(following):
                continue
            between = gap(line, following)
            if columns(line + between + first_word(following)) > wrap:
                breaks.append((token, between))
            else:
                inside += 1
    if wrap <= _WIDEST_WRAP and len(breaks) >= _FEWEST_BREAKS and len(breaks) > _TIMES_INSIDE * inside:
        for token, between in breaks:
            token.type, token.content = "text", between


def _lines(paragraph: list[Token]) -> list[str]:
    lines = [""]
    for token in paragraph:
        if token.type == "softbreak":
            lines.append("")
        else:
            lines[-1] += token.content
    return lines
