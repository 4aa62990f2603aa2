"""Any document becomes lines: `read_document` is the one way in."""

import re
import stat
from pathlib import Path

from app.documents.document import Document, DocumentLine, Format
from app.documents.readers.conversion import BrokenTreeError, convert
from app.documents.readers.encodings import decode
from app.documents.readers.formats import container_of, looks_like, text_format
from app.documents.readers.limits import CONTROL, LIMITS, SAVE_AS, Limits, gather, refused, too_large
from app.documents.readers.plain_text import clean_text, table_lines, text_lines

_EMPTY = b" \t\r\n\v\f\0\xef\xbb\xbf\xff\xfe"
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)", re.IGNORECASE
)
_CHARSET_WITHIN = 4_096
_LONGEST_NAME = 255


def read_file(path: Path, limits: Limits = LIMITS) -> bytes:
    """The content of a file, whose size is checked before it is read. Raises `BadInputError`."""
    try:
        with path.open("rb") as file:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise refused(f"{path.name} is no file", "name the document itself")
            if status.st_size > limits.file:
                raise too_large(limits)
            return file.read(limits.file + 1)
    except OSError as error:
        raise refused(
            f"{path.name} can't be read ({error.strerror})", "check that the file exists and may be read"
        ) from None


def read_document(name: str, content: bytes, limits: Limits = LIMITS) -> Document:
    """The lines of a document in any format that `Format` lists, whatever its name says.

    Blocks: converters run in a child process; call it in a thread. Raises `BadInputError` naming what to
    change when the document is empty, too large, encrypted, scanned, damaged or in another format.
    """
    if len(content) > limits.file:
        raise too_large(limits)
    if not content.strip(_EMPTY):
        raise refused("The file is empty", "choose a document that has text in it")
    name = file_name(name)
    container = container_of(content)
    if container is not None:
        return Document(name, container, convert(container, content, limits))
    stated = _CHARSET.search(content[:_CHARSET_WITHIN])
    decoded = decode(content, stated[1].decode("ascii") if stated else None)
    text = clean_text(decoded.text)
    if len(CONTROL.findall(text)) > 3 + 0.02 * len(text) or text.count("\ufffd") > 1 + 0.3 * len(text):
        raise refused(
            "The file is no text, nor a document of a known format",
            SAVE_AS,
        )
    kind, lines = _read_text(name, text, limits)
    return Document(name, kind, lines, decoded.encoding)


def file_name(name: str) -> str:
    """The last part of a path, Windows' too, without control characters; "document" where nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable()).strip(" .")[-_LONGEST_NAME:] or "document"


def _read_text(name: str, text: str, limits: Limits) -> tuple[Format, tuple[DocumentLine, ...]]:
    kind = text_format(name, text)
    if kind in ("html", "markdown", "json", "yaml"):
        try:
            return kind, convert(kind, text.encode("utf-8", "replace"), limits)
        except BrokenTreeError as error:
            if looks_like(name, kind):
                raise refused(
                    f"The file is no {kind.upper()}: {error}",
                    "repair it there, or name it .txt if it is text",
                ) from None
            kind = "text"
    if kind == "csv":
        return kind, gather(table_lines(text, limits), limits)
    return "text", gather(text_lines(text), limits)
