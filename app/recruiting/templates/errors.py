"""Why a template can't be used or changed; for its content field by field, as forms show it."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from app.errors import BadInputError, ConflictError

_KINDS = {
    "missing": "required",
    "string_too_short": "required",
    "too_short": "required",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "int_parsing": "whole_number",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "int_parsing_size": "whole_number",
    "one_way": "one_way",
}
_LIMITS = ("max_length", "ge", "le")


@dataclass(frozen=True)
class FieldProblem:
    """`kind` is a stable name, `values` what its sentence needs; `message` says it in English."""

    field: str
    kind: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class ContentError(BadInputError):
    """A template that can't be used; `problems` says why, a field each."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{each.field}: {each.message}" for each in problems), hint="Change the named fields."
        )


class DrawError(ConflictError):
    """The banks no longer hold what a template asks for."""


class StaleTemplateError(ConflictError):
    """Someone else changed the template since it was read; `revision` is the present one."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        super().__init__(
            "someone else changed this template meanwhile",
            hint="Their change is kept and yours was not made: read the template again, then repeat it.",
        )


def problems_of(error: ValidationError, banks: Sequence[str]) -> list[FieldProblem]:
    """What pydantic found wrong; `banks` are those of the parts, which then stand in the fields' names."""
    found = []
    for each in error.errors(include_url=False):
        context = each.get("ctx", {})
        limit = next((context[name] for name in _LIMITS if name in context), None)
        field = _field(each["loc"], banks)
        kind = _KINDS.get(each["type"], "not_usable")
        if field == "parts" and kind == "required":
            kind = "no_questions"
        found.append(FieldProblem(field, kind, each["msg"], {} if limit is None else {"limit": limit}))
    return found


def _field(location: tuple[int | str, ...], banks: Sequence[str]) -> str:
    """`parts.<bank>` and `parts.<bank>.<section>` for what concerns a bank, else the field's own name."""
    if len(location) >= 2 and location[0] == "parts" and isinstance(location[1], int):
        section = [str(name) for name in location[3:4] if location[2] == "sections"]
        return ".".join(["parts", banks[location[1]], *section])
    return str(location[0]) if location else "parts"
