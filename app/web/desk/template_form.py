"""The form of a template: read from a post or a template, checked field by field. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from app.banks.schema import Bank
from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.errors import ContentError, FieldProblem, problems_of
from app.text.quoting import clean

_TEXTS = ("name", "organisation", "intro", "facts")
_NUMBERS = ("minutes", "follow_ups", "retention_days", "link_days")
_CHOSEN = ("mode", "drawing", "sees", "follow_up_style")
_CHOICES = (*_CHOSEN, "language")
SWITCHES = ("blind", "asks_back")
FIELDS = (*_TEXTS, *_NUMBERS, *_CHOICES)
_COUNT = "parts."


@dataclass(frozen=True)
class TemplateForm:
    """What the form holds, as typed; `on` are its switches, `counts` by `parts.<bank>[.<section>]`."""

    values: Mapping[str, str]
    on: frozenset[str] = frozenset()
    counts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: TemplateContent) -> "TemplateForm":
        """A template's content."""
        values = {name: _shown(getattr(content, name)) for name in FIELDS}
        counts: dict[str, str] = {}
        for part in content.parts:
            if part.count is not None:
                counts[f"{_COUNT}{part.bank}"] = str(part.count)
            for section, count in part.sections.items():
                counts[f"{_COUNT}{part.bank}.{section}"] = str(count)
        on = frozenset(name for name in SWITCHES if getattr(content, name))
        return cls(values, on, counts)

    @classmethod
    def read(cls, sent: FormData) -> "TemplateForm":
        """What was sent."""
        values = {name: clean(str(sent.get(name, ""))) for name in FIELDS}
        counts = {name: clean(str(value)) for name, value in sent.multi_items() if name.startswith(_COUNT)}
        on = frozenset(name for name in SWITCHES if sent.get(name) == "yes")
        return cls(values, on, {name: text for name, text in counts.items() if text})

    def content(self, banks: Iterable[Bank]) -> TemplateContent:
        """The template's content; counts are those of the `banks` that are offered. Raises `ContentError`."""
        raw: dict[str, Any] = {
            name: self.values[name] for name in (*_TEXTS, "mode", "drawing", "sees", "follow_up_style")
        }
        raw |= {name: self.values[name] or None for name in ("minutes", "retention_days", "language")}
        raw |= {name: self.values[name] for name in ("follow_ups", "link_days")}
        raw |= {name: name in self.on for name in SWITCHES}
        raw["parts"] = parts = [part for bank in banks if (part := self._part(bank))]
        try:
            return TemplateContent.model_validate(raw)
        except ValidationError as error:
            names = [str(part["bank"]) for part in parts]
            raise ContentError(_worded(problems_of(error, names), raw)) from error

    def _part(self, bank: Bank) -> dict[str, Any] | None:
        sections = {
            section.id: count
            for section in bank.sections
            if (count := self.counts.get(f"{_COUNT}{bank.id}.{section.id}", "0")) != "0"
        }
        count = self.counts.get(f"{_COUNT}{bank.id}", "0")
        if count == "0" and not sections:
            return None
        return {"bank": bank.id, "sections": sections, "count": None if count == "0" else count}


def _worded(problems: list[FieldProblem], raw: Mapping[str, Any]) -> list[FieldProblem]:
    """A number that was left empty is missing, and not merely no number."""
    return [
        FieldProblem(each.field, "required", each.message) if raw.get(each.field) == "" else each
        for each in problems
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)
