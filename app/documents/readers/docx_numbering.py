"""The markers that Word prints before paragraphs but does not store in their text (ECMA-376 part 1, 17.9).

Counters belong to an abstract list, so a list goes on counting after paragraphs between its items.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.documents.list_markers import BULLET
from app.documents.numerals import formatted

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False


@dataclass
class _Abstract:
    levels: dict[int, _Level] = field(default_factory=dict)
    style_link: str | None = None
    of_style: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _List:
    abstract: str
    restarts: dict[int, int]


class Numbering:
    """Counts through a document: call `marker` for every paragraph, in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._abstracts: dict[str, _Abstract] = {}
        self._lists: dict[str, _List] = {}
        self._styles = {_value(style, "styleId"): style for style in _all(styles, "style")}
        self._counters: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        for abstract in _all(numbering, "abstractNum"):
            self._abstracts[_value(abstract, "abstractNumId")] = _abstract(abstract)
        for number in _all(numbering, "num"):
            self._lists[_value(number, "numId")] = _list(number)

    def marker(self, paragraph: Element) -> str:
        """The marker of this paragraph as it is printed, such as "2.1" or "（三）"; "" where it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        list_id, depth = place
        one = self._lists.get(list_id)
        abstract_id = self._abstract_of(one) if one is not None else None
        if one is None or abstract_id is None:
            return ""
        levels = self._abstracts[abstract_id].levels
        level = levels.get(depth, _Level())
        counters = self._counters[abstract_id]
        if depth in one.restarts and (list_id, depth) not in self._begun:
            counters.pop(depth, None)
            start = one.restarts[depth]
        else:
            start = level.start
        self._begun.add((list_id, depth))
        counters[depth] = counters[depth] + 1 if depth in counters else start
        for deeper in [other for other in counters if other > depth]:
            del counters[deeper]
        if level.form == "bullet":
            return BULLET

        def number(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            of = levels.get(other, _Level())
            return formatted(counters.get(other, of.start), "decimal" if level.legal else of.form)

        return _PLACE.sub(number, level.text).strip()

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """The list and the level from 0: the paragraph's own, else its style's or an ancestor's of that."""
        properties = paragraph.find("{*}pPr")
        if properties is None:
            return None
        own = properties.find("{*}numPr")
        depth = _child_number(own, "ilvl")
        list_id = _child_value(own, "numId")
        style_id = _child_value(properties, "pStyle")
        seen: set[str] = set()
        while not list_id and style_id and style_id not in seen and style_id in self._styles:
            seen.add(style_id)
            style = self._styles[style_id]
            number = style.find("{*}pPr/{*}numPr")
            list_id = _child_value(number, "numId")
            if list_id:
                depth = self._depth_of(list_id, style_id, _child_number(number, "ilvl"))
            style_id = _child_value(style, "basedOn")
        return None if list_id in ("", "0") else (list_id, min(depth or 0, _LEVELS - 1))

    def _depth_of(self, list_id: str, style_id: str, stated: int | None) -> int:
        one = self._lists.get(list_id)
        abstract = self._abstracts.get(one.abstract) if one is not None else None
        return (abstract.of_style.get(style_id) if abstract is not None else None) or stated or 0

    def _abstract_of(self, one: _List) -> str | None:
        """The abstract list that has the levels: a list can point to a list style instead."""
        abstract = self._abstracts.get(one.abstract)
        if abstract is not None and abstract.style_link is not None and abstract.style_link in self._styles:
            linked = _child_value(self._styles[abstract.style_link].find("{*}pPr/{*}numPr"), "numId")
            if linked in self._lists and self._lists[linked].abstract in self._abstracts:
                return self._lists[linked].abstract
        return one.abstract if abstract is not None else None


def _abstract(element: Element) -> _Abstract:
    read = _Abstract(style_link=_child_value(element, "numStyleLink") or None)
    for level in _all(element, "lvl"):
        depth = int(_value(level, "ilvl") or 0)
        start = _child_number(level, "start")
        read.levels[depth] = _Level(
            start=0 if start is None else start,
            form=_child_value(level, "numFmt") or "decimal",
            text=_child_value(level, "lvlText"),
            legal=level.find("{*}isLgl") is not None,
        )
        if style := _child_value(level, "pStyle"):
            read.of_style[style] = depth
    return read


def _list(element: Element) -> _List:
    restarts = {}
    for override in _all(element, "lvlOverride"):
        start = _child_number(override, "startOverride")
        if start is not None:
            restarts[int(_value(override, "ilvl") or 0)] = start
    return _List(_child_value(element, "abstractNumId"), restarts)


def _all(element: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if element is None else element.iterfind(f"{{*}}{name}")


def _value(element: Element, name: str) -> str:
    """An attribute, whatever edition of the namespace it is in."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _child_value(element: Element | None, name: str) -> str:
    child = None if element is None else element.find(f"{{*}}{name}")
    return "" if child is None else _value(child, "val")


def _child_number(element: Element | None, name: str) -> int | None:
    raw = _child_value(element, name)
    return int(raw) if raw.isdecimal() else None
