"""The document's own template, induced from repetition: what its questions, answers, points and sections
begin with, where no language file knows the words.

In a question bank the same openings come back in every question: an ornament, a counted word (Case 3), a
label. The opening that counts up or asks begins questions, the rarer ornament before it sections, a label
before prose the answer, one before a list the points.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from app.documents.document import DocumentLine
from app.documents.list_markers import read_marker
from app.documents.numerals import number_in
from app.documents.structure.vocabulary import Role, Vocabulary
from app.documents.typesetting import is_wide
from app.text.clauses import is_ended

Opening = tuple[str, str]  # what sort of opening, and its words with numbers left out

_SYMBOL = r"[^\w\s\"'“”‘’「」『』（）()\[\]【】<>《》〈〉#*+.,，。、:：;；!！?？/\\|&$€£¥%@~^=_`–—…-]"
_ORNAMENT = re.compile(rf"\s*(?P<ornament>{_SYMBOL}{{1,3}})\s*")
_COUNTED = re.compile(
    r"(?P<word>[^\W\d_]{1,16}\s?)(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})(?P<tail>[^\W\d_]{0,2})"
    r"(?P<end>\s{0,3}[:：.、．)）—–-]\s*|\s+|$)"
)
_LABEL = re.compile(
    r"(?:[【\[]\s{0,3}(?P<boxed>[^【】\[\]:：]{1,24}?)\s{0,3}[】\]]\s{0,3}[:：]?|(?P<plain>[^\W\d_][^:：。！？!?；;【\[]{0,32}?)\s{0,3}[:：])\s*"
)
_FEWEST = 3  # times an opening comes back before it belongs to the template
_REGULAR = 0.6  # share of its places that must agree
_LONGEST_TITLE, _LONGEST_ITEM, _PROSE, _LONGEST_BARE = 40, 60, 14, 30  # code points
_MOST_LISTS = 2  # more labels before lists than this are headings within them


@dataclass
class _Occurrence:
    """One line with an opening: its position among the kept lines, its number, where its text begins."""

    at: int
    number: int
    rest: str


@dataclass(frozen=True)
class Template:
    """Patterns of openings, matched at the head of a line, with the role of what they begin."""

    openings: tuple[tuple[re.Pattern[str], Role], ...] = ()
    roles: dict[Opening, Role] = field(default_factory=dict)


def induce(lines: Sequence[DocumentLine], known: Vocabulary) -> Template:
    """The template of a document's kept lines. Time linear in the lines."""
    found = _openings(lines, known)
    roles: dict[Opening, Role] = {}
    begins = [at for at, line in enumerate(lines) if _begins_question(line, known)]
    asked = _question_opening(found, lines, known) if len(begins) < _FEWEST else None
    if asked is not None:
        roles[asked] = "question"
    starts = sorted({*begins, *(place.at for place in found[asked])} if asked is not None else begins)
    if not starts:
        labels = [places for opening, places in found.items() if opening[0] == "label"]
        starts = [place.at for place in max(labels, key=len, default=[])]
    roles |= _sections(found, roles, lines, set(starts), known)
    roles |= _labels(found, lines, starts, known)
    return Template(tuple((_pattern(opening), role) for opening, role in roles.items()), roles)


def _openings(lines: Sequence[DocumentLine], known: Vocabulary) -> dict[Opening, list[_Occurrence]]:
    found: dict[Opening, list[_Occurrence]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.cells or line.heading or line.marker or len(line.text) < 2:
            continue
        for opening, number, end in _read(line.text[:80]):
            found[opening].append(_Occurrence(at, number, line.text[end:].strip()))
    return {opening: places for opening, places in found.items() if len(places) > 1}


def _read(text: str) -> list[tuple[Opening, int, int]]:
    """What a line begins with: an ornament, and a counted word or a label behind it."""
    read: list[tuple[Opening, int, int]] = []
    start, ornament = 0, ""
    match = _ORNAMENT.match(text)
    if match is not None and match.end() < len(text):
        start, ornament = match.end(), match["ornament"]
        read.append((("ornament", ornament), 0, start))
    counted = _COUNTED.match(text, start)
    if counted is not None:
        words = f"{ornament}\0{counted['word'].strip()}\0{counted['tail']}".lower()
        read.append((("counted", words), number_in(counted["number"]), counted.end()))
    label = _LABEL.match(text, start)
    if label is not None:
        word = (label["boxed"] or label["plain"]).strip().lower()
        read.append((("label", f"{ornament}\0{word}"), 0, label.end()))
    elif not ornament and len(text) <= _LONGEST_BARE and text.strip()[:1].isalpha() and not is_ended(text):
        read.append((("label", f"\0{text.strip().lower()}"), 0, len(text)))
    return read


def _pattern(opening: Opening) -> re.Pattern[str]:
    sort, words = opening
    if sort == "ornament":
        return re.compile(rf"\s*{re.escape(words)}(?!{_SYMBOL})\s*")
    ornament, word, *tail = words.split("\0")
    before = rf"\s*{re.escape(ornament)}\s*{re.escape(word)}\s*"
    if sort == "counted":
        number = r"(?P<number>\d{1,4}|[一二三四五六七八九十]{1,3})"
        end = r"(?:\s{0,3}[:：.、．)）—–-]\s*|\s+|$)"
        return re.compile(f"{before}{number}{re.escape(tail[0])}{end}", re.I)
    boxed = rf"\s*{re.escape(ornament)}\s*[【\[]\s*{re.escape(word)}\s*[】\]]\s*[:：]?\s*"
    return re.compile(rf"{before}(?:[:：]\s*|$)|{boxed}", re.I)


def _begins_question(line: DocumentLine, known: Vocabulary) -> bool:
    """Whether a line begins a question without the template: by its number or heading, and by asking."""
    text = line.text
    if line.cells or len(text) > 600:
        return False
    start = len(text) - len(text.lstrip())
    if known.question_marker.match(text, start):
        return True
    marker = read_marker(text, start)
    numbered = bool(line.marker or line.heading or (marker is not None and marker.number))
    return numbered and bool(known.question_cue.search(text[marker.end if marker is not None else start :]))


def _question_opening(
    found: dict[Opening, list[_Occurrence]], lines: Sequence[DocumentLine], known: Vocabulary
) -> Opening | None:
    """The opening that counts up, or stands before what asks, most often."""
    candidates: dict[Opening, int] = {}
    for opening, places in found.items():
        if len(places) < _FEWEST or _is_known(opening, known):
            continue
        if opening[0] == "label" and _listed(places):
            continue
        asking = sum(bool(known.question_cue.search(place.rest)) for place in places)
        # A counted word over several lines may have its question on the next one.
        below = sum(
            not place.rest and place.at + 1 < len(lines) and _asks(lines[place.at + 1].text, known)
            for place in places
        )
        counts = opening[0] == "counted" and _counts_up(places)
        share = (asking + below) / len(places)
        if share >= _REGULAR or (counts and share >= _REGULAR / 2):
            candidates[opening] = len(places) + len(places) * counts
    return max(candidates, key=lambda opening: candidates[opening]) if candidates else None


def _asks(text: str, known: Vocabulary) -> bool:
    return len(text) < 600 and bool(known.question_cue.search(text))


def _listed(places: Sequence[_Occurrence]) -> bool:
    """Whether an opening stands on neighbouring lines, as a list's items do."""
    near = sum(one.at + 1 == other.at for one, other in pairwise(places))
    return near * 2 >= len(places)


def _counts_up(places: Sequence[_Occurrence]) -> bool:
    steps = [other.number in (one.number + 1, 1) for one, other in pairwise(places)]
    return sum(steps) >= 0.8 * len(steps)


def _is_known(opening: Opening, known: Vocabulary) -> bool:
    sort, words = opening
    if sort == "label":
        return words.rpartition("\0")[2] in known.label_roles
    if sort == "ornament":
        return False
    ornament, word, *tail = words.split("\0")
    if word in known.label_roles:
        return True
    if ornament:
        return False
    spelled = f"{word}1{tail[0]}"
    return bool(known.question_marker.match(spelled) or known.section_marker.match(spelled))


def _sections(
    found: dict[Opening, list[_Occurrence]],
    roles: dict[Opening, Role],
    lines: Sequence[DocumentLine],
    starts: set[int],
    known: Vocabulary,
) -> dict[Opening, Role]:
    """The rarer opening of short lines right before a question."""
    for opening, places in found.items():
        sort = opening[0]
        if opening in roles or sort == "label" or _is_known(opening, known) or _listed(places):
            continue
        if not len(places) < len(starts):
            continue
        fits = sum(
            place.at + 1 in starts
            and place.at not in starts
            and len(lines[place.at].text) <= _LONGEST_TITLE
            and not is_ended(lines[place.at].text)
            for place in places
        )
        if fits >= 0.8 * len(places):
            return {opening: "section"}
    return {}


def _labels(
    found: dict[Opening, list[_Occurrence]],
    lines: Sequence[DocumentLine],
    starts: Sequence[int],
    known: Vocabulary,
) -> dict[Opening, Role]:
    """The labels of answers and points that come back in most questions, by what stands behind them."""
    wanted = max(_FEWEST, _REGULAR * len(starts))
    labels = {o: p for o, p in found.items() if o[0] == "label" and len(p) >= wanted and not _listed(p)}
    words = {opening: opening[1].rpartition("\0")[2] for opening in labels}
    given = {known.label_roles.get(word) for word in words.values()}
    ends = sorted({*starts, *(place.at for places in labels.values() for place in places), len(lines)})
    following = dict(pairwise(ends))
    new = sorted(
        (opening for opening in labels if words[opening] not in known.label_roles),
        key=lambda opening: labels[opening][0].at,
    )
    makes = {opening: _make(labels[opening], lines, following) for opening in new}
    lists = [opening for opening in new if makes[opening] == "points"]
    prose = [opening for opening in new if makes[opening] == "answer"]
    roles: dict[Opening, Role] = {}
    if lists and "points" not in given and (len(lists) == 1 or "answer" not in given):
        roles[lists[0]] = "points"
        if len(lists) == _MOST_LISTS:
            roles[lists[1]] = "aside"
    listed = [labels[o][0].at for o, word in words.items() if known.label_roles.get(word) == "points"]
    first = min(listed, default=None)
    if prose and "answer" not in given and (first is None or labels[prose[0]][0].at < first):
        roles[prose[0]] = "answer"
    return roles


def _make(
    places: Sequence[_Occurrence], lines: Sequence[DocumentLine], following: dict[int, int]
) -> Role | None:
    """What a label stands before in most of its places: a list, prose, or neither."""
    blocks = [
        [line.text.strip() for line in lines[place.at + 1 : following.get(place.at, place.at + 1)]]
        for place in places
    ]
    marked = [
        sum(_is_item(line) for line in lines[place.at + 1 : following.get(place.at, place.at + 1)])
        for place in places
    ]
    items = [
        place.rest == "" and (count * 2 >= len(block) > 0 or (len(block) > 2 and all(map(_is_short, block))))
        for place, block, count in zip(places, blocks, marked, strict=True)
    ]
    if sum(items) >= _REGULAR * len(places):
        return "points"
    lengths = [len(place.rest) + sum(map(len, block)) for place, block in zip(places, blocks, strict=True)]
    return "answer" if median(lengths) >= _PROSE else None


def _is_item(line: DocumentLine) -> bool:
    text = line.text
    return bool(line.marker or line.depth or read_marker(text, len(text) - len(text.lstrip())))


def _is_short(text: str) -> bool:
    longest = _LONGEST_ITEM if is_wide(text) else _LONGEST_ITEM * 2
    return len(text) <= longest and not is_ended(text)
