"""The places of a draft that a person has to look at, each in its sentence, and what was repaired."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from app.authoring.repairs import places_of
from app.authoring.schemas import PointEdit, QuestionEdit
from app.documents.draft import SURE, Draft, DraftQuestion, Flag, FlagReason, Repair
from app.web.banks.excerpt import Piece, compared, in_sentence, visible

_AROUND = 8
_SAMPLE = 8
AS_CARDS: frozenset[FlagReason] = frozenset({"unreadable", "doubtful-repair"})


def mark_of(part: BaseModel) -> str:
    """What a form carries to tell whether its part was changed meanwhile: 16 hexadecimal digits."""
    return hashlib.sha256(part.model_dump_json().encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class RepairCard:
    """A doubtful repair, the sentence as in the file and as repaired."""

    number: int
    repair: Repair
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    question: DraftQuestion | None
    mark: str


@dataclass(frozen=True)
class FlagCard:
    """A flag a person can settle; `key` is the question's, None on the draft, `index` its place there.

    `wording` is what the document says around the place, None where it can't be corrected on the card.
    """

    key: str | None
    index: int
    flag: Flag
    place: tuple[Piece, ...]
    question: DraftQuestion | None
    mark: str
    wording: str | None = None


@dataclass(frozen=True)
class RepairKind:
    """Repairs of one kind that are sure: at how many places, and a sample of (before, after)."""

    kind: str
    places: int
    sample: tuple[tuple[str, str], ...]


def doubts(draft: Draft, most: int) -> tuple[list[RepairCard], list[FlagCard], int]:
    """Doubtful repairs, then places no repair was found for and flags no question holds.

    At most `most` cards; last, how many more there are.
    """
    repairs = [(number, repair) for number, repair in enumerate(draft.repairs) if is_doubtful(repair)]
    covered = {(repair.line, repair.start, repair.end) for _, repair in repairs}
    flags: list[tuple[DraftQuestion | None, int, Flag]] = [
        (question, index, flag)
        for _, question in draft.questions()
        for index, flag in enumerate(question.flags)
        if flag.reason in AS_CARDS
    ]
    flags += [(None, index, flag) for index, flag in enumerate(draft.flags)]
    open_flags = [
        (question, index, flag)
        for question, index, flag in flags
        if not flag.settled and not (flag.reason == "doubtful-repair" and _spot(flag) in covered)
    ]
    cards = [_repair_card(draft, number, repair) for number, repair in repairs[:most]]
    flag_cards = [
        FlagCard(
            key=question.key if question else None,
            index=index,
            flag=flag,
            place=_place(draft, flag),
            question=question,
            mark=mark_of(flag),
            wording=_wording(draft, question, flag),
        )
        for question, index, flag in open_flags[: most - len(cards)]
    ]
    return cards, flag_cards, len(repairs) + len(open_flags) - len(cards) - len(flag_cards)


def _repair_card(draft: Draft, number: int, repair: Repair) -> RepairCard:
    line = draft.lines[repair.line - 1] if 0 < repair.line <= len(draft.lines) else repair.after
    before, after = compared(repair.before, repair.after)
    return RepairCard(
        number=number,
        repair=repair,
        before=in_sentence(line, repair.start, repair.end, before),
        after=in_sentence(line, repair.start, repair.end, after),
        question=owner_of(draft, repair),
        mark=mark_of(repair),
    )


def owner_of(draft: Draft, repair: Repair) -> DraftQuestion | None:
    """The question whose source the repair stands in."""
    return next((question for _, question in draft.questions() if _holds(question, repair)), None)


def _holds(question: DraftQuestion, repair: Repair) -> bool:
    span = question.span
    return span is not None and (
        (span.line, span.start) <= (repair.line, repair.start)
        and (repair.line, repair.end) <= (span.end_line, span.end)
    )


def _place(draft: Draft, flag: Flag) -> tuple[Piece, ...]:
    """The flagged place in its sentence; only its text where the document has no such place."""
    span = flag.span
    if span is None or not 0 < span.line <= len(draft.lines):
        return (Piece(visible(flag.text)),)
    line = draft.lines[span.line - 1]
    end = span.end if span.end_line == span.line else len(line)
    return in_sentence(line, span.start, end, [Piece(visible(line[span.start : end]), True)])


def _wording(draft: Draft, question: DraftQuestion | None, flag: Flag) -> str | None:
    place = damaged_place(draft, question, flag) if question and flag.reason in AS_CARDS else None
    if place is None:
        return None
    line, start, end = place
    return line[start:end]


def _spot(flag: Flag) -> tuple[int, int, int] | None:
    return (flag.span.line, flag.span.start, flag.span.end) if flag.span else None


def is_doubtful(repair: Repair) -> bool:
    return repair.confidence < SURE and not repair.settled


def repair_kinds(repairs: Sequence[Repair]) -> tuple[RepairKind, ...]:
    kinds: dict[str, list[Repair]] = {}
    for repair in repairs:
        kinds.setdefault(repair.kind, []).append(repair)
    return tuple(
        RepairKind(
            kind,
            sum(repair.count for repair in found),
            tuple((visible(repair.before), visible(repair.after)) for repair in found[:_SAMPLE]),
        )
        for kind, found in kinds.items()
    )


def damaged_place(draft: Draft, question: DraftQuestion, flag: Flag) -> tuple[str, int, int] | None:
    """The flagged line and the half-open range of it that a person is to rewrite.

    Eight characters around the place belong to it where the question's texts hold them too. None where they
    don't hold the place itself, or it is not within one line.
    """
    span = flag.span
    if span is None or span.line != span.end_line or not 0 < span.line <= len(draft.lines):
        return None
    line = draft.lines[span.line - 1]
    for around in (_AROUND, 0):
        start, end = max(0, span.start - around), min(len(line), span.end + around)
        if corrected(question, line, start, end, "") is not None:
            return line, start, end
    return None


def corrected(question: DraftQuestion, line: str, start: int, end: int, text: str) -> QuestionEdit | None:
    """The change that puts `text` in the place of `line[start:end]`; None where no text holds that place."""

    def rewritten(field: str | None) -> str | None:
        places = places_of(field, line, start, end) if field else []
        return None if not places or field is None else field[: places[0][0]] + text + field[places[0][1] :]

    changes: dict[str, object] = {
        name: new
        for name in ("text", "examines", "reference_answer")
        if (new := rewritten(getattr(question, name))) is not None
    }
    points = [rewritten(point.text) for point in question.points]
    if any(point is not None for point in points):
        changes["points"] = [
            PointEdit(text=point.text if new is None else new, weight=point.weight)
            for point, new in zip(question.points, points, strict=True)
        ]
    return QuestionEdit.model_validate(changes) if changes else None
