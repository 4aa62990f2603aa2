"""A draft becomes the bank that a publication would make of it. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.authoring.checks import published_fields, reasons_against
from app.authoring.identifiers import ancestors_of, free_id, question_id, slug
from app.authoring.schemas import LeftOut
from app.banks.schema import Bank, Question
from app.documents.draft import Draft, DraftPoint, DraftQuestion
from app.errors import BadInputError
from app.text.fold import words

_LONGEST_SECTION_ID = 40
_SHOWN = 200
_UNVERSIONED = "0.0.0"


@dataclass(frozen=True)
class Assembled:
    """`bank` is None when no question can be published; its version is yet to be given."""

    bank: Bank | None
    left_out: list[LeftOut]


def assemble(draft: Draft, bank_id: str, current: Bank | None, taken: Collection[str] = ()) -> Assembled:
    """The bank of the draft's publishable questions, as a successor of `current`.

    Questions and points that `current` has keep their ids, and what a draft doesn't show of them. `taken` are
    the ids of other banks' questions. Raises `BadInputError` naming the detail that a bank can't have.
    """
    left_out: list[LeftOut] = []
    chosen: list[DraftQuestion] = []
    for _, question in draft.questions():
        if reasons := reasons_against(question):
            left_out.append(LeftOut(key=question.key, text=question.text[:_SHOWN], reasons=reasons))
        else:
            chosen.append(question)
    if not chosen:
        return Assembled(None, left_out)
    ancestors = ancestors_of(chosen, current)
    ids = _question_ids(bank_id, chosen, ancestors, taken)
    competencies = _competencies(draft, current)
    declared = {item["id"] for item in competencies}
    sections: list[dict[str, Any]] = []
    section_ids = _section_ids(draft, current)
    for section in draft.sections:
        questions = [
            _question(draft, question, ids[question.key], ancestors.get(question.key), declared)
            for question in section.questions
            if question.key in ids
        ]
        if questions:
            title = section.title or draft.title
            sections.append({"id": section_ids[section.key], "title": title, "questions": questions})
    fields = {
        "id": bank_id,
        "title": draft.title,
        "role": draft.role or draft.title,
        "language": draft.language,
        "version": _UNVERSIONED,
        "description": current.description if current else None,
        "license": current.license if current else None,
        "competencies": competencies,
        "sections": sections,
    }
    try:
        return Assembled(Bank.model_validate(fields), left_out)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in details["loc"])
        raise BadInputError(f"{place}: {details['msg']}", hint="Change it in the draft.") from error


def _question(
    draft: Draft, question: DraftQuestion, name: str, ancestor: Question | None, declared: Collection[str]
) -> dict[str, Any]:
    competencies: Sequence[str] = question.competencies
    provenance = _provenance(draft, question)
    if ancestor is not None:
        competencies = competencies or ancestor.competencies
        provenance = ancestor.provenance or provenance
    return published_fields(question) | {
        "id": name,
        "competencies": [competency for competency in competencies if competency in declared],
        "points": _points(question, ancestor),
        "provenance": provenance,
    }


def _points(question: DraftQuestion, ancestor: Question | None) -> list[dict[str, Any]]:
    """The points with ids: an ancestor's for the same words, with its probe; else numbers never used yet."""
    points = [point for point in question.points if point.text]
    old = {words(point.text): point for point in reversed(ancestor.points if ancestor else [])}
    names: list[str | None] = []
    probes: list[str | None] = []
    for point in points:
        same = old.pop(words(point.text), None)
        names.append(same.id if same else None)
        probes.append(point.probe or (same.probe if same else None))
    used = {name for name in names if name} | {point.id for point in (ancestor.points if ancestor else [])}
    for place, point in enumerate(points):
        if names[place] is None and _is_free(point, names, used, ancestor):
            names[place] = point.id
            used.add(point.id or "")
    number = 0
    for place, name in enumerate(names):
        while name is None:
            number += 1
            name = f"p{number}" if f"p{number}" not in used else None
        names[place] = name
    return [
        {"id": name, "text": point.text, "weight": point.weight, "probe": probe or None}
        for name, point, probe in zip(names, points, probes, strict=True)
    ]


def _is_free(
    point: DraftPoint, names: Sequence[str | None], used: Collection[str], ancestor: Question | None
) -> bool:
    """Whether the point may have the id its source gave it: a reworded ancestor's too."""
    if point.id is None or point.id in names:
        return False
    return point.id not in used or any(point.id == old.id for old in (ancestor.points if ancestor else []))


def _question_ids(
    bank_id: str, questions: list[DraftQuestion], ancestors: dict[str, Question], taken: Collection[str]
) -> dict[str, str]:
    ids = {key: ancestor.id for key, ancestor in ancestors.items()}
    used = {*taken, *ids.values()}
    for question in questions:
        if question.key not in ids:
            own = question.id
            name = own if own and own not in used else question_id(bank_id, question.text, used)
            ids[question.key] = name
            used.add(name)
    return ids


def _section_ids(draft: Draft, current: Bank | None) -> dict[str, str]:
    old = {words(section.title): section.id for section in reversed(current.sections if current else [])}
    ids = {
        section.key: name
        for section in draft.sections
        if (name := old.pop(words(section.title), None)) is not None
    }
    used = set(ids.values())
    for number, section in enumerate(draft.sections, 1):
        if section.key not in ids:
            wanted = slug(section.title, _LONGEST_SECTION_ID) or f"section-{number}"
            ids[section.key] = free_id(wanted, used)
            used.add(ids[section.key])
    return ids


def _competencies(draft: Draft, current: Bank | None) -> list[dict[str, Any]]:
    declared = draft.competencies or (current.competencies if current else [])
    return [competency.model_dump() for competency in declared]


def _provenance(draft: Draft, question: DraftQuestion) -> str | None:
    """The file and line a question comes from."""
    if question.span is None:
        return None
    return f"{draft.source.name[:_SHOWN]}:{question.span.line}"
