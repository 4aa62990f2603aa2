"""The words on the pages: a folder of strings a language, looked up by dotted key: file, then path in it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

import opencc
from pydantic import Discriminator, RootModel, Tag

from app.languages.files import Strict, read_yaml
from app.web.languages import STRINGS_DIR, PageLanguage, by_code

Entry = str | Mapping[str, str]


class Forms(Strict):
    """A text in the forms that a number chooses from."""

    one: str
    other: str


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "forms" if set(value) == {"one", "other"} else "group"
    return "text"


class Group(RootModel[dict[str, "_Text"]]):
    """Texts by name; a group may hold groups."""


_Text = Annotated[
    Annotated[str, Tag("text")] | Annotated[Forms, Tag("forms")] | Annotated[Group, Tag("group")],
    Discriminator(_kind),
]


class Wording:
    """One language's strings. An entry is a text, or the forms `one` and `other` chosen by the value `n`."""

    def __init__(self, language: str, entries: Mapping[str, Entry]) -> None:
        self.language = language
        self._entries = entries

    def keys(self) -> set[str]:
        """All dotted keys."""
        return set(self._entries)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with `{name}` replaced by the values; a missing key raises `KeyError`."""
        entry = self._entries[key]
        if not isinstance(entry, str):
            entry = entry["one" if values.get("n") == 1 else "other"]
        return entry.format(**values) if values else entry

    def group(self, *prefixes: str) -> dict[str, Entry]:
        """The entries whose keys begin with one of the prefixes, for a page's scripts."""
        return {key: entry for key, entry in self._entries.items() if key.startswith(prefixes)}


@lru_cache
def wording(language: str) -> Wording:
    """The table of `language`, read once."""
    known = by_code(language)
    if known is not None and known.converted is not None:
        convert = opencc.OpenCC(known.converted.conversion).convert
        entries = _read(known.converted.source)
        return Wording(language, {key: _convert(entry, convert) for key, entry in entries.items()})
    return Wording(language, _read(language))


def _convert(entry: Entry, convert: Any) -> Entry:
    if isinstance(entry, str):
        return str(convert(entry))
    return {form: str(convert(text)) for form, text in entry.items()}


def _read(language: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for path in sorted((STRINGS_DIR / language).glob("*.yaml")):
        if path.stem != PageLanguage.file:
            _flatten(read_yaml(path, Group), f"{path.stem}.", entries)
    return entries


def _flatten(group: Group, prefix: str, entries: dict[str, Entry]) -> None:
    for name, text in group.root.items():
        if isinstance(text, Group):
            _flatten(text, f"{prefix}{name}.", entries)
        else:
            entries[f"{prefix}{name}"] = text if isinstance(text, str) else text.model_dump()
