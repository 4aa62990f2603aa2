"""What a suite knows of a language: one YAML file a language, in the shape of a model."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from app.errors import SetupError
from app.languages.files import Strict, read_yaml

Shape = TypeVar("Shape", bound=Strict)


def read_language_file(shape: type[Shape], folder: Path, language: str) -> Shape:
    """The file of `folder` for `language`; `zh-CN` finds `zh`. Raises `SetupError` naming file and fault."""
    path = folder / f"{language.split('-')[0]}.yaml"
    if not path.is_file():
        raise SetupError(f"{path}: there is no such file", hint="Write one in the shape of the others.")
    read = _read(shape, path)
    assert isinstance(read, shape)
    return read


@lru_cache
def _read(shape: type[Strict], path: Path) -> Strict:
    return read_yaml(path, shape)
