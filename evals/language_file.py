"""What a suite knows of a language: one YAML file a language, in the shape of a model."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.errors import SetupError

Shape = TypeVar("Shape", bound=BaseModel)


def read_language_file(shape: type[Shape], folder: Path, language: str) -> Shape:
    """The file of `folder` for `language`; `zh-CN` finds `zh`. Raises `SetupError` naming file and fault."""
    path = folder / f"{language.split('-')[0]}.yaml"
    if not path.is_file():
        raise SetupError(f"{path}: there is no such file", hint="Write one in the shape of the others.")
    read = _read(shape, path)
    assert isinstance(read, shape)
    return read


@lru_cache
def _read(shape: type[BaseModel], path: Path) -> BaseModel:
    try:
        return shape.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}", hint="Correct the file; unknown fields are errors.") from error
