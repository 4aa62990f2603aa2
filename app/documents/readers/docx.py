"""DOCX becomes HTML (mammoth), with the markers of numbered paragraphs put into the text first."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

import mammoth

from app.documents.document import DocumentLine
from app.documents.readers.archive import packed, text_parts
from app.documents.readers.docx_numbering import Numbering
from app.documents.readers.html import LABEL_CLASS, html_lines
from app.documents.readers.limits import Limits, refused

_DOCUMENT = re.compile(r"word/document\d*\.xml")
_WORD = "wordprocessingml"
_STYLE = "InterviewerListLabel"
# Word's own styles for nested lists are lists of one level each; mammoth puts them all on the first.
_NESTED_LISTS = "\n".join(
    f"p[style-name='List {kind} {level}'] => {'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
    for kind, tag in (("Bullet", "ul"), ("Number", "ol"))
    for level in range(2, 6)
)
_STYLE_MAP = f"""
{_NESTED_LISTS}
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name^='toc '] => !
p[style-name^='TOC '] => !
r.{_STYLE} => span.{LABEL_CLASS}
"""


def docx_lines(content: bytes, limits: Limits) -> Iterator[DocumentLine]:
    """The lines of a Word document, not yet numbered. Macros, pictures and embedded files are left packed.

    Raises `BadInputError` for a document that is damaged or unpacks to too much.
    """
    parts = text_parts(content, _wanted, limits)
    for name in filter(_DOCUMENT.fullmatch, parts):
        parts[name] = _with_markers(parts[name], parts)
    converted = mammoth.convert_to_html(
        packed(parts), style_map=_STYLE_MAP, convert_image=mammoth.images.img_element(lambda _: {})
    )
    return html_lines(converted.value)


def _wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and name.startswith(("word/", "_rels/", "[Content_Types]"))


def _with_markers(xml: bytes, parts: dict[str, bytes]) -> bytes:
    """The document's XML with each printed marker as a run at the beginning of its paragraph."""
    document = _parsed(xml)
    numbering, styles = (
        _parsed(parts[name]) if name in parts else None for name in ("word/numbering.xml", "word/styles.xml")
    )
    numbers = Numbering(numbering, styles)
    for paragraph in _paragraphs(document):
        if marker := numbers.marker(paragraph):
            _put(marker, paragraph)
    marked: bytes = tostring(document, encoding="utf-8")
    return marked


def _paragraphs(document: Element) -> Iterator[Element]:
    """The paragraphs in order. Of drawings saved in two ways, the older one counts, which mammoth reads."""
    stack = [document]
    while stack:
        element = stack.pop()
        namespace, _, name = element.tag.rpartition("}")
        if name == "p" and _WORD in namespace:
            yield element
        if name != "Choice":
            stack.extend(reversed(element))


def _put(marker: str, paragraph: Element) -> None:
    namespace = paragraph.tag.removesuffix("p")
    run = Element(f"{namespace}r")
    SubElement(SubElement(run, f"{namespace}rPr"), f"{namespace}rStyle", {f"{namespace}val": _STYLE})
    SubElement(run, f"{namespace}t").text = marker
    paragraph.insert(0 if paragraph.find("{*}pPr") is None else 1, run)


def _parsed(xml: bytes) -> Element:
    try:
        return fromstring(xml)
    except ParseError:
        raise refused(
            "The Word document is damaged: its XML can't be read", "open it in Word and save it again"
        ) from None
