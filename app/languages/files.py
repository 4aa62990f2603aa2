"""Language files: `<folder>/<language>/<name>.yaml`, one folder a language, read strictly.

Whatever says something in a language keeps only the shape of its file, a `LanguageFile`. Adding a language is
adding a folder; no code names one.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from app.errors import SetupError
from app.settings import PROJECT_DIR

SHIPPED = PROJECT_DIR / "prompts"
# libyaml reads ten times as fast; wheels of PyYAML bring it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Strict(BaseModel):
    """A part of a file in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LanguageFile(Strict):
    """One language's file; `file` is its name in the folders, without `.yaml`."""

    file: ClassVar[str]


class Variant(Strict):
    """Another script of a language: OpenCC's conversions from it and back."""

    of: str
    conversion: str
    back: str


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

    def get(self, shape: type[File], language: str) -> File:
        """The file in the language nearest to `language`. Raises `SetupError` naming file, line and key."""
        return self._file(self.nearest(f"{shape.file}.yaml", language), shape)

    def all(self, shape: type[File]) -> dict[Path, File]:
        """Every language's file, in the order of the folders; those shipped if this folder has none."""
        paths = self._paths(f"{shape.file}.yaml")
        if not paths and self.folder != SHIPPED:
            return language_folder(SHIPPED).all(shape)
        return {path: self._file(path, shape) for path in paths}

    def having(self, name: str) -> list[str]:
        """The languages with a file `name`, sorted."""
        return [path.parent.name for path in self._paths(name)]

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
    parsed = _parse(text, path, before)
    try:
        return shape.model_validate(parsed.data)
    except ValidationError as error:
        faults = "\n".join(parsed.fault(details) for details in error.errors(include_url=False))
        raise SetupError(
            faults, hint="Correct the file; it may hold exactly the keys of its kind."
        ) from error


@dataclass(frozen=True)
class _Parsed:
    data: Any
    root: yaml.Node | None
    path: Path
    before: int

    def fault(self, details: ErrorDetails) -> str:
        """What pydantic found, with file, line, key, and what to do."""
        match details["type"]:
            case "extra_forbidden":
                said = "is no known key; remove it or correct its name"
            case "missing":
                said = f"lacks the key `{details['loc'][-1]}`; add it"
            case _:
                said = details["msg"].removeprefix("Value error, ")
        line, field = self._place(details["loc"])
        return f"{self.path}:{line}: {field or 'the file'} {said}"

    def _place(self, location: tuple[str | int, ...]) -> tuple[int, str]:
        """The line of what `location` names, or of the nearest thing around it, and what names that."""
        if self.root is None:
            return self.before + 1, ""
        node, line, names = self.root, self.root.start_mark.line, []
        for part in location:  # pydantic also names what is not in the file, such as a union's branch
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
                if found is not None:
                    line, node = found[0].start_mark.line, found[1]
                    names.append(str(part))
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
                names.append(str(part))
        return self.before + line + 1, ".".join(names)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Refuses a key that stands twice in one mapping, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Mapping[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key `{key.value}` stands twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        mapping: Mapping[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _parse(text: str, path: Path, before: int) -> _Parsed:
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            data = loader.construct_document(root) if root is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = before + mark.line + 1 if mark else before + 1
        reason = error.problem or error.context
        raise SetupError(
            f"{path}:{line}: {reason}", hint="Correct the YAML of this line or of the one above."
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise SetupError(f"{path}:{before + 1}: is no YAML ({reason})", hint="Correct the file.") from error
    return _Parsed(data, root, path, before)
