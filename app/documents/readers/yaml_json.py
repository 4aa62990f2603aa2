"""YAML and JSON of any shape become lines: one a value, with its key before it and its depth."""

import json
from collections.abc import Iterator
from typing import Any

from app.documents.document import DocumentLine
from app.documents.list_markers import BULLET
from app.documents.readers.limits import Limits, refused

_DEEPEST = 100


class NotATreeError(Exception):
    """The text is neither YAML nor JSON; the message says where it breaks off."""


def json_tree(text: str) -> Any:
    """What a JSON text, or one with an object a line, holds. Raises `NotATreeError`."""
    try:
        return json.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise NotATreeError(str(error)) from None
    return [_json_line(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _json_line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise NotATreeError(f"line {number}: {error.msg}") from None


def yaml_tree(text: str) -> Any:
    """What a YAML text holds, every scalar as the text it is written as. Raises `NotATreeError`."""
    import yaml

    loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        documents = list(yaml.load_all(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotATreeError(f"line {mark.line + 1 if mark else 0}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise NotATreeError(str(error)) from None
    except RecursionError:
        raise _too_deep() from None
    return documents[0] if len(documents) == 1 else documents


def tree_lines(tree: Any, limits: Limits) -> Iterator[DocumentLine]:
    """The lines of a tree, not yet numbered. Entries of a list have a marker and count one deeper.

    Raises `BadInputError` for a tree that is nested too deep, or refers to its own parts without end.
    """
    return _Tree(2 * limits.lines).lines(tree)


class _Tree:
    def __init__(self, most_nodes: int) -> None:
        self._nodes_left = most_nodes

    def lines(
        self, value: Any, key: str = "", depth: int = 0, marker: str = "", level: int = 0
    ) -> Iterator[DocumentLine]:
        self._nodes_left -= 1
        if level > _DEEPEST or self._nodes_left < 0:
            raise _too_deep()
        if isinstance(value, dict):
            if key:
                yield DocumentLine(f"{key}:", 0, depth=depth, marker=marker)
                depth, marker = depth + 1, ""
            for name, inner in value.items():
                yield from self.lines(inner, str(name), depth, marker, level + 1)
                marker = ""
        elif isinstance(value, list):
            if key:
                yield DocumentLine(f"{key}:", 0, depth=depth, marker=marker)
            for inner in value:
                yield from self.lines(inner, "", depth + 1, BULLET, level + 1)
        else:
            before = f"{key}: " if key else ""
            for text in _scalar(value).strip().split("\n"):
                if text.strip():
                    yield DocumentLine(before + text.rstrip(), 0, depth=depth, marker=marker)
                    before = marker = ""


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _too_deep() -> Exception:
    return refused(
        f"The file nests more than {_DEEPEST} levels in one another, or refers to its own parts without end",
        "write its questions less deeply, without references",
    )
