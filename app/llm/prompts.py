"""Prompts as files: `prompts/<language>/<name>.md`, strict front matter, sections rendered with Jinja.

A prompt file is YAML front matter (`purpose`, `inputs`, `output`) and sections that begin with a line
`# <name>`; `system` and `user` become chat messages. Every declared input must be given and nothing else.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, UndefinedError
from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import SetupError

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"^# (\w+)\n", re.MULTILINE)
_FALLBACK_LANGUAGE = "en"


class FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: str
    inputs: list[str]
    output: str


@dataclass(frozen=True)
class RenderedPrompt:
    """Chat messages ready to send, with the name and hash of the prompt they came from."""

    name: str
    hash: str
    messages: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Prompt:
    """One prompt file; `hash` is the first 16 hex digits of its SHA-256."""

    name: str
    language: str
    hash: str
    front: FrontMatter
    sections: Mapping[str, str]

    def render(self, **values: Any) -> RenderedPrompt:
        """The `system` and `user` sections as chat messages; `SetupError` on missing or extra inputs."""
        self._check(values)
        messages = tuple(
            {"role": role, "content": self._fill(role, values)}
            for role in ("system", "user")
            if role in self.sections
        )
        return RenderedPrompt(f"{self.language}/{self.name}", self.hash, messages)

    def section(self, section: str, **values: Any) -> str:
        """One section's text; it may use fewer inputs than the file declares, but none undeclared."""
        if section not in self.sections:
            raise SetupError(f"prompt {self.language}/{self.name}.md has no section '# {section}'")
        return self._fill(section, values)

    def _check(self, values: Mapping[str, Any]) -> None:
        declared = set(self.front.inputs)
        if declared != set(values):
            raise SetupError(
                f"prompt {self.language}/{self.name}.md declares inputs {sorted(declared)}, "
                f"given {sorted(values)}",
                hint="Make the front matter's inputs and the call agree.",
            )

    def _fill(self, section: str, values: Mapping[str, Any]) -> str:
        try:
            return _environment().from_string(self.sections[section]).render(values)
        except UndefinedError as error:
            raise SetupError(
                f"prompt {self.language}/{self.name}.md, section '# {section}': {error}"
            ) from error


class PromptLibrary:
    """The prompts of one folder; a bank's language picks the subfolder, `zh-CN` finding `zh`, else `en`."""

    def __init__(self, folder: Path) -> None:
        """Raises `SetupError` when there is no such folder."""
        if not folder.is_dir():
            raise SetupError(
                f"there is no folder of prompts {folder}", hint="Correct or unset INTERVIEWER_PROMPTS_DIR."
            )
        self._folder = folder
        self._loaded: dict[Path, Prompt] = {}

    @property
    def folder(self) -> Path:
        """Where the language folders are; phrases and intents live beside the prompts."""
        return self._folder

    def get(self, name: str, language: str) -> Prompt:
        """The prompt in the language nearest to `language`. Raises `SetupError` when there is none."""
        for candidate in (language, language.split("-")[0], _FALLBACK_LANGUAGE):
            path = self._folder / candidate / f"{name}.md"
            if path not in self._loaded and path.is_file():
                self._loaded[path] = _load(path, candidate)
            if path in self._loaded:
                return self._loaded[path]
        raise SetupError(
            f"no prompt '{name}' for language '{language}' in {self._folder}",
            hint=f"Add {self._folder / language.split('-')[0] / name}.md",
        )


def _load(path: Path, language: str) -> Prompt:
    source = path.read_text(encoding="utf-8")
    match = _FRONT_MATTER.match(source)
    if match is None:
        raise SetupError(f"{path}: a prompt begins with YAML front matter between two '---' lines")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(match[1]))
    except (ValidationError, yaml.YAMLError) as error:
        raise SetupError(f"{path}: front matter: {error}") from error
    pieces = _SECTION.split(match[2])
    sections = {name: body.strip("\n") for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    if not sections:
        raise SetupError(f"{path}: no sections; begin one with a line '# system' or '# user'")
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return Prompt(path.stem, language, digest, front, sections)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Prompts are plain text, not HTML: what goes in must arrive as typed.
    return Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
