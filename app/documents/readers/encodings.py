"""Bytes become text: which encoding, or which encodings one after another, the text was stored in.

A byte order mark or valid UTF-8 settles it. Otherwise every encoding's reading is weighed as text (see
`plausibility`), line by line, and changing the encoding between two lines costs: concatenated files come
out right, and a file in one encoding stays in one. What no encoding can read becomes U+FFFD.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from app.documents.readers.plausibility import log_likelihood

_BYTE_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "cp1252")
_WIDE_ENCODINGS = ("utf-16-le", "utf-16-be")
_NAMES = {"big5hkscs": "big5", "cp1252": "windows-1252"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}

# Natural logarithms, as the likelihoods are.
_PRIOR = {
    "utf-8": 4.0,
    "gb18030": 0.0,
    "big5hkscs": -1.5,
    "cp1252": -2.0,
    "utf-16-le": -4.0,
    "utf-16-be": -5.0,
}
_STATED = 10.0
_CHANGE = 12.0
_LONG = 2_000  # bytes; UTF-16 text as long as that has a line end or digit in it, and so a null byte
_STRAY_NULS = 0.1  # share of the bytes; UTF-16 of Western text has one in two


@dataclass(frozen=True)
class Decoded:
    """`encoding` names the encoding; several, in order of appearance, are joined by " + "."""

    text: str
    encoding: str


def decode(content: bytes, stated: str | None = None) -> Decoded:
    """The text of a file. `stated` is the encoding that the file claims for itself: weighed, not believed.

    Never raises: undecodable bytes become U+FFFD.
    """
    stated = codec_name(stated)
    stretches: list[tuple[str, str]] = []
    for segment in _between_marks(content):
        stretches += _segment(segment, stated)
    names = dict.fromkeys(_NAMES.get(name, name) for name, text in stretches if not text.isascii())
    text = "".join(text for _, text in stretches)
    first = stretches[0][0] if stretches else "utf-8"
    return Decoded(text, " + ".join(names) or _NAMES.get(first, first))


def codec_name(label: str | None) -> str | None:
    """The codec for an encoding's label, widened to the superset that is meant; None if there is none."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip()).name
    except LookupError:
        return None
    name = _WIDER.get(name, name)
    return name if name in (*_BYTE_ENCODINGS, *_WIDE_ENCODINGS) else None


def _between_marks(content: bytes) -> Iterator[bytes]:
    """The file cut where a UTF-16 byte order mark begins a second one: no other text holds FF FE or FE FF."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        yield content
        return
    start = 0
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        marks = (content.find(codecs.BOM_UTF16_LE), content.find(codecs.BOM_UTF16_BE))
        start = min((mark for mark in marks if mark > 0), default=len(content))
        if b"\0" in content[:start]:
            start = len(content)
        yield content[:start]
    if start < len(content):
        yield content[start:]


def _segment(content: bytes, stated: str | None) -> list[tuple[str, str]]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            content = content[len(mark) :]
            if encoding.startswith("utf-16"):
                return _wide_then_bytes(content, encoding)
            if encoding.startswith("utf-32"):
                return [(encoding, content.decode(encoding, "replace"))]
            break
    if content.count(0) <= _STRAY_NULS * len(content):
        try:
            return [("utf-8", content.decode("utf-8"))]
        except UnicodeDecodeError:
            pass
    stretches, best = _by_line(content, stated)
    if len(content) > _LONG and b"\0" not in content:
        return stretches
    for encoding in _WIDE_ENCODINGS:
        try:
            wide = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        weight = log_likelihood(wide) + _prior(encoding, stated)
        if weight > best:
            best, stretches = weight, [(encoding, wide)]
    return stretches


def _wide_then_bytes(content: bytes, encoding: str) -> list[tuple[str, str]]:
    """UTF-16, and what an appended file of another encoding put behind its last line."""
    newline = "\n".encode(encoding)
    cut = content.rfind(newline)
    while cut % 2 and cut > 0:
        cut = content.rfind(newline, 0, cut + 1)
    cut = cut + 2 if cut >= 0 else len(content)
    head, tail = content[:cut], content[cut:]
    whole = [(encoding, content.decode(encoding, "replace"))]
    if not tail:
        return whole
    stretches, weight = _by_line(tail, None)
    if weight - _CHANGE > log_likelihood(tail.decode(encoding, "replace")):
        return [(encoding, head.decode(encoding, "replace")), *stretches]
    return whole


def _by_line(content: bytes, stated: str | None) -> tuple[list[tuple[str, str]], float]:
    """The likeliest way through the lines (Viterbi): stretches of one encoding each, and its likelihood."""
    totals = {encoding: _prior(encoding, stated) for encoding in _BYTE_ENCODINGS}
    origins: list[dict[str, str]] = []
    lines = content.split(b"\n") if b"\n" in content else content.splitlines(keepends=True)
    ending = "\n" if b"\n" in content else ""
    weight = log_likelihood(ending) * (len(lines) - 1)
    for line in lines:
        if line.isascii():
            weight += log_likelihood(line.decode("ascii"))
            origins.append({})
            continue
        changed = max(totals, key=totals.__getitem__)
        origin, following = {}, {}
        for encoding, total in totals.items():
            change = totals[changed] - _CHANGE > total
            origin[encoding] = changed if change else encoding
            likelihood = log_likelihood(line.decode(encoding, "replace"))
            following[encoding] = (totals[changed] - _CHANGE if change else total) + likelihood
        totals = following
        origins.append(origin)
    encoding = max(totals, key=totals.__getitem__)
    weight += totals[encoding]
    chosen = []
    for origin in reversed(origins):
        chosen.append(encoding)
        encoding = origin.get(encoding, encoding)
    return list(_joined(zip(reversed(chosen), lines, strict=True), ending)), weight


def _joined(lines: Iterable[tuple[str, bytes]], ending: str) -> Iterator[tuple[str, str]]:
    """Runs of lines in one encoding, decoded one by one: a broken character never swallows a line end."""
    for number, (encoding, run) in enumerate(groupby(lines, key=itemgetter(0))):
        text = ending.join(line.decode(encoding, "replace") for _, line in run)
        yield encoding, (ending if number else "") + text


def _prior(encoding: str, stated: str | None) -> float:
    return _PRIOR[encoding] + (_STATED if encoding == stated else 0.0)
