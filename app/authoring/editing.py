"""Changes to a draft, each in place; what raises `NotFoundError` or `BadInputError` has changed nothing."""

from app.authoring.checks import recheck
from app.authoring.schemas import PointEdit, QuestionEdit
from app.documents.draft import (
    Draft,
    DraftPoint,
    DraftQuestion,
    DraftSection,
    Flag,
    FlagReason,
)
from app.errors import BadInputError, NotFoundError
from app.text.fold import words
from app.text.quoting import clean

# Settling these would not help: a bank can't hold such a question.
_TO_BE_MADE_GOOD: dict[FlagReason, str] = {
    "no-points": "Write at least one rubric point, or leave the question out.",
    "too-long": "Shorten the text, or leave the question out.",
}


def find_question(draft: Draft, key: str) -> tuple[DraftSection, DraftQuestion]:
    """The question with its section."""
    for section, question in draft.questions():
        if question.key == key:
            return section, question
    raise NotFoundError(f"the draft has no question {key[:80]!r}", hint="Load the draft again.")


def find_flag(draft: Draft, key: str | None, index: int) -> Flag:
    """The flag at that place of a question, or of the draft for None; `index` counts from 0."""
    flags = draft.flags if key is None else find_question(draft, key)[1].flags
    if not 0 <= index < len(flags):
        raise NotFoundError(f"there is no flag {index} there", hint="Load the draft again.")
    return flags[index]


def edit_question(draft: Draft, key: str, edit: QuestionEdit) -> None:
    """Set the fields that `edit` sets."""
    section, question = find_question(draft, key)
    target = section if edit.section is None else _section(draft, edit.section)
    before = question.model_copy(deep=True)
    _apply(question, edit)
    if target is not section:
        section.questions.remove(question)
        target.questions.append(question)
    recheck(question, before)


def add_question(draft: Draft, section_key: str, edit: QuestionEdit) -> DraftQuestion:
    """A new question at the end of a section."""
    if not edit.text:
        raise BadInputError("text: is missing", hint="Write the question.")
    section = _section(draft, edit.section or section_key)
    taken = {question.key for _, question in draft.questions()}
    question = DraftQuestion(key=_free("new", taken), text=clean(edit.text), kind=edit.kind or "knowledge")
    _apply(question, edit)
    section.questions.append(question)
    recheck(question)
    return question


def remove_question(draft: Draft, key: str) -> None:
    """Take a question out of the draft for good; `included` leaves it out and keeps it."""
    section, question = find_question(draft, key)
    section.questions.remove(question)


def add_section(draft: Draft, title: str) -> DraftSection:
    """A new section at the end."""
    section = DraftSection(
        key=_free("section", {section.key for section in draft.sections}), title=clean(title)
    )
    draft.sections.append(section)
    return section


def rename_section(draft: Draft, key: str, title: str) -> None:
    """Give a section another title."""
    section = next((section for section in draft.sections if section.key == key), None)
    if section is None:
        raise NotFoundError(f"the draft has no section {key[:80]!r}", hint="Load the draft again.")
    section.title = clean(title)


def settle_flag(draft: Draft, key: str | None, index: int, *, settled: bool = True) -> None:
    """Settle, or take up again, a flag of a question, or of the draft for None; `index` counts from 0."""
    question = None if key is None else find_question(draft, key)[1]
    flag = find_flag(draft, key, index)
    if settled and flag.reason in _TO_BE_MADE_GOOD:
        raise BadInputError(f"{flag.reason}: can't be settled as it is", hint=_TO_BE_MADE_GOOD[flag.reason])
    flag.settled = settled
    if question is not None and flag.reason == "cut-off":
        question.incomplete = not settled


def _apply(question: DraftQuestion, edit: QuestionEdit) -> None:
    given = edit.model_fields_set
    for name in ("text", "kind", "difficulty", "included"):
        if (value := getattr(edit, name)) is not None:
            setattr(question, name, clean(value) if name == "text" else value)
    if "max_score" in given:
        question.max_score = edit.max_score
    for name in ("examines", "reference_answer"):
        if name in given:
            setattr(question, name, clean(getattr(edit, name) or "") or None)
    if edit.points is not None:
        question.points = _points(question.points, [point for point in edit.points if clean(point.text)])


def _points(old: list[DraftPoint], wanted: list[PointEdit]) -> list[DraftPoint]:
    """The points as wanted; where they come from stays known.

    A point with the words of an old one is that one; of the rest, one in an old one's place is it reworded,
    and a person's from then on: its probe may no longer fit and goes, unless the edit gives one.
    """
    unused = dict(enumerate(old))
    by_words: dict[str, list[int]] = {}
    for number, point in unused.items():
        by_words.setdefault(words(point.text), []).append(number)
    same = {
        place: unused.pop(numbers.pop(0))
        for place, edit in enumerate(wanted)
        if (numbers := by_words.get(words(edit.text)))
    }
    points = []
    for place, edit in enumerate(wanted):
        source = same.get(place)
        update = {"text": clean(edit.text), "weight": edit.weight}
        if source is None and (source := unused.pop(place, None)) is not None:
            update |= {"proposed": False, "probe": None}
        if "probe" in edit.model_fields_set:
            update["probe"] = clean(edit.probe or "") or None
        fields = {} if source is None else source.model_dump()
        points.append(DraftPoint.model_validate(fields | update))
    return points


def _section(draft: Draft, key: str) -> DraftSection:
    """The section that what was sent names."""
    for section in draft.sections:
        if section.key == key:
            return section
    valid = ", ".join(section.key for section in draft.sections[:20])
    raise BadInputError(f"section: {key[:80]!r} is none of this draft", hint=f"Its sections: {valid}.")


def _free(stem: str, taken: set[str]) -> str:
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
