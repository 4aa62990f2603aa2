"""Zipped Office files made safe to open: measured before they are unpacked, packed anew with text parts only.

The converters then never see a false size, an unknown compression, a macro, a picture or a nested archive.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from app.documents.readers.limits import Limits, refused

_MOST_PARTS = 20_000
_ALWAYS_ALLOWED = 10_000_000
_ENCRYPTED = 0x1
_DAMAGED = "The file is damaged or cut off: it can't be unpacked"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_SAVE_AGAIN = "open it in the program it was made with, save it again, and import that"


class _RootReached(Exception):
    """The prolog of an XML part has been read."""


def part_names(content: bytes) -> list[str]:
    """The names of the parts. Raises `BadInputError` for a damaged archive."""
    with _opened(content) as archive:
        return archive.namelist()


def beginning(content: bytes, name: str, length: int) -> bytes:
    """The first bytes of a part, b"" where there is none. Raises `BadInputError` for a damaged archive."""
    with _opened(content) as archive:
        if name not in archive.namelist():
            return b""
        try:
            with archive.open(name) as part:
                return part.read(length)
        except (*_UNREADABLE, RuntimeError):  # RuntimeError: it is encrypted
            raise refused(_DAMAGED, _SAVE_AGAIN) from None


def text_parts(content: bytes, wanted: Callable[[str], bool], limits: Limits) -> dict[str, bytes]:
    """The wanted parts, unpacked. XML in them declares no entities.

    Raises `BadInputError` for an archive that is damaged, encrypted, or would unpack to more than allowed.
    """
    with _opened(content) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise refused("The file is protected by a password", "remove the password and save it again")
        most = min(limits.unpacked, max(_ALWAYS_ALLOWED, limits.ratio * len(content)))
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > most:
            raise refused(
                f"The file unpacks to more than {most / 1_000_000:,.0f} MB or {_MOST_PARTS:,} parts",
                "split it into several documents; if it is small, it may be a zip bomb: don't open it",
            )
        unpacked = {}
        for part in parts:
            if wanted(part.filename):
                unpacked[part.filename] = _unpack(archive, part)
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_entities(unpacked[part.filename])
        return unpacked


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    """An archive of the parts, uncompressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    target.seek(0)
    return target


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise refused(_DAMAGED, _SAVE_AGAIN) from None


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    # These two inflate no further than is read: a part ends at its stated size, and a checksum fails a lie.
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(f"The part {part.filename} is compressed in a way Office files never are", _SAVE_AGAIN)
    try:
        with archive.open(part) as opened:
            return opened.read(part.file_size + 1)
    except _UNREADABLE:
        raise refused(_DAMAGED, _SAVE_AGAIN) from None


def _refuse_entities(xml: bytes) -> None:
    """Office files have no document type; one is only there to define entities that expand without end."""

    def document_type(*_: object) -> None:
        raise refused("The file's XML declares entities, which Office files never do", _SAVE_AGAIN)

    def root(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = root
    try:
        parser.Parse(xml, True)
    except _RootReached:
        return
    except expat.ExpatError:
        raise refused(_DAMAGED, _SAVE_AGAIN) from None
