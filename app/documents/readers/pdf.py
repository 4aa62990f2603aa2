"""PDF becomes lines: PDFium's text in reading order, with broken paragraphs joined again."""

import ctypes
import statistics
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.document import DocumentLine
from app.documents.readers.limits import Limits, refused
from app.documents.readers.pdf_paragraphs import PrintedLine, paragraphs

_PICTURE_ONLY = "\ufffd"
"""Stands for a page that is a picture: its text can't be read, and whoever reviews the import should know."""

_FEW_CHARACTERS = 5
_REPLACEMENT = 0xFFFD
_LINE_ENDS = (0x0A, 0x0D)
# PDFium puts one of these for a hyphen at the end of a line, and no line end behind it.
_BREAKING_HYPHENS = (0x02, 0xFFFE)
_BOX = tuple[float, float, float, float]


def pdf_lines(content: bytes, limits: Limits) -> Iterator[DocumentLine]:
    """The lines of a PDF with their pages, not yet numbered.

    Raises `BadInputError` for a damaged, encrypted or scanned PDF and for one with too many pages.
    """
    document = _opened(content)
    count = len(document)
    if count > limits.pages:
        raise refused(
            f"The PDF has {count:,} pages, more than {limits.pages:,}", "split it into several documents"
        )
    printed: list[list[PrintedLine]] = []
    pictures = set()
    for number in range(count):
        page, lines, is_picture = _page(document, number)
        page.close()
        printed.append(lines)
        if is_picture:
            pictures.add(number + 1)
    if len(pictures) * 2 > count:
        raise refused(
            f"The PDF is scanned: {len(pictures):,} of {count:,} pages are pictures without text",
            "recognise its text with an OCR program first, or import the document that was scanned",
        )
    yield from paragraphs(printed, dict.fromkeys(pictures, _PICTURE_ONLY))


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise refused(
                "The PDF is encrypted: it opens with a password only", "save it without a password"
            ) from None
        raise refused(
            "The PDF is damaged or cut off: it can't be opened", "make the PDF again, or send it again"
        ) from None


def _page(document: pdfium.PdfDocument, number: int) -> tuple[pdfium.PdfPage, list[PrintedLine], bool]:
    try:
        page = document[number]
    except pdfium.PdfiumError:
        raise refused(f"Page {number + 1} of the PDF is damaged", "make the PDF again") from None
    text_page = page.get_textpage()
    lines = list(_printed_lines(text_page, page.get_rotation(), number + 1))
    text_page.close()
    characters = sum(len(line.text) for line in lines)
    return page, lines, characters < _FEW_CHARACTERS and _has_picture(page)


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _printed_lines(text_page: pdfium.PdfTextPage, rotation: int, number: int) -> Iterator[PrintedLine]:
    count = text_page.count_chars()
    codes = [raw.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    start = 0
    for index in range(count + 1):
        broken = index < count and codes[index] in _BREAKING_HYPHENS
        if broken or index == count or codes[index] in _LINE_ENDS:
            first, last = start, index + broken
            while first < last and chr(codes[first]).isspace():
                first += 1
            while first < last and chr(codes[last - 1]).isspace():
                last -= 1
            if first < last:
                yield _printed(text_page, codes, first, last, rotation, number)
            start = index + 1


def _printed(
    text_page: pdfium.PdfTextPage, codes: list[int], first: int, last: int, rotation: int, number: int
) -> PrintedLine:
    broken = codes[last - 1] in _BREAKING_HYPHENS
    text = _without_surrogates("".join(chr(code or _REPLACEMENT) for code in codes[first : last - broken]))
    beginning, end = _box(text_page, first, rotation), _box(text_page, last - 1, rotation)
    # A middle box tells the height even where the first is a bullet from another font.
    middle = _box(text_page, (first + last) // 2, rotation)
    return PrintedLine(
        text=text + "-" * broken,
        page=number,
        left=beginning[0],
        right=max(end[2], beginning[2]),
        baseline=middle[1],
        height=statistics.median((beginning[3] - beginning[1], middle[3] - middle[1], end[3] - end[1])),
        size=raw.FPDFText_GetFontSize(text_page, (first + last) // 2),
        broken_word=broken,
    )


def _box(text_page: pdfium.PdfTextPage, index: int, rotation: int) -> _BOX:
    """Left, bottom, right and top of a character as the page is seen."""
    rectangle = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(rectangle))
    left, bottom, right, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
    turned: dict[int, _BOX] = {
        90: (bottom, -right, top, -left),
        180: (-right, -top, -left, -bottom),
        270: (-top, left, -bottom, right),
    }
    return turned.get(rotation, (left, bottom, right, top))


def _without_surrogates(text: str) -> str:
    """PDFium hands characters beyond the basic plane over as two."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
