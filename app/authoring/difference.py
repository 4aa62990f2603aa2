"""What differs between two versions of a bank, question by question and field by field. Pure."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, JsonValue

from app.banks.schema import Bank, Question, RubricPoint, Section

_BANK_FIELDS = ("title", "role", "language", "description", "license")
_QUESTION_FIELDS = (
    "text",
    "kind",
    "difficulty",
    "max_score",
    "examines",
    "reference_answer",
    "competencies",
    "provenance",
)
_POINT_FIELDS = ("text", "weight", "probe")


class FieldChange(BaseModel):
    """A field with another value; null where there was, or is, none."""

    field: str
    before: JsonValue
    after: JsonValue


class PointChange(BaseModel):
    """A rubric point that came, went or changed; `fields` hold what changed."""

    id: str
    change: Literal["added", "removed", "changed"]
    text: str
    fields: list[FieldChange] = []


class QuestionLine(BaseModel):
    """A question that is in one of the versions only. `section` is a title."""

    id: str
    section: str
    text: str


class QuestionChange(QuestionLine):
    """A question that changed; a move to another section is a change of the field `section`."""

    fields: list[FieldChange]
    points: list[PointChange]


class BankDiff(BaseModel):
    """From one version of a bank to another; `before` is null for a bank that is new.

    `reordered`: the questions or points that both have stand in another order.
    """

    bank_id: str
    before: str | None
    after: str | None
    details: list[FieldChange] = []
    added: list[QuestionLine] = []
    removed: list[QuestionLine] = []
    changed: list[QuestionChange] = []
    unchanged: int = 0
    reordered: bool = False

    @property
    def changes_questions(self) -> bool:
        """Whether any question was added, removed or changed."""
        return bool(self.added or self.removed or self.changed)

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.changes_questions or self.details or self.reordered)


def difference(bank_id: str, before: Bank | None, after: Bank | None) -> BankDiff:
    """What it takes to come from `before` to `after`; None is a bank without questions."""
    old, new = _places(before), _places(after)
    diff = BankDiff(
        bank_id=bank_id,
        before=before.version if before else None,
        after=after.version if after else None,
        details=_details(before, after),
        added=[_line(*place) for name, place in new.items() if name not in old],
        removed=[_line(*place) for name, place in old.items() if name not in new],
    )
    for name, place in new.items():
        if name not in old:
            continue
        change = _question_change(old[name], place)
        if change.fields or change.points:
            diff.changed.append(change)
        else:
            diff.unchanged += 1
    kept_points = any(
        _order(old[name][1].points, place[1].points) for name, place in new.items() if name in old
    )
    diff.reordered = kept_points or [name for name in old if name in new] != [
        name for name in new if name in old
    ]
    return diff


_Place = tuple[Section, Question]


def _places(bank: Bank | None) -> dict[str, _Place]:
    sections = bank.sections if bank else []
    return {question.id: (section, question) for section in sections for question in section.questions}


def _line(section: Section, question: Question) -> QuestionLine:
    return QuestionLine(id=question.id, section=section.title, text=question.text)


def _details(before: Bank | None, after: Bank | None) -> list[FieldChange]:
    if before is None or after is None:
        return []
    changes = _fields(before.model_dump(mode="json"), after.model_dump(mode="json"), _BANK_FIELDS)
    old, new = ([item.title for item in bank.competencies] for bank in (before, after))
    if before.competencies != after.competencies:
        changes.append(FieldChange(field="competencies", before=list(old), after=list(new)))
    return changes


def _question_change(old: _Place, new: _Place) -> QuestionChange:
    before, after = old[1], new[1]
    fields = _fields(before.model_dump(mode="json"), after.model_dump(mode="json"), _QUESTION_FIELDS)
    if (old[0].id, old[0].title) != (new[0].id, new[0].title):
        fields.append(FieldChange(field="section", before=old[0].title, after=new[0].title))
    return QuestionChange(
        id=after.id, section=new[0].title, text=after.text, fields=fields, points=_points(before, after)
    )


def _points(before: Question, after: Question) -> list[PointChange]:
    old, new = ({point.id: point for point in question.points} for question in (before, after))
    changes = [
        PointChange(id=point.id, change="removed", text=point.text)
        for point in before.points
        if point.id not in new
    ]
    for point in after.points:
        if point.id not in old:
            changes.append(PointChange(id=point.id, change="added", text=point.text))
        elif fields := _fields(old[point.id].model_dump(), point.model_dump(), _POINT_FIELDS):
            changes.append(PointChange(id=point.id, change="changed", text=point.text, fields=fields))
    return changes


def _order(before: list[RubricPoint], after: list[RubricPoint]) -> bool:
    """Whether the points that both have changed their order."""
    old, new = [point.id for point in before], [point.id for point in after]
    return [name for name in old if name in new] != [name for name in new if name in old]


def _fields(
    before: Mapping[str, JsonValue], after: Mapping[str, JsonValue], names: tuple[str, ...]
) -> list[FieldChange]:
    return [
        FieldChange(field=name, before=before[name], after=after[name])
        for name in names
        if before[name] != after[name]
    ]
