"""Where a stretch of a source line went: found in another text by what stands around it. Pure."""

from dataclasses import dataclass

# So many characters of context tell a place from others, unless the text or the line ends before.
_ENOUGH = 6


@dataclass(frozen=True)
class _Tight:
    """A text without its white space, and where each character stood."""

    text: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> "_Tight":
        kept = [(offset, character) for offset, character in enumerate(source) if not character.isspace()]
        return cls("".join(character for _, character in kept), tuple(offset for offset, _ in kept))


def places_of(text: str, line: str, start: int, end: int) -> list[tuple[int, int]]:
    """The half-open spans of `text` that stand for `line[start:end]`, all equally likely; white space aside.

    What stands around must agree as far as text and line reach, or for six characters on each side.
    """
    left, middle, right = (_Tight.of(part).text for part in (line[:start], line[start:end], line[end:]))
    tight = _Tight.of(text)
    best, found = -1, list[tuple[int, int]]()
    first = tight.text.find(middle)
    while first >= 0:
        last = first + len(middle)
        before = shared(tight.text[:first][::-1], left[::-1])
        after = shared(tight.text[last:], right)
        if before >= min(_ENOUGH, first, len(left)) and after >= min(
            _ENOUGH, len(tight.text) - last, len(right)
        ):
            if before + after > best:
                best, found = before + after, []
            if before + after == best:
                found.append(_span(tight, first, last, len(text)))
        first = tight.text.find(middle, first + 1)
    return found


def shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _span(tight: _Tight, first: int, last: int, length: int) -> tuple[int, int]:
    if first == last:
        at = tight.offsets[first] if first < len(tight.offsets) else length
        return at, at
    return tight.offsets[first], tight.offsets[last - 1] + 1
