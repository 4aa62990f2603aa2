"""YAML with lines, for files in which a mistake is to be named with its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import yaml

# libyaml reads ten times as fast; wheels of PyYAML bring it.
YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Steps = tuple[str | int, ...]


class YamlFault(Exception):
    """Why a text is no YAML, and the line (from 1) that shows it, 0 where none does."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class YamlText:
    """What a text holds, and the nodes it was made from; lines count from 1."""

    data: Any
    root: yaml.Node | None

    def place(self, location: Steps) -> tuple[int, Steps]:
        """The line of `location` or of the nearest thing around it, and those of its steps that exist."""
        node, found = self.root, []
        line = node.start_mark.line if node else 0
        for step in location:  # pydantic also names what is not in the file, such as a union's branch
            if isinstance(node, yaml.MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if pair is not None:
                    line, node = pair[0].start_mark.line, pair[1]
                    found.append(step)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line
                found.append(step)
        return line + 1, tuple(found)

    def repeated_keys(self) -> Iterator[tuple[int, Steps]]:
        """Lines and steps of keys that stand again in a mapping, of which YAML silently keeps the last."""
        return _repeated_keys(self.root, ())


@contextmanager
def yaml_faults() -> Iterator[None]:
    """Turns PyYAML's errors into `YamlFault`."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFault(mark.line + 1 if mark else 0, str(error.problem or error.context)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlFault(0, str(error).splitlines()[0]) from error


def read_yaml_text(text: str) -> YamlText:
    """Raises `YamlFault`."""
    with yaml_faults():
        loader = YAML_LOADER(text)
        try:
            root = loader.get_single_node()
            return YamlText(loader.construct_document(root) if root is not None else None, root)
        finally:
            loader.dispose()


def _repeated_keys(
    node: yaml.Node | None, steps: Steps, around: tuple[yaml.Node, ...] = ()
) -> Iterator[tuple[int, Steps]]:
    if node is None or any(node is each for each in around):  # an alias may lead back to what holds it
        return
    around = (*around, node)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            below = (*steps, str(key.value))
            if below[-1] in seen:
                yield key.start_mark.line + 1, below
            seen.add(str(key.value))
            yield from _repeated_keys(value, below, around)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated_keys(value, (*steps, index), around)
