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

from jinja2 import Environment, StrictUndefined, Template, UndefinedError

from app.errors import SetupError
from app.languages.files import LanguageFolder, Strict, parse_yaml, read_text

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"^# (\w+)\n", re.MULTILINE)


class FrontMatter(Strict):
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
            return _template(self.sections[section]).render(values)
        except UndefinedError as error:
            raise SetupError(
                f"prompt {self.language}/{self.name}.md, section '# {section}': {error}"
            ) from error


class PromptLibrary:
    """The prompts of one folder, each read once; a bank's language picks the subfolder nearest to it."""

    def __init__(self, folder: Path) -> None:
        """Raises `SetupError` when there is no such folder."""
        self.files = LanguageFolder(folder)
        self._loaded: dict[Path, Prompt] = {}

    @property
    def folder(self) -> Path:
        """Where the language folders are; phrases and intents live beside the prompts."""
        return self.files.folder

    def get(self, name: str, language: str) -> Prompt:
        """The prompt in the language nearest to `language`. Raises `SetupError` when there is none."""
        path = self.files.nearest(f"{name}.md", language)
        if path not in self._loaded:
            self._loaded[path] = _load(path)
        return self._loaded[path]


def _load(path: Path) -> Prompt:
    source = read_text(path)
    match = _FRONT_MATTER.match(source)
    if match is None:
        raise SetupError(
            f"{path}:1: a prompt begins with YAML front matter between two '---' lines",
            hint="Write its purpose, inputs and output there, as the other prompts do.",
        )
    front = parse_yaml(match[1], FrontMatter, path, before=1)
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return Prompt(path.stem, path.parent.name, digest, front, _sections(source, match.start(2), path))


def _sections(source: str, start: int, path: Path) -> dict[str, str]:
    """The sections that begin at `start` or after it, by name."""
    heads = list(_SECTION.finditer(source, start))
    line = source.count("\n", 0, start) + 1
    if not heads:
        raise SetupError(f"{path}:{line}: no sections", hint="Begin one with a line '# system' or '# user'.")
    if source[start : heads[0].start()].strip():
        raise SetupError(f"{path}:{line}: text above the first section", hint="Put it below '# system'.")
    sections: dict[str, str] = {}
    ends = [head.start() for head in heads[1:]] + [len(source)]
    for head, end in zip(heads, ends, strict=True):
        if head[1] in sections:
            line = source.count("\n", 0, head.start()) + 1
            raise SetupError(
                f"{path}:{line}: the section '# {head[1]}' stands twice", hint="Keep one of the two."
            )
        sections[head[1]] = source[head.end() : end].strip("\n")
    return sections


@lru_cache(maxsize=256)
def _template(source: str) -> Template:
    # To compile one takes longer than all else about a prompt.
    return _environment().from_string(source)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Prompts are plain text, not HTML: what goes in must arrive as typed.
    return Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
