"""Which language a page speaks: the visitor's choice, else what the browser asks for, else Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language of the pages: its BCP 47 `code`, its own name, and a short label for the switch."""

    code: str
    name: str
    label: str


LANGUAGES = (
    Language("zh-CN", "简体中文", "简"),
    Language("zh-Hant", "繁體中文", "繁"),
    Language("en", "English", "EN"),
)
DEFAULT = LANGUAGES[0]
# Of other languages that a bank may be written in.
_OWN_NAMES = {
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "Português",
    "ru": "Русский",
    "vi": "Tiếng Việt",
}
_TRADITIONAL = {"tw", "hk", "mo", "hant"}


def by_code(code: str | None) -> Language | None:
    """The language with exactly this code, or None."""
    return next((language for language in LANGUAGES if language.code == code), None)


def name_of(code: str) -> str:
    """A language's own name, whatever region the code names; the code itself for one not known here."""
    primary = code.lower().partition("-")[0]
    return pick(None, code).name if primary in ("zh", "en") else _OWN_NAMES.get(primary, code)


def pick(chosen: str | None, accept_language: str | None) -> Language:
    """The `chosen` language if there is one, else the best match for an `Accept-Language` header."""
    language = by_code(chosen)
    if language is not None:
        return language
    for tag in _by_preference(accept_language or ""):
        primary, *rest = tag.lower().split("-")
        if primary == "zh":
            return LANGUAGES[1] if _TRADITIONAL.intersection(rest) else LANGUAGES[0]
        if primary == "en":
            return LANGUAGES[2]
    return DEFAULT


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
