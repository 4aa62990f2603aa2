"""Documents made while testing: Office files, PDFs written by hand, old Office files' containers."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as WordDocument

_CJK_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def cjk_font() -> Path | None:
    """A font with Chinese characters, where the machine has one."""
    return next((Path(font) for font in _CJK_FONTS if Path(font).exists()), None)


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Fails when more than `size` bytes were taken for Python's objects at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


def word_file(write: Callable[[WordDocument], object]) -> bytes:
    """A DOCX with what `write` puts into it."""
    document = docx.Document()
    write(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An XLSX with these rows on these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP archive with these parts, deflated."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_part(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part changed, or added."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    return zipped(parts | {name: change(parts.get(name, b""))})


def pdf(pages: Sequence[bytes], copies: int = 1) -> bytes:
    """A PDF of Helvetica pages from their content streams, each of them listed `copies` times."""
    kids: list[int] = []
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    for stream in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        contents = len(objects)
        for _ in range(copies):
            objects.append(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                b"/Resources<</Font<</F 3 0 R>>>>>>" % contents
            )
            kids.append(len(objects))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), listed)
    body, offsets = [b"%PDF-1.4\n"], []
    at = len(body[0])
    for number, content in enumerate(objects, 1):
        offsets.append(at)
        body.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        at += len(body[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    body.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, at))
    return b"".join(body)


def printed(*lines: str, left: int = 72, top: int = 770, pitch: int = 15) -> bytes:
    """A page's content stream: lines of Helvetica 11 below one another. Lengths in points."""
    escaped = (line.replace("(", "\\(").replace(")", "\\)") for line in lines)
    shown = " ".join(f"({line}) Tj 0 -{pitch} Td" for line in escaped)
    return f"BT /F 11 Tf {left} {top} Td {shown} ET".encode()


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file binary (MS-CFB), as Office files before 2007 are, with these streams."""
    padded = {
        name: content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
        for name, content in streams.items()
    }
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if padded else _FREE)]
    fat = [_FAT, _END]
    for number, (name, content) in enumerate(padded.items(), 1):
        start = len(fat)
        sectors = len(content) // 512
        fat += [*range(start + 1, start + sectors), _END]
        right = number + 1 if number < len(padded) else _FREE
        entries.append(_entry(name, 2, start, len(content), right=right))
    directory = b"".join(entries)
    assert len(directory) <= 512
    assert len(fat) <= 128
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    return b"".join(
        (
            header + struct.pack("<109I", 0, *[_FREE] * 108),
            struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))),
            directory.ljust(512, b"\0"),
            *padded.values(),
        )
    )


def _entry(name: str, kind: int, start: int, size: int, right: int = _FREE, child: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", encoded, len(encoded), kind, 1, _FREE, right, child, 0, start, size
    )


def old_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """An XLS (MS-XLS, BIFF8) of one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    beginning, end = record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0x600)), record(0x0A, b"")
    sheet_beginning = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600))
    place = len(beginning) + len(record(0x85, bytes(8 + 2))) + len(end)
    listed = record(0x85, struct.pack("<IBBBB", place, 0, 0, 2, 0) + b"S1")
    cells = b"".join(
        record(0x204, struct.pack("<HHHHB", r, c, 0, len(text), 1) + text.encode("utf-16-le"))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return compound_file({"Workbook": beginning + listed + end + sheet_beginning + cells + end})
