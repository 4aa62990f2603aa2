"""Which format a file is in, decided by its content; the name only breaks ties between texts."""

import re
from typing import Literal

from app.documents.readers.archive import beginning, part_names
from app.documents.readers.limits import SAVE_AS, refused
from app.errors import BadInputError

Container = Literal["pdf", "docx", "xlsx"]
TextFormat = Literal["text", "markdown", "html", "csv", "yaml", "json"]

_SAVE_WITHOUT_PASSWORD = "open it, remove the password, and save it again"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF87a": "a GIF picture",
    b"GIF89a": "a GIF picture",
    b"II*\0": "a TIFF picture",
    b"MM\0*": "a TIFF picture",
    b"8BPS": "a Photoshop picture",
}
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x1f\x8b\x08": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\0": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"{\\rtf": "a rich text (RTF) document",
    b"%!PS": "a PostScript file",
    b"SQLite format 3\0": "an SQLite database",
    b"\x7fELF": "a program",
    b"MZ\x90\0": "a program",
    b"ID3": "a sound recording",
    b"OggS": "a sound recording",
    b"fLaC": "a sound recording",
    b"\x1aE\xdf\xa3": "a video",
}
_RIFF = {b"WEBP": "a WebP picture", b"WAVE": "a sound recording", b"AVI ": "a video"}
_OPEN_DOCUMENTS = {b"spreadsheet": None, b"text": "an OpenDocument text", b"presentation": "a presentation"}
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|div|p|h[1-6]|table|ul|ol|section|article|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|meta|table)\b", re.IGNORECASE)
_ANY_HTML = re.compile(r"<(?:html|body|p|div|li|td|br|h[1-6])\b[^<>]*>", re.IGNORECASE)
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]\d])")
_YAML = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:%YAML|---\s|-\s|[\"']?[^\s:\"'，。？]+[\"']?\s*:(?:\s|$))")
_BEGINNING = 4_096
_ENDINGS: dict[str, TextFormat] = {
    "md": "markdown",
    "markdown": "markdown",
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "xls": "html",
    "csv": "csv",
    "tsv": "csv",
    "tab": "csv",
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
}


def container_of(content: bytes) -> Container | None:
    """The format of a binary document, None if it may be text. Raises `BadInputError` for other binaries."""
    head = content[:_BEGINNING]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(content)
    if head.startswith(_OLE2):
        return _ole2(content)
    for kinds in (_PICTURES, _OTHERS):
        for magic, kind in kinds.items():
            if head.startswith(magic):
                raise _unsuitable(kind, picture=kinds is _PICTURES)
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        raise _unsuitable(_RIFF[head[8:12]], picture=head[8:12] == b"WEBP")
    if head[4:8] == b"ftyp":
        picture = head[8:12] in (b"heic", b"heix", b"mif1", b"avif")
        raise _unsuitable(
            "a HEIC or AVIF picture" if picture else "a video or sound recording", picture=picture
        )
    if b"MIME-Version:" in head and b"multipart/" in head:
        raise _unsuitable("an e-mail or a web page saved as one file (.mht)")
    if head.startswith(b"BM") and len(content) == int.from_bytes(head[2:6], "little"):
        raise _unsuitable("a BMP picture", picture=True)
    return None


def text_format(name: str, text: str) -> TextFormat:
    """The format of a text. Markdown, tables and YAML look like plain text, so there the name counts."""
    hint = _ENDINGS.get(name.rpartition(".")[2].lower())
    beginning = text[:_BEGINNING]
    if hint in ("markdown", "csv"):
        return "html" if _WHOLE_PAGE.match(beginning) else hint
    if _HTML.match(beginning) or (hint == "html" and _ANY_HTML.search(text)):
        return "html"
    if _JSON.match(beginning) or (hint == "json" and beginning.lstrip()[:1] in ("{", "[")):
        return "json"
    if hint == "yaml" and _YAML.match(beginning):
        return "yaml"
    if len(_MARKDOWN_HEADING.findall(text[: 64 * _BEGINNING])) > 1:
        return "markdown"
    return "text"


def looks_like(name: str, wanted: TextFormat) -> bool:
    """Whether the name says that the file is in this format."""
    return _ENDINGS.get(name.rpartition(".")[2].lower()) == wanted


def _zipped(content: bytes) -> Container:
    names = part_names(content)
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("ppt/") for name in names):
        raise _unsuitable("a presentation")
    if any(name.endswith(".iwa") for name in names):
        raise _unsuitable("a Pages, Numbers or Keynote document")
    if "mimetype" in names:
        stated = beginning(content, "mimetype", 200)
        for kind, words in _OPEN_DOCUMENTS.items():
            if b"opendocument." + kind in stated:
                if words is None:
                    return "xlsx"
                raise _unsuitable(words)
        raise _unsuitable("an e-book or a document of an unknown kind")
    raise refused("The file is a ZIP archive", "unpack it, and import the documents in it one by one")


def _ole2(content: bytes) -> Container:
    """Old Office files, and new ones behind a password. Streams are named in UTF-16 (MS-CFB, 2.6.1)."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in content

    if has("EncryptedPackage"):
        raise refused("The Office file is protected by a password", _SAVE_WITHOUT_PASSWORD)
    if has("Workbook") or has("Book"):
        return "xlsx"
    if has("WordDocument"):
        raise refused(
            "The file is a Word document in the old binary format (.doc)", "save it as .docx, and import that"
        )
    if has("PowerPoint Document"):
        raise _unsuitable("a presentation")
    raise _unsuitable("an Office file of an unknown or old kind")


def _unsuitable(kind: str, picture: bool = False) -> BadInputError:
    hint = "recognise its text with an OCR program first, or type it" if picture else SAVE_AS
    return refused(f"The file is {kind}, not a document that can be read", hint)
