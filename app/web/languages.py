"""Which language a page speaks: the visitor's choice, else what the browser asks for, else the first.

The languages are the folders of `strings/`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.languages.files import LanguageFile, LanguageFolder, Strict
from app.languages.guessing import facts

STRINGS_DIR = Path(__file__).parent / "strings"


class Converted(Strict):
    """Whose strings a language has, and the OpenCC conversion from them."""

    source: str
    conversion: str


class PageLanguage(LanguageFile):
    """How the switch shows a language, in which `order`; `subtags` tell it from others of the same base."""

    file = "language"

    order: int
    name: str
    label: str
    subtags: frozenset[str] = frozenset()
    converted: Converted | None = None


@dataclass(frozen=True)
class Language:
    """A language of the pages: its BCP 47 `code`, its own name, and a short label for the switch."""

    code: str
    name: str
    label: str
    subtags: frozenset[str] = frozenset()
    converted: Converted | None = None


def _shipped() -> tuple[Language, ...]:
    files = LanguageFolder(STRINGS_DIR).all(PageLanguage)
    ordered = sorted(files.items(), key=lambda pair: pair[1].order)
    return tuple(
        Language(path.parent.name, each.name, each.label, each.subtags, each.converted)
        for path, each in ordered
    )


LANGUAGES = _shipped()
DEFAULT = LANGUAGES[0]


def by_code(code: str | None) -> Language | None:
    """The language with exactly this code, or None."""
    return next((language for language in LANGUAGES if language.code == code), None)


def name_of(code: str) -> str:
    """A language's own name, whatever region the code names; the code itself for one not known."""
    base, *subtags = code.lower().split("-")
    language = _of_base(base, subtags)
    if language is not None:
        return language.name
    known = facts().get(base)
    return known.name if known is not None and known.name else code


def pick(chosen: str | None, accept_language: str | None) -> Language:
    """The `chosen` language if there is one, else the best match for an `Accept-Language` header."""
    language = by_code(chosen)
    if language is not None:
        return language
    for tag in _by_preference(accept_language or ""):
        base, *subtags = tag.lower().split("-")
        language = _of_base(base, subtags)
        if language is not None:
            return language
    return DEFAULT


def _of_base(base: str, subtags: Sequence[str]) -> Language | None:
    """The language of this base that one of the subtags asks for, else the first of this base."""
    matching = [each for each in LANGUAGES if each.code.partition("-")[0] == base]
    return next((each for each in matching if each.subtags.intersection(subtags)), next(iter(matching), None))


def _by_preference(accept_language: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            quality = 0.0
        if tag and quality > 0:
            weighted.append((quality, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
