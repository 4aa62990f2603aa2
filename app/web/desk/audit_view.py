"""What the audit log kept about an event, in the reader's words. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.web.wording import Wording

_LABEL = "audit.detail."
_VALUE = "audit.value."
# What is about the whole interview is about no question and no point of it.
_PLACES = ("number", "point")
_ID = re.compile(r"[0-9a-f]{32}")
# Where else the words of a value are found, by what it tells.
_ALSO = {
    "fields": "templates.field.",
    "sees": "templates.sees.",
    "drawing": "templates.drawing.",
    "mode": "mode.",
    "status": "recruiter.",
    "role": "people.role.",
    "before": "people.role.",
    "after": "people.role.",
}


@dataclass(frozen=True)
class Detail:
    """One thing kept: its label, None where it has no name yet, its own `key`, its value in words.

    `id` is set where the value is an id that other events may be about; `is_raw` is a value without words,
    such as the name of a bank.
    """

    label: str | None
    key: str
    text: str
    id: str | None = None
    is_raw: bool = False


def details(t: Wording, kept: Mapping[str, Any]) -> list[Detail]:
    """Everything that was kept, in its order; what has no words yet stands as it was kept."""
    return [
        Detail(_label(t, key), key, text, value if _is_id(value) else None, is_raw=value == text)
        for key, value in kept.items()
        if value is not None or key not in _PLACES
        for text in [_text(t, key, value)]
    ]


def short(subject: str) -> str:
    """An id by its beginning; any other name whole."""
    return subject[:8] if _is_id(subject) else subject


def _label(t: Wording, key: str) -> str | None:
    return t(f"{_LABEL}{key}") if f"{_LABEL}{key}" in t else None


def _text(t: Wording, key: str, value: Any) -> str:
    if value is None:
        return t("audit.none")
    if isinstance(value, bool):
        return t("audit.yes" if value else "audit.no")
    if isinstance(value, Mapping):
        given = {name: each for name, each in value.items() if each is not None}
        parts = [f"{_label(t, name) or name} {_text(t, name, each)}" for name, each in given.items()]
        empty = f"{_VALUE}{key}.empty"
        return t("audit.mark").join(parts) or t(empty if empty in t else "audit.none")
    if isinstance(value, list):
        return t("audit.mark").join(_text(t, key, each) for each in value) or t("audit.none")
    if _is_id(value):
        return short(value)
    keys = (f"{_VALUE}{key}.{value}", f"{_ALSO.get(key, _VALUE)}{value}")
    return next((t(each) for each in keys if each in t), str(value))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
