"""A person's word on a repair: it is right, or this is what the document says there. In place."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.authoring.checks import recheck
from app.documents.draft import Draft, DraftQuestion, Flag, Repair, Span
from app.errors import BadInputError, NotFoundError


def find_repair(draft: Draft, number: int) -> Repair:
    """The draft's repair at that place, from 0. Raises `NotFoundError`."""
    if not 0 <= number < len(draft.repairs):
        raise NotFoundError(f"there is no repair {number} in the draft", hint="Load the draft again.")
    return draft.repairs[number]


def settle_repair(draft: Draft, number: int, text: str | None) -> None:
    """Settle `draft.repairs[number]`: None leaves it as it is, a text stands from now on in its place.

    The text is put into the line and into every text that was taken from that place; a field whose words
    there were changed by hand keeps them. Raises `NotFoundError`, and `BadInputError` for a repair without
    a single place.
    """
    repair = find_repair(draft, number)
    if text is not None and text != repair.after:
        _rewrite(draft, repair, text)
    repair.settled = True
    for flag in _flags(draft):
        is_about_it = flag.reason == "doubtful-repair" or (flag.reason == "unreadable" and text is not None)
        if is_about_it and flag.span is not None and _covers(repair, flag.span):
            flag.settled = True


def _rewrite(draft: Draft, repair: Repair, text: str) -> None:
    if repair.count > 1 or not 1 <= repair.line <= len(draft.lines):
        raise BadInputError(
            "this repair was made at many places", hint="Correct the questions themselves where they need it."
        )
    line = draft.lines[repair.line - 1]
    start, end = repair.start, repair.end
    if line[start:end] != repair.after:
        raise BadInputError("the place of this repair is not known", hint="Correct the question itself.")
    # A repair reaches into what stands around the damage, such as a list's marker, which no question holds.
    lead, trail = _kept(repair.after, text)
    changed = repair.model_copy(update={"start": start + lead, "end": end - trail})
    new = text[lead : len(text) - trail]
    owners = [question for _, question in draft.questions() if _holds(question.span, changed)]
    for question in owners:
        _rewrite_question(draft, question, changed, new)
    if not owners:
        place = changed.start, changed.end
        draft.title = _replaced(draft.title, line, *place, new, 0) or draft.title
        for section in draft.sections:
            section.title = _replaced(section.title, line, *place, new, 0) or section.title
    draft.lines[repair.line - 1] = line[:start] + text + line[end:]
    _shift(draft, repair, changed.start, changed.end, len(new))
    repair.after, repair.end = text, start + len(text)


def _kept(before: str, after: str) -> tuple[int, int]:
    """How many characters both have in common at the beginning, and how many of the rest at the end."""
    lead = shared(before, after)
    return lead, shared(before[lead:][::-1], after[lead:][::-1])


def _rewrite_question(draft: Draft, question: DraftQuestion, changed: Repair, text: str) -> None:
    line, start, end = draft.lines[changed.line - 1], changed.start, changed.end
    assert question.span is not None
    earlier = draft.lines[question.span.line - 1 : changed.line - 1].count(line)
    before = question.model_copy(deep=True)

    def replaced(field: str | None) -> str | None:
        return None if field is None else _replaced(field, line, start, end, text, earlier)

    question.text = replaced(question.text) or question.text
    question.examines = replaced(question.examines)
    question.reference_answer = replaced(question.reference_answer)
    for point in question.points:
        if point.span is None or _holds(point.span, changed):
            point.text = replaced(point.text) or point.text
    recheck(question, before)


def _replaced(field: str, line: str, start: int, end: int, text: str, earlier: int) -> str:
    """The field with `text` in the place of `line[start:end]`; of several, the one after `earlier` others."""
    places = places_of(field, line, start, end)
    if not places:
        return field
    first, last = places[min(earlier, len(places) - 1)]
    return field[:first] + text + field[last:]


def _shift(draft: Draft, repair: Repair, start: int, end: int, length: int) -> None:
    """Bring all places of the line in step with its new text."""

    def moved(place: int, *, begins: bool) -> int:
        if place <= start and begins:
            return place
        return place + length - (end - start) if place >= end else min(place, start + length)

    for span in _spans(draft):
        if span.line == repair.line:
            span.start = moved(span.start, begins=True)
        if span.end_line == repair.line:
            span.end = moved(span.end, begins=False)
    for other in draft.repairs:
        if other is not repair and other.line == repair.line:
            other.start = moved(other.start, begins=True)
            other.end = moved(other.end, begins=False)


def _spans(draft: Draft) -> Iterator[Span]:
    spans = [flag.span for flag in _flags(draft)]
    for _, question in draft.questions():
        spans += [question.span, *(point.span for point in question.points)]
    # Parts may share one object, which is to be moved once.
    return iter({id(span): span for span in spans if span is not None}.values())


def _flags(draft: Draft) -> Iterator[Flag]:
    yield from draft.flags
    for _, question in draft.questions():
        yield from question.flags


def _holds(span: Span | None, repair: Repair) -> bool:
    """Whether the repair's place is within the span."""
    if span is None:
        return False
    begins = (span.line, span.start) <= (repair.line, repair.start)
    return begins and (repair.line, repair.end) <= (span.end_line, span.end)


def _covers(repair: Repair, span: Span) -> bool:
    """Whether the span lies within the repair's place, or is it."""
    on_its_line = span.line == span.end_line == repair.line
    return on_its_line and repair.start <= span.start and span.end <= repair.end


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
