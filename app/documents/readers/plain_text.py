"""Plain text and delimited tables become lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from app.documents.document import DocumentLine, row
from app.documents.readers.limits import Limits, refused

_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_DELIMITERS = ",;\t|"
_SAMPLE = 65_536


def clean_text(text: str) -> str:
    """Text without byte order marks and the end-of-file sign of DOS."""
    return text.replace("\ufeff", "").rstrip("\x1a\0")


def text_lines(text: str) -> Iterator[DocumentLine]:
    """Every line as it is, empty ones too, not yet numbered."""
    texts = _LINE_END.split(text)
    if texts and not texts[-1]:
        texts.pop()
    return (DocumentLine(line, 0) for line in texts)


def delimiter_of(text: str) -> str:
    """The character that cuts most lines of the beginning into equally many fields, at least two; or ""."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, delimiter = 0.0, ""
    for candidate in _DELIMITERS:
        try:
            widths = Counter(len(cells) for cells in _rows(sample, candidate) if any(cells))
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        agreement = times / max(widths.total(), 1)
        if width > 1 and agreement * (1 - 1 / width) > best:
            best, delimiter = agreement * (1 - 1 / width), candidate
    return delimiter


def table_lines(text: str, limits: Limits) -> Iterator[DocumentLine]:
    """The rows of a delimited text with their cells, not yet numbered.

    Raises `BadInputError` for a field that is too long, as behind a quotation mark that is never closed.
    """
    if text[:4].lower() == "sep=":
        stated, _, text = text.partition("\n")
        delimiter = stated[4:5]
    else:
        delimiter = delimiter_of(text) or ","
    rows = _rows(text, delimiter)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise refused(
                f"The table can't be read: {error}",
                "look for a quotation mark that is never closed, or a text that is no table",
            ) from None
        if cells is None:
            return
        line = row([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells])
        if line.cells:
            yield line


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
