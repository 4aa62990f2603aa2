"""A draft as the review page shows it: what was understood, what needs a person, one page of questions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from app.authoring.checks import reasons_against
from app.authoring.schemas import DraftView, Duplicate
from app.documents.draft import Draft, DraftQuestion, DraftSection, FlagReason
from app.web.banks.draft_doubts import (
    AS_CARDS,
    FlagCard,
    RepairCard,
    RepairKind,
    doubts,
    is_doubtful,
    repair_kinds,
)
from app.web.banks.excerpt import ExcerptLine, source_lines

PAGE_LENGTH = 50
SHOWN_CARDS = 12
_EXAMPLES = 3
_MARKED = AS_CARDS | {"instructions", "not-understood"}
MUST_BE_FIXED: frozenset[FlagReason] = frozenset({"no-points", "too-long"})
"""Saying that these are fine would not help: a bank can't hold such a question."""

Chip = Literal["all", "attention", "no-points", "duplicates", "proposed"]
CHIPS: tuple[Chip, ...] = get_args(Chip)
REASONS: tuple[FlagReason, ...] = get_args(FlagReason)


@dataclass(frozen=True)
class Group:
    """Questions flagged for the same reason, which no card shows one by one."""

    reason: FlagReason
    count: int
    examples: tuple["Row", ...]


@dataclass(frozen=True)
class Row:
    """A question in the list; `number` counts from 1 in the draft, `reasons` are its open flags'."""

    number: int
    section: DraftSection
    question: DraftQuestion
    reasons: tuple[FlagReason, ...]
    duplicates: Sequence[Duplicate]
    proposed: int

    @property
    def blocked(self) -> bool:
        """Whether a flag keeps it from being published."""
        return bool(self.question.blocking)


@dataclass(frozen=True)
class Understood:
    """The figures at the top; `left_out` are (reason, questions), each question by its first."""

    sections: int
    questions: int
    points: int
    marks: float | None
    repairs: tuple[RepairKind, ...]
    doubtful: int
    attention: int
    publishable: int
    left_out: tuple[tuple[str, int], ...]
    pointless: int


@dataclass(frozen=True)
class Review:
    """Everything the page shows besides one opened question."""

    understood: Understood
    repair_cards: tuple[RepairCard, ...]
    flag_cards: tuple[FlagCard, ...]
    more_cards: int
    groups: tuple[Group, ...]
    chips: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    shown: str
    page: int
    pages: int
    matching: int


def review(view: DraftView, shown: str = "all", page: int = 1, holding: str | None = None) -> Review:
    """The page `page` (from 1) of the questions that `shown` names: a chip or a flag's reason.

    With the key of a question in `holding` it is the page that holds it, of all questions if need be.
    """
    rows = rows_of(view)
    chosen = shown if shown in CHIPS or shown in REASONS else "all"
    matching = [row for row in rows if _belongs(row, chosen)]
    if holding is not None:
        if all(row.question.key != holding for row in matching):
            chosen, matching = "all", rows
        places = [place for place, row in enumerate(matching) if row.question.key == holding]
        page = places[0] // PAGE_LENGTH + 1 if places else page
    pages = max(1, -(-len(matching) // PAGE_LENGTH))
    page = min(max(page, 1), pages)
    cards, flags, more = doubts(view.draft, SHOWN_CARDS)
    return Review(
        understood=understood(view.draft, rows),
        repair_cards=tuple(cards),
        flag_cards=tuple(flags),
        more_cards=more,
        groups=_groups(rows),
        chips=tuple((chip, sum(_belongs(row, chip) for row in rows)) for chip in CHIPS),
        rows=tuple(matching[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]),
        shown=chosen,
        page=page,
        pages=pages,
        matching=len(matching),
    )


def rows_of(view: DraftView) -> list[Row]:
    """Every question as a row, in the document's order."""
    return [
        _row(number, section, question, view.duplicates)
        for number, (section, question) in enumerate(view.draft.questions(), 1)
    ]


def row_of(view: DraftView, key: str) -> Row | None:
    """The row of one question, None when there is none of that key."""
    for number, (section, question) in enumerate(view.draft.questions(), 1):
        if question.key == key:
            return _row(number, section, question, view.duplicates)
    return None


def excerpt(draft: Draft, question: DraftQuestion) -> list[ExcerptLine]:
    """Where the question stands in the document, its doubtful places marked; empty without a span."""
    if question.span is None:
        return []
    marks = [
        flag.span
        for flag in question.flags
        if flag.span is not None and not flag.settled and flag.reason in _MARKED
    ]
    return source_lines(draft.lines, question.span, marks)


def understood(draft: Draft, rows: Sequence[Row]) -> Understood:
    """The figures of a draft."""
    questions = [row.question for row in rows]
    given = [question.max_score for question in questions if question.max_score is not None]
    against = [reasons for question in questions if (reasons := reasons_against(question))]
    left_out = Counter(reasons[0] for reasons in against)
    return Understood(
        sections=len(draft.sections),
        questions=len(questions),
        points=sum(len(question.points) for question in questions),
        marks=sum(given) if given else None,
        repairs=repair_kinds(draft.repairs),
        doubtful=sum(is_doubtful(repair) for repair in draft.repairs)
        + sum("unreadable" in row.reasons for row in rows),
        attention=sum(bool(row.reasons) for row in rows) + sum(not flag.settled for flag in draft.flags),
        publishable=len(questions) - left_out.total(),
        left_out=tuple(left_out.most_common()),
        pointless=sum(not question.points for question in questions),
    )


def _row(
    number: int,
    section: DraftSection,
    question: DraftQuestion,
    duplicates: Mapping[str, Sequence[Duplicate]],
) -> Row:
    return Row(
        number=number,
        section=section,
        question=question,
        reasons=tuple(dict.fromkeys(flag.reason for flag in question.flags if not flag.settled)),
        duplicates=duplicates.get(question.key, ()),
        proposed=sum(point.proposed for point in question.points),
    )


def _belongs(row: Row, shown: str) -> bool:
    match shown:
        case "all":
            return True
        case "attention":
            return bool(row.reasons)
        case "no-points":
            return not row.question.points
        case "duplicates":
            return bool(row.duplicates)
        case "proposed":
            return bool(row.proposed)
        case reason:
            return reason in row.reasons


def _groups(rows: Sequence[Row]) -> tuple[Group, ...]:
    flagged: dict[FlagReason, list[Row]] = {}
    for row in rows:
        for reason in row.reasons:
            if reason in AS_CARDS:
                continue
            flagged.setdefault(reason, []).append(row)
    return tuple(
        Group(reason, len(flagged[reason]), tuple(flagged[reason][:_EXAMPLES]))
        for reason in REASONS
        if reason in flagged
    )
