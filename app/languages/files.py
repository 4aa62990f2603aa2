"""Language files: `<folder>/<language>/<name>.yaml`, one folder a language, read strictly.

Whatever says something in a language keeps only the shape of its file, a `LanguageFile`. Adding a language is
adding a folder; no code names one.
"""

from functools import lru_cache
from pathlib import Path
from typing import ClassVar, TypeVar

import opencc
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from app.errors import SetupError
from app.settings import PROJECT_DIR
from app.strict_yaml import YamlFault, read_yaml_text

SHIPPED = PROJECT_DIR / "prompts"


class Strict(BaseModel):
    """A part of a file in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LanguageFile(Strict):
    """One language's file; `file` is its name in the folders, without `.yaml`."""

    file: ClassVar[str]


class Variant(Strict):
    """Another script of the language `of`: OpenCC's conversions to it and back.

    `subtags`, in lower case, tell it in a language tag.
    """

    of: str
    conversion: str
    back: str
    subtags: frozenset[str] = frozenset()


class Persons(Strict):
    """Words for the speaker and for the one spoken to; `subject`: those in which the speaker acts."""

    subject: frozenset[str]
    first: frozenset[str]
    second: frozenset[str]


class Facts(LanguageFile):
    """What is known of a language.

    `name` is its own, `tag` that of texts in it where it isn't the folder's. `letters`, a regular expression
    for one, are those it alone is written in, unless they are `shared`; `words` its commonest. `fallback` is
    true of the language that stands in for those without a file.
    """

    file = "language"

    name: str = ""
    tag: str = ""
    letters: str = ""
    shared: bool = False
    words: frozenset[str] = frozenset()
    persons: Persons | None = None
    variant: Variant | None = None
    fallback: bool = False


File = TypeVar("File", bound=LanguageFile)
Shape = TypeVar("Shape", bound=BaseModel)


class LanguageFolder:
    """The language files of one folder; each is read once."""

    def __init__(self, folder: Path) -> None:
        """Raises `SetupError` when there is no such folder."""
        if not folder.is_dir():
            raise SetupError(
                f"there is no folder of prompts {folder}", hint="Correct or unset INTERVIEWER_PROMPTS_DIR."
            )
        self.folder = folder
        self._read: dict[tuple[Path, type[LanguageFile]], LanguageFile] = {}
        self._converted: dict[tuple[Path, str], LanguageFile] = {}

    def get(self, shape: type[File], language: str) -> File:
        """The file in the language nearest to `language`, and in its script.

        Raises `SetupError` naming file, line and key.
        """
        path = self.nearest(f"{shape.file}.yaml", language)
        variant = self.variant(language)
        if variant is None or path.parent.name != variant.of:
            return self._file(path, shape)
        key = (path, variant.conversion)
        if key not in self._converted:
            text = _converter(variant.conversion).convert(self._file(path, shape).model_dump_json())
            self._converted[key] = shape.model_validate_json(text)
        read = self._converted[key]
        assert isinstance(read, shape)
        return read

    def all(self, shape: type[File]) -> dict[Path, File]:
        """Every language's file, in the order of the folders; those shipped if this folder has none."""
        paths = self._paths(f"{shape.file}.yaml")
        if not paths and self.folder != SHIPPED:
            return language_folder(SHIPPED).all(shape)
        return {path: self._file(path, shape) for path in paths}

    def having(self, name: str) -> list[str]:
        """The languages with a file `name`, sorted."""
        return [path.parent.name for path in self._paths(name)]

    def spoken(self) -> list[str]:
        """The languages with words for a conversation, each with its other scripts."""
        spoken = self.having("phrases.yaml")
        variants = {path.parent.name: facts.variant for path, facts in self.all(Facts).items()}
        return sorted(spoken + [name for name, each in variants.items() if each and each.of in spoken])

    def variant(self, tag: str) -> Variant | None:
        """The script that a language tag names; none where it is the one its language's files are in."""
        base, *subtags = tag.lower().split("-")
        for known in self.all(Facts).values() if subtags else ():
            if known.variant and known.variant.of == base and known.variant.subtags.intersection(subtags):
                return known.variant
        return None

    def rewritten(self, text: str, before: str, after: str) -> str:
        """A text in the language `before` in the script of `after`, another tag of that language."""
        old, new = self.variant(before), self.variant(after)
        if old != new:
            text = _converter(old.back).convert(text) if old else text
            text = _converter(new.conversion).convert(text) if new else text
        return text

    def nearest(self, name: str, language: str) -> Path:
        """The file `name` of `language`, else of that without its region, else of the fallback.

        Raises `SetupError` saying which file to add when there is none.
        """
        base = language.partition("-")[0]
        for candidate in (language, base):
            path = self.folder / candidate / name
            if path.is_file():
                return path
        path = self.folder / self.fallback() / name
        if path.is_file():
            return path
        raise SetupError(
            f"there is no {name} for the language '{language}' in {self.folder}",
            hint=f"Add {self.folder / base / name}.",
        )

    def fallback(self) -> str:
        """The language that stands in for others. Raises `SetupError` unless one file says so."""
        found = [path for path, facts in self.all(Facts).items() if facts.fallback]
        if len(found) != 1:
            raise SetupError(
                f"{len(found)} languages of {self.folder} are the fallback",
                hint="Write `fallback: true` into the language.yaml of one language.",
            )
        return found[0].parent.name

    def _paths(self, name: str) -> list[Path]:
        return sorted(self.folder.glob(f"*/{name}"))

    def _file(self, path: Path, shape: type[File]) -> File:
        key = (path, shape)
        if key not in self._read:
            self._read[key] = read_yaml(path, shape)
        read = self._read[key]
        assert isinstance(read, shape)
        return read


def base_of(tag: str) -> str:
    """The language of a tag, without region and script."""
    return tag.lower().partition("-")[0]


@lru_cache
def _converter(conversion: str) -> opencc.OpenCC:
    return opencc.OpenCC(conversion)


@lru_cache
def language_folder(folder: Path) -> LanguageFolder:
    """The one `LanguageFolder` of this process for `folder`."""
    return LanguageFolder(folder)


def read_yaml(path: Path, shape: type[Shape]) -> Shape:
    """One file in its shape. Raises `SetupError` naming the file and the line of everything wrong in it."""
    return parse_yaml(read_text(path), shape, path)


def read_text(path: Path) -> str:
    """A file's text with line ends unified. Raises `SetupError` where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SetupError(
            f"{path}:{line}: is not UTF-8", hint="Save the file with the encoding UTF-8."
        ) from error
    except OSError as error:
        raise SetupError(f"{path}: can't be read ({error.strerror})", hint="Add the file.") from error


def parse_yaml(text: str, shape: type[Shape], path: Path, before: int = 0) -> Shape:
    """YAML text in its shape; it follows `before` lines of the file `path`. Raises `SetupError`."""
    try:
        read = read_yaml_text(text)
        for line, steps in read.repeated_keys():
            raise YamlFault(line, f"the key `{steps[-1]}` stands twice")
    except YamlFault as fault:
        said, hint = fault.reason, "Correct the YAML of this line or of the one above."
        if not fault.line:
            said, hint = f"is no YAML ({said})", "Correct the file."
        raise SetupError(f"{path}:{before + (fault.line or 1)}: {said}", hint=hint) from fault
    try:
        return shape.model_validate(read.data)
    except ValidationError as error:
        faults = []
        for details in error.errors(include_url=False):
            line, steps = read.place(details["loc"])
            field = ".".join(map(str, steps)) or "the file"
            faults.append(f"{path}:{before + line}: {field} {_said(details)}")
        raise SetupError(
            "\n".join(faults), hint="Correct the file; it may hold exactly the keys of its kind."
        ) from error


def _said(details: ErrorDetails) -> str:
    """What pydantic found, and what to do."""
    match details["type"]:
        case "extra_forbidden":
            return "is no known key; remove it or correct its name"
        case "missing":
            return f"lacks the key `{details['loc'][-1]}`; add it"
        case _:
            return details["msg"].removeprefix("Value error, ")
