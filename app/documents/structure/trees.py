"""YAML and JSON of any shape: the keys before the values say what they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from app.documents.document import DocumentLine
from app.documents.structure.paragraphs import ASKING
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import ROLES, Role, Vocabulary

_KEY = re.compile(r"([^\s:：][^:：\n]{0,80}?)\s?[:：](?:\s+|$)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENTRY_OF: dict[str, Role] = {"questions": "question", "sections": "section", "points": "points"}


@dataclass(frozen=True)
class _Value:
    """A line's value and where it begins; `key` is "" for a bare entry of a list."""

    line: DocumentLine
    key: str
    start: int

    @property
    def text(self) -> str:
        return self.line.text[self.start :].strip()


@dataclass
class _Entry:
    """One question's or section's values, in order, until the next begins. `level` is its lines' depth."""

    level: int
    values: list[tuple[Role, _Value]] = field(default_factory=list)


def is_tree(lines: Sequence[DocumentLine], known: Vocabulary) -> bool:
    """Whether most lines have a key before them, one of them that of a question."""
    keys = [_value(line).key for line in lines if line.text.strip()]
    roles = {_role(key, known) for key in keys}
    asks = any(key.endswith(ASKING) for key in keys)
    return (asks or bool(roles & {"question", "questions"})) and sum(map(bool, keys)) * 3 >= len(keys)


def tree_segments(lines: Sequence[DocumentLine], known: Vocabulary) -> list[Segment]:
    """The segments of a tree's lines, each with the part its key gives it; unknown keys are asides."""
    return list(_Walk(known).segments(lines))


class _Walk:
    def __init__(self, known: Vocabulary) -> None:
        self._known = known
        self._around: list[tuple[int, str]] = []  # depth and role of the keys that hold what comes
        self._entry = _Entry(0)
        self._section = ""

    def segments(self, lines: Sequence[DocumentLine]) -> Iterator[Segment]:
        for line in lines:
            if line.text.strip():
                yield from self._read(_value(line))
        yield from self._close()

    def _read(self, value: _Value) -> Iterator[Segment]:
        depth = value.line.depth
        while self._around and depth <= self._around[-1][0]:
            self._around.pop()
        around = self._around[-1][1] if self._around else ""
        role = _role(value.key, self._known)
        asks = role == "question" or value.key.endswith(ASKING)
        begins = value.line.marker and around in ("questions", "sections", "")
        if begins or depth < self._entry.level or (asks and self._has("question")):
            yield from self._close()
            self._entry = _Entry(depth)
        if value.key and not value.text:
            # A container that says nothing leaves its entries what they would be without it.
            self._around.append((depth, role or around))
            return
        follows_on = not value.key and not value.line.marker and self._entry.values
        given = self._entry.values[-1][0] if follows_on else self._given(role, value, around)
        if given is not None:
            self._entry.values.append((given, value))

    def _given(self, role: str, value: _Value, around: str) -> Role | None:
        """What a value is, by its key and by what holds it."""
        if around in ("points", "answer", "examines"):
            if role == "marks":
                return "number"
            return cast(Role, around) if role in ("text", "title", "points", "question", "") else None
        if role == "text" or not value.key:
            return _ENTRY_OF.get(around, "aside")
        if role == "title":
            return _ENTRY_OF.get(around, "title")
        if role == "" and value.key.endswith(ASKING):
            return "question"
        if role == "id":
            return None
        return next((known for known in ROLES if known == role), "aside")

    def _has(self, role: Role) -> bool:
        return any(given == role for given, _ in self._entry.values)

    def _close(self) -> Iterator[Segment]:
        values, self._entry = self._entry.values, _Entry(self._entry.level)
        asked = next(
            (v for role, v in values if role == "question" and v.key.lower() not in ("title", "name")), None
        )
        asked = asked or next((v for role, v in values if role == "question"), None)
        for role, value in values:
            if role == "section" and value.text != self._section:
                self._section = value.text
                yield _segment(value, "section")
        if asked is not None:
            yield from self._question(asked)
        before: Role | None = None
        for position, (role, value) in enumerate(values):
            if role == "section" or value is asked:
                continue
            if role in ("points", "answer") and role != before:
                yield Segment(
                    "", value.line.number, value.start, value.start, value.start, label=role, fixed="label"
                )
            if role == "number":
                continue
            before = role
            if role in ("points", "answer"):
                following = values[position + 1] if position + 1 < len(values) else None
                yield _segment(value, "item", marks=_marks(following) if role == "points" else None)
            else:
                label = "aside" if role == "question" else role
                yield _segment(value, "label", label)

    def _question(self, asked: _Value) -> Iterator[Segment]:
        if asked.key.endswith(ASKING):
            # The question itself is the key, its answer the value.
            text = asked.line.text
            end = _KEY.match(text).end(1) if _KEY.match(text) else asked.start  # type: ignore[union-attr]
            yield Segment(text[:end], asked.line.number, 0, 0, end, fixed="question")
            yield Segment(
                "", asked.line.number, asked.start, asked.start, asked.start, label="answer", fixed="label"
            )
            yield _segment(asked, "text")
        else:
            yield _segment(asked, "question")


def _value(line: DocumentLine) -> _Value:
    match = _KEY.match(line.text)
    return _Value(line, match[1].strip() if match else "", match.end() if match else 0)


def _role(key: str, known: Vocabulary) -> str:
    """The role of a key; one of those only trees have, such as `questions`, comes before a label's."""
    key = _CAMEL.sub(" ", key).lower()
    return (
        known.tree_keys.get(key)
        or known.label_roles.get(key.replace("_", " "))
        or known.label_roles.get(key)
        or ""
    )


def _marks(following: tuple[Role, _Value] | None) -> float | None:
    if following is None or following[0] != "number":
        return None
    try:
        value = float(following[1].text)
    except ValueError:
        return None
    return value if 0 < value <= 100 else None


def _segment(value: _Value, part: str, label: Role | None = None, marks: float | None = None) -> Segment:
    end = len(value.line.text.rstrip())
    return Segment(
        value.line.text[value.start : end],
        value.line.number,
        value.start,
        value.start,
        end,
        label=label,
        depth=value.line.depth if part == "item" else 0,
        fixed=part,
        marks=marks,
    )
